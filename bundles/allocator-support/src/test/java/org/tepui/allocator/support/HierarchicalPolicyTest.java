// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.PolicyState;
import org.tepui.allocator.RefusalReason;
import org.tepui.allocator.ResourceRequest;
import org.tepui.allocator.TaskProfile;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.TaskId;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Resources;
import org.tepui.testkit.AllocatorFixture;

/** What a policy that does more than put in order is shown and told. */
class HierarchicalPolicyTest {
    private static final Role A = new Role("a");

    /** Ranks by usage over time, which it adds up itself, in CPU seconds. */
    private static final class UsageOverTime implements HierarchicalPolicy, AllocatorFactory {
        private final Map<String, Long> usage = new HashMap<>();
        private final Map<String, Long> since = new HashMap<>();
        private final List<String> removed = new ArrayList<>();
        private @Nullable AllocatorContext context;
        private @Nullable ClusterView cluster;
        private @Nullable AgentId kept;
        private int rounds;

        @Override
        public String name() {
            return "usage";
        }

        @Override
        public Allocator create(AllocatorContext given, Map<String, String> configuration) {
            context = given;
            return new HierarchicalAllocator(given, HierarchicalOptions.defaults(), this);
        }

        private long seconds() {
            return Objects.requireNonNull(context).nanoTime() / 1_000_000_000;
        }

        @Override
        public void begin(ClusterView shown) {
            cluster = shown;
        }

        @Override
        public boolean admits(ClientView client, AgentView agent) {
            return !agent.profile().id().equals(kept)
                    || client.frameworkId().value().equals("f2");
        }

        @Override
        public void roundEnded() {
            rounds++;
        }

        @Override
        public void removed(ShareNode node) {
            removed.add(node.path());
        }

        @Override
        public Duration rerankInterval() {
            return Duration.ofSeconds(10);
        }

        @Override
        public void beforeChange(ShareNode node) {
            usage.put(node.path(), usageOf(node));
            since.put(node.path(), seconds());
        }

        private long usageOf(ShareNode node) {
            long cpus = node.resources() == 0 ? 0 : node.allocated(0) / 1000;
            long time = seconds() - since.getOrDefault(node.path(), 0L);
            return usage.getOrDefault(node.path(), 0L) + cpus * time;
        }

        @Override
        public double rank(ShareNode node) {
            return usageOf(node);
        }

        ClusterView cluster() {
            return Objects.requireNonNull(cluster);
        }
    }

    private final UsageOverTime policy = new UsageOverTime();
    private final AllocatorFixture cluster = new AllocatorFixture(policy, Map.of(), 1);

    @Test
    void canRankByUsageOverTime() {
        AgentId agent = cluster.addAgent("s1", "cpus:4;mem:4096");
        FrameworkId first = cluster.addFramework("f1", "a");
        Resources used = cluster.accept(cluster.offer(), "cpus:4;mem:4096", Duration.ZERO);
        cluster.addFramework("f2", "b");
        cluster.advance(Duration.ofSeconds(60));
        cluster.finish(first, agent, used);

        Allocation offer = cluster.offer();
        assertThat(offer.framework().value()).isEqualTo("f2");
        assertThat(policy.usage).containsEntry("a", 240L).containsEntry("a/./f1", 240L);

        // b has less behind it, even while a has nothing, until both had the same
        cluster.advance(Duration.ofSeconds(30));
        cluster.finish(offer.framework(), agent, offer.resources());
        offer = cluster.offer();
        assertThat(offer.framework().value()).isEqualTo("f2");
        cluster.advance(Duration.ofSeconds(40));
        cluster.finish(offer.framework(), agent, offer.resources());
        assertThat(cluster.offer().framework().value()).isEqualTo("f1");
        assertThat(policy.rounds).isGreaterThanOrEqualTo(4);
    }

    @Test
    void ranksAnewWhenTheIntervalIsOver() {
        AgentId held = cluster.addAgent("s1", "cpus:4;mem:4096");
        cluster.addFramework("f1", "a");
        FrameworkId second = cluster.addFramework("f2", "b");
        cluster.addAgent("s2", "cpus:1;mem:1024");
        List<Allocation> offers = cluster.offers();
        assertThat(offers).hasSize(2);
        cluster.advance(Duration.ofSeconds(20));

        // nothing changed for the one with the large agent, but time passed
        String large = offers.stream()
                .filter(offer -> offer.agent().equals(held))
                .map(offer -> offer.framework().value())
                .findFirst()
                .orElseThrow();
        cluster.addAgent("s3", "cpus:1;mem:1024");
        assertThat(cluster.offer().framework().value()).isNotEqualTo(large);
        assertThat(policy.cluster().client(second, new Role("b"))).isNotNull();
    }

    @Test
    void seesTasksAndWhatIsFreeBesideThem() {
        AgentId agent = cluster.addAgent("s1", "cpus:4;mem:4096");
        FrameworkId framework = cluster.addFramework("f1", "a");
        Resources used = cluster.accept(cluster.offer(), "cpus:3;mem:1024", Duration.ofHours(1));
        cluster.advance(Duration.ofSeconds(30));
        cluster.allocator()
                .addTask(new TaskProfile(framework, new TaskId("t1"), agent, A, used, 7, Duration.ofSeconds(20)));
        cluster.allocator()
                .addTask(new TaskProfile(framework, new TaskId("t2"), new AgentId("x"), A, used, 0, Duration.ZERO));

        AgentView view = Objects.requireNonNull(policy.cluster().agent(agent));
        assertThat(view.free()).isEqualTo(Resources.parse("cpus:1;mem:3072"));
        assertThat(view.isActive()).isTrue();
        assertThat(view.tasks()).hasSize(1);
        RunningTask task = view.tasks().get(0);
        assertThat(task.profile().priority()).isEqualTo(7);
        cluster.advance(Duration.ofSeconds(5));
        assertThat(task.age(cluster.context().nanoTime())).isEqualTo(Duration.ofSeconds(25));

        ClientView client = Objects.requireNonNull(policy.cluster().client(framework, A));
        assertThat(client.usable(view, view.free())).as("declined").isEqualTo(Resources.empty());
        assertThat(client.usable(view, view.free().add(used.unallocate())))
                .isEqualTo(Resources.parse("cpus:4;mem:4096"));
        cluster.allocator().removeTask(framework, agent, new TaskId("t1"));
        assertThat(view.tasks()).isEmpty();
    }

    @Test
    void mayKeepAnAgentForSomebody() {
        AgentId agent = new AgentId("s1");
        policy.kept = agent;
        cluster.addAgent("s1", "cpus:4;mem:4096");
        FrameworkId framework = cluster.addFramework("f1", "a");
        assertThat(cluster.offers()).isEmpty();
        assertThat(cluster.allocator().explain(framework, A).refusals()).containsOnlyKeys(RefusalReason.KEPT);

        cluster.addFramework("f2", "a");
        Allocation offer = cluster.offer();
        assertThat(offer.framework().value()).isEqualTo("f2");
        cluster.decline(offer, Duration.ofHours(1));
        assertThat(cluster.offers()).isEmpty();

        policy.kept = null;
        policy.cluster().lookAgain(agent);
        policy.cluster().lookAgain(new AgentId("nowhere"));
        assertThat(cluster.offer().framework()).isEqualTo(framework);
    }

    @Test
    void seesWhatAnAgentLacksAndAFrameworkAsksFor() {
        FrameworkProfile plain = AllocatorFixture.frameworkProfile("f1", List.of("a"));
        Resources used = Resources.parse("cpus:3").allocate(A);
        AgentId agent = cluster.addAgent(
                AllocatorFixture.agentProfile("s1", "cpus:2;mem:1024"), Map.of(new FrameworkId("f9"), used));
        assertThat(Objects.requireNonNull(policy.cluster().agent(agent)).isOvercommitted())
                .isTrue();
        cluster.addFramework(plain, true, Set.of());
        assertThat(Objects.requireNonNull(policy.cluster().client(plain.id(), A))
                        .minimum())
                .isNull();

        List<Quantities> minimum = List.of(Quantities.parse("cpus:2"));
        FrameworkProfile choosy =
                new FrameworkProfile(plain.id(), plain.name(), plain.roles(), plain.capabilities(), Map.of(A, minimum));
        cluster.updateFramework(choosy, Set.of());
        assertThat(Objects.requireNonNull(policy.cluster().client(plain.id(), A))
                        .minimum())
                .isEqualTo(minimum);
    }

    @Test
    void seesWhatQuotasLeaveOnceTasksHaveEnded() {
        Role b = new Role("b");
        cluster.updateQuotas(Quotas.none()
                .with(Map.of(
                        b,
                        AllocatorFixture.quota("cpus:1", "cpus:3"),
                        new Role("c"),
                        AllocatorFixture.quota("cpus:1", ""))));
        AgentId agent = cluster.addAgent("s1", "cpus:4;mem:1024");
        FrameworkId holder = cluster.addFramework("f1", "a");
        Resources used = Resources.parse("cpus:2").allocate(A);
        cluster.accept(cluster.offer(), "cpus:2", Duration.ofHours(1));
        cluster.allocator().addTask(new TaskProfile(holder, new TaskId("t1"), agent, A, used, 0, Duration.ZERO));
        FrameworkId framework = cluster.addFramework("f2", "b");
        cluster.suppress(framework);
        AgentView view = Objects.requireNonNull(policy.cluster().agent(agent));
        ClientView client = Objects.requireNonNull(policy.cluster().client(framework, b));
        Resources all = Resources.parse("cpus:4;mem:1024");

        assertThat(policy.cluster().admitted(client, all, List.of())).isEqualTo(Resources.parse("cpus:1;mem:1024"));
        assertThat(policy.cluster().admitted(client, all, view.tasks())).isEqualTo(Resources.parse("cpus:3;mem:1024"));
        assertThat(policy.cluster().admitted(client, all, List.of())).isEqualTo(Resources.parse("cpus:1;mem:1024"));
    }

    @Test
    void seesWhoIsThereAndWhatTheyAskFor() {
        FrameworkId framework = cluster.addFramework("f1", "a", "b/c");
        ResourceRequest request = new ResourceRequest(null, Resources.parse("cpus:32"));
        cluster.advance(Duration.ofSeconds(3));
        cluster.allocator().requestResources(framework, List.of(request));
        cluster.suppress(framework, "a");

        assertThat(policy.cluster().clients())
                .extracting(client -> client.role().name() + " " + client.isServed())
                .containsExactly("a false", "b/c true");
        assertThat(policy.cluster().clients())
                .allMatch(client -> client.requests().equals(List.of(request)))
                .allMatch(
                        client -> client.requestedAt() == Duration.ofSeconds(3).toNanos());
        ShareNode above = Objects.requireNonNull(policy.cluster().role(new Role("b")));
        assertThat(above.isServed()).isTrue();
        assertThat(above.isRole()).isTrue();
        ClientView client = Objects.requireNonNull(policy.cluster().client(framework, new Role("b/c")));
        ShareNode group = Objects.requireNonNull(client.parent());
        assertThat(group.isRole()).isFalse();
        assertThat(group.isFramework()).isFalse();
        assertThat(group.role()).isEqualTo(new Role("b/c"));
        ShareNode role = Objects.requireNonNull(group.parent());
        role.attach("kept");
        assertThat(Objects.requireNonNull(policy.cluster().role(new Role("b/c")))
                        .attachment())
                .isEqualTo("kept");

        cluster.removeFramework(framework);
        assertThat(policy.removed).contains("b/c/./f1", "b/c/.", "b/c", "b", "a");
        assertThat(policy.cluster().clients()).isEmpty();
    }

    @Test
    void keepsNothingUnlessThePolicyDoes() {
        assertThat(cluster.allocator().saveState()).isNull();
        assertThat(cluster.allocator().planPreemptions()).isEmpty();
        assertThatThrownBy(() -> cluster.allocator().restoreState(new PolicyState(1, new byte[0])))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
