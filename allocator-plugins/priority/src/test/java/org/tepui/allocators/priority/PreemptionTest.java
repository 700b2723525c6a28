// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tepui.allocators.priority.PreemptingCluster.names;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.AllocationDecision;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.Preemption;
import org.tepui.allocator.RefusalReason;
import org.tepui.allocator.ResourceRequest;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Resources;
import org.tepui.testkit.AllocatorFixture;

/** Which tasks are ended, when, for whom and at what price. */
class PreemptionTest {
    private final PreemptingCluster cluster = new PreemptingCluster();

    @Test
    void endsOneTaskThatMakesRoomAndGivesTheRoomToTheBeneficiary() {
        cluster.addAgent("s1", "cpus:8;mem:8192", "batch1 cpus:4;mem:4096 3600", "batch2 cpus:4;mem:4096 60");
        cluster.addWaiting("other", "batch", "cpus:4;mem:4096");
        cluster.addWaiting("web", "prod", "cpus:4;mem:1024");
        cluster.advance(9);
        assertThat(cluster.preempted()).as("it has not waited long enough").isEmpty();
        cluster.advance(2);

        List<Preemption> preempted = cluster.preempted();
        assertThat(names(preempted)).containsExactly("batch2");
        Preemption one = preempted.get(0);
        assertThat(one.beneficiary()).isEqualTo(new Role("prod"));
        assertThat(one.grace()).isEqualTo(Duration.ofSeconds(5));
        assertThat(one.reason())
                .isEqualTo("a task of role batch (class 100, priority 0, running for 70s) makes room for framework"
                        + " web in role prod (class 1000), which has waited for 10s: once this task ends,"
                        + " cpus:4;mem:1024 fits on agent s1 (s1)");
        cluster.end("batch2");
        assertThat(cluster.offers()).containsExactly("web s1 cpus:4;mem:4096");
        cluster.advance(60);
        assertThat(cluster.preempted()).as("its request is answered").isEmpty();
    }

    @Test
    void helpsAgainThoseWhoUsedTheRoomAndAskAgain() {
        AgentId agent = cluster.addAgent("s1", "cpus:8;mem:800", "batch1 cpus:4;mem:400 9", "batch2 cpus:4;mem:400 8");
        FrameworkId web = cluster.addWaiting("web", "prod", "cpus:4", "cpus:4");
        cluster.advance(11);
        assertThat(names(cluster.preempted())).containsExactly("batch2");
        cluster.end("batch2");
        Allocation offer = cluster.fixture.offer();
        cluster.advance(30);
        assertThat(cluster.preempted()).as("it has not used the first room").isEmpty();

        cluster.launch("web1", offer);
        cluster.advance(8);
        assertThat(cluster.preempted()).isEmpty();
        cluster.advance(3);
        assertThat(names(cluster.preempted())).containsExactly("batch1");
        cluster.end("batch1");
        cluster.launch("web2", cluster.fixture.offer());
        cluster.addAgent("s2", "cpus:4;mem:400", "batch3 cpus:4;mem:400 9");
        cluster.advance(60);
        assertThat(cluster.preempted()).as("both requests are answered").isEmpty();

        cluster.fixture
                .allocator()
                .requestResources(web, List.of(new ResourceRequest(null, Resources.parse("cpus:4"))));
        cluster.advance(11);
        assertThat(names(cluster.preempted())).containsExactly("batch3");
        assertThat(offer.agent()).isEqualTo(agent);
    }

    @Test
    void countsTasksThatWereLaunchedElsewhereAsAnswersToRequests() {
        cluster.addAgent("s1", "cpus:4;mem:400", "batch1 cpus:4;mem:400 9");
        cluster.addWaiting("web", "prod", "cpus:4");
        cluster.addAgent("s2", "cpus:4;mem:400");
        cluster.launch("web1", cluster.fixture.offer());
        cluster.advance(60);

        assertThat(cluster.preempted()).isEmpty();
    }

    @Test
    void doesNothingUnlessSomebodyNamesANeedThatThenFits() {
        cluster.addAgent("s1", "cpus:8;mem:8192", "batch1 cpus:4;mem:4096", "batch2 cpus:4;mem:4096");
        cluster.addAgent("s2", "cpus:8;mem:8192", "prod1 cpus:8;mem:8192");
        cluster.addWaiting("silent", "prod");
        cluster.addWaiting("large", "prod", "cpus:9");
        cluster.addWaiting("gpu", "prod", "gpus:1");
        cluster.addWaiting("ports", "prod", "cpus:1;ports:[1-2]");
        cluster.addWaiting("equal", "test", "cpus:1");
        cluster.addWaiting("lower", "scrap", "cpus:1");
        cluster.advance(120);

        assertThat(cluster.preempted()).isEmpty();
        assertThat(cluster.planned()).isEmpty();
    }

    @Test
    void doesNothingForThoseWhoCouldNotBeOfferedTheRoom() {
        cluster.addAgent("s1", "cpus:8;mem:8192;gpus:1", "batch1 cpus:8;mem:8192;gpus:1");
        cluster.addAgent("s2", "cpus(batch):8;mem(batch):8192", "batch2 cpus(batch):8;mem(batch):8192");
        cluster.addWaiting("web", "prod", "cpus:1");
        AgentId drained = cluster.addAgent("s3", "cpus:8;mem:8192", "batch3 cpus:8;mem:8192");
        cluster.fixture.setActive(drained, false);
        FrameworkId silenced = cluster.addWaiting("silenced", "prod", "cpus:1");
        cluster.fixture.suppress(silenced);
        cluster.advance(60);
        assertThat(cluster.preempted()).isEmpty();

        cluster.fixture.setActive(drained, true);
        cluster.advance(2);
        assertThat(names(cluster.preempted())).containsExactly("batch3");
    }

    @Test
    void doesNothingWhileWhatIsNeededIsFree() {
        cluster.addAgent("s1", "cpus:8;mem:8192", "batch1 cpus:8;mem:8192");
        cluster.addAgent("s2", "cpus:2;mem:1024");
        cluster.addWaiting("web", "prod", "cpus:2");
        Allocation offer = cluster.fixture.offer();
        cluster.advance(60);
        assertThat(cluster.preempted()).as("it has an offer that would do").isEmpty();

        cluster.fixture.decline(offer, PreemptingCluster.LONG);
        cluster.advance(2);
        assertThat(names(cluster.preempted())).containsExactly("batch1");
    }

    @Test
    void takesTheLowestClassThenTheLowestLabelThenTheYoungest() {
        PreemptingCluster planning = new PreemptingCluster("preemption", "off", "preemption.wait", "0s");
        planning.addAgent(
                "s1",
                "cpus:8;mem:800",
                "batch1 cpus:1;mem:100 10 5",
                "batch2 cpus:1;mem:100 900 0",
                "batch3 cpus:1;mem:100 100 0",
                "scrap1 cpus:1;mem:100 5000 9",
                "scrap2 cpus:1;mem:100 1 10",
                "prod1 cpus:1;mem:100 1",
                "batch4 cpus:1;mem:100 200 0",
                "test1 cpus:1;mem:100 150 77");
        FrameworkId web = planning.addWaiting("web", "prod");
        String[] order = {"scrap1", "scrap2", "batch3", "test1", "batch4", "batch2", "batch1"};
        for (int i = 1; i <= 8; i++) {
            List<ResourceRequest> request =
                    List.of(new ResourceRequest(null, Resources.parse("cpus:" + i + ";mem:100")));
            planning.fixture.allocator().requestResources(web, request);
            assertThat(planning.planned()).containsExactly(i == 8 ? new String[0] : Arrays.copyOf(order, i));
        }
    }

    @Test
    void sparesThoseThatAreNotNeeded() {
        cluster.addAgent(
                "s1",
                "cpus:8;mem:800",
                "batch1 cpus:1;mem:400 1",
                "batch2 cpus:1;mem:100 2",
                "batch3 cpus:6;mem:300 3");
        cluster.addWaiting("web", "prod", "cpus:6;mem:100");
        cluster.advance(11);

        assertThat(names(cluster.preempted())).containsExactly("batch3");
    }

    @Test
    void choosesTheAgentWithTheCheapestVictims() {
        cluster.addAgent("s1", "cpus:4;mem:400", "batch1 cpus:4;mem:400 1");
        cluster.addAgent("s2", "cpus:4;mem:400", "scrap1 cpus:4;mem:400 5000 1");
        cluster.addAgent("s3", "cpus:4;mem:400", "scrap2 cpus:4;mem:400 6000 0");
        cluster.addAgent("s4", "cpus:4;mem:400", "scrap3 cpus:2;mem:200 10 0", "scrap4 cpus:2;mem:200 10 0");
        cluster.addAgent("s5", "cpus:4;mem:400", "scrap5 cpus:2;mem:200 1 0", "batch2 cpus:2;mem:200 1 0");
        cluster.addWaiting("web", "prod", "cpus:4;mem:100");
        cluster.advance(11);

        assertThat(names(cluster.preempted())).containsExactly("scrap3", "scrap4");
    }

    @Test
    void prefersTheAgentThatARequestNames() {
        cluster.addAgent("s1", "cpus:4;mem:400", "scrap1 cpus:4;mem:400 1");
        AgentId named = cluster.addAgent("s2", "cpus:4;mem:400", "batch1 cpus:4;mem:400 9000");
        FrameworkId web = cluster.addWaiting("web", "prod");
        cluster.fixture
                .allocator()
                .requestResources(web, List.of(new ResourceRequest(named, Resources.parse("cpus:1"))));
        cluster.advance(11);

        assertThat(names(cluster.preempted())).containsExactly("batch1");
    }

    @Test
    void takesTheMinimumOfAFrameworkOrOfTheConfigurationForItsNeed() {
        cluster.addAgent("s1", "cpus:4;mem:400", "batch1 cpus:1;mem:100 1", "batch2 cpus:3;mem:300 100");
        FrameworkProfile plain = AllocatorFixture.frameworkProfile("web", List.of("prod"));
        FrameworkProfile choosy = new FrameworkProfile(
                plain.id(),
                "web",
                plain.roles(),
                plain.capabilities(),
                Map.of(new Role("prod"), List.of(Quantities.parse("cpus:3"))));
        cluster.fixture.addFramework(choosy, true, Set.of());
        cluster.advance(11);
        assertThat(names(cluster.preempted())).containsExactly("batch2");

        PreemptingCluster other = new PreemptingCluster("preemption.minimum", "cpus:8|cpus:1;mem:64");
        other.addAgent("s1", "cpus:4;mem:400", "batch1 cpus:1;mem:100 1", "batch2 cpus:3;mem:300 100");
        other.addWaiting("web", "prod");
        other.advance(11);
        assertThat(names(other.preempted())).containsExactly("batch1");
    }

    @Test
    void helpsTheHighestClassFirstAndEachOnce() {
        cluster.addAgent("s1", "cpus:4;mem:400", "scrap1 cpus:4;mem:400 1");
        cluster.addAgent("s2", "cpus:4;mem:400", "scrap2 cpus:4;mem:400 2");
        cluster.addWaiting("jobs", "batch", "cpus:4");
        cluster.advance(1);
        cluster.addWaiting("web", "prod", "cpus:4", "cpus:3");
        cluster.advance(9);
        assertThat(names(cluster.preempted())).as("only one waits long enough").containsExactly("scrap1");

        cluster.advance(3);
        assertThat(cluster.preempted())
                .extracting(one -> one.task() + " for " + one.beneficiary())
                .containsExactly("scrap2 for prod");
        assertThat(cluster.planned()).isEmpty();
    }

    @Test
    void keepsTheAgentForTheBeneficiaryUntilAllHaveEnded() {
        AgentId agent = cluster.addAgent("s1", "cpus:4;mem:400", "batch1 cpus:2;mem:200 1", "batch2 cpus:2;mem:200 2");
        FrameworkId jobs = cluster.addWaiting("jobs", "batch", "cpus:1");
        cluster.addWaiting("idle", "prod");
        cluster.addWaiting("web", "prod", "cpus:4");
        cluster.advance(11);
        assertThat(names(cluster.preempted())).containsExactly("batch1", "batch2");

        cluster.end("batch1");
        cluster.advance(3);
        assertThat(cluster.offers())
                .as("too little for the one, not meant for the other")
                .isEmpty();
        AllocationDecision decision = cluster.fixture.allocator().explain(jobs, new Role("batch"));
        assertThat(decision.refusals()).isEqualTo(Map.of(RefusalReason.KEPT, 1));

        cluster.end("batch2");
        List<Allocation> offers = cluster.fixture.offers();
        assertThat(offers).hasSize(1);
        assertThat(offers.get(0).framework().value()).isEqualTo("web");
        cluster.fixture.accept(offers.get(0), "cpus:4", PreemptingCluster.LONG);
        cluster.advance(2);
        assertThat(cluster.offers()).as("what it leaves goes to all").containsExactly("idle s1 mem:400");
        assertThat(cluster.fixture.free(agent).isEmpty()).isTrue();
    }

    @Test
    void doesNotCountOnATaskThatDoesNotEnd() {
        cluster.addAgent("s1", "cpus:4;mem:400", "scrap1 cpus:4;mem:400 1");
        cluster.addAgent("s2", "cpus:4;mem:400", "scrap2 cpus:2;mem:200 5");
        cluster.addAgent("s3", "cpus:4;mem:400", "batch1 cpus:4;mem:400 5");
        cluster.addWaiting("jobs", "test");
        cluster.fixture.offers().forEach(offer -> cluster.fixture.decline(offer, PreemptingCluster.LONG));
        cluster.addWaiting("web", "prod", "cpus:4");
        cluster.fixture.offers().forEach(offer -> cluster.fixture.decline(offer, PreemptingCluster.LONG));
        cluster.advance(12);
        assertThat(names(cluster.preempted())).containsExactly("scrap1");
        cluster.advance(13);
        assertThat(cluster.preempted())
                .as("its grace and the margin are not over")
                .isEmpty();

        cluster.advance(4);
        assertThat(names(cluster.preempted())).as("room is made elsewhere").containsExactly("scrap2");
        assertThat(cluster.fixture.context().metrics().snapshot())
                .containsEntry("allocator/priority/preemptions_given_up", 1.0)
                .containsEntry("allocator/priority/preemptions_asked", 2.0);
        cluster.advance(20);
        assertThat(names(cluster.preempted())).containsExactly("batch1");
        cluster.advance(60);
        assertThat(cluster.preempted()).as("none is asked twice so soon").isEmpty();
        cluster.advance(600);
        assertThat(names(cluster.preempted())).contains("scrap1");
    }

    @Test
    void keepsToTheBudgetOfARoleAndMinute() {
        PreemptingCluster bounded = new PreemptingCluster("preemption.budget", "2");
        for (int i = 0; i < 6; i++) {
            bounded.addAgent("s" + i, "cpus:1;mem:100", "scrap" + i + " cpus:1;mem:100 " + (i + 1));
            bounded.addWaiting("web" + i, "prod", "cpus:1");
        }
        bounded.addAgent("s9", "cpus:1;mem:100", "batch9 cpus:1;mem:100 1");
        bounded.addAgent("s10", "cpus:2;mem:100", "test1 cpus:1;mem:50 1", "test2 cpus:1;mem:50 1");
        bounded.advance(11);
        List<String> first = names(bounded.preempted());
        assertThat(first).containsExactly("scrap0", "scrap1", "batch9", "test1");
        first.forEach(bounded::end);
        bounded.fixture.offers();
        bounded.advance(40);
        assertThat(names(bounded.preempted())).containsExactly("test2");
        bounded.advance(15);
        assertThat(bounded.preempted()).isEmpty();
        bounded.advance(6);
        assertThat(names(bounded.preempted())).containsExactly("scrap2", "scrap3");
        bounded.advance(6);
        assertThat(bounded.preempted()).isEmpty();
    }

    @Test
    void countsTasksThatRunOnForTheBudget() {
        PreemptingCluster bounded = new PreemptingCluster("preemption.budget", "1");
        bounded.addAgent("s1", "cpus:1;mem:100", "scrap1 cpus:1;mem:100 1");
        bounded.addAgent("s2", "cpus:1;mem:100", "scrap2 cpus:1;mem:100 2");
        bounded.addWaiting("web", "prod", "cpus:1");
        bounded.advance(11);
        assertThat(names(bounded.preempted())).containsExactly("scrap1");
        bounded.advance(400);
        assertThat(bounded.preempted()).isEmpty();
        bounded.end("scrap1");
        bounded.fixture.offers().forEach(offer -> bounded.fixture.decline(offer, PreemptingCluster.LONG));
        bounded.advance(20);
        assertThat(names(bounded.preempted())).containsExactly("scrap2");
    }

    @Test
    void leavesRolesTheirGuarantees() {
        PreemptingCluster guarded = new PreemptingCluster("guarantees", "batch=cpus:3");
        guarded.addAgent(
                "s1",
                "cpus:8;mem:800",
                "batch1 cpus:2;mem:200 1",
                "batch2 cpus:2;mem:200 2",
                "batch3 cpus:1;mem:100 3",
                "test1 cpus:3;mem:300 4");
        FrameworkId web = guarded.addWaiting("web", "prod", "cpus:4");
        guarded.advance(11);
        assertThat(names(guarded.preempted())).containsExactly("batch1", "test1");
        assertThat(guarded.fixture.heldBy(web).isEmpty()).isTrue();
    }

    @Test
    void leavesRolesTheirQuotas() {
        cluster.fixture.updateQuotas(Quotas.none()
                .with(Map.of(
                        new Role("batch"), AllocatorFixture.quota("cpus:2", ""),
                        new Role("batch/a"), AllocatorFixture.quota("cpus:1", ""))));
        cluster.addAgent(
                "s1",
                "cpus:4;mem:400",
                "batch/a1 cpus:1;mem:100 1",
                "batch/a2 cpus:1;mem:100 2",
                "batch/b1 cpus:1;mem:100 3",
                "batch/b2 cpus:1;mem:100 4");
        FrameworkId web = cluster.addWaiting("web", "prod", "cpus:3");
        cluster.advance(11);
        assertThat(cluster.planned()).isEmpty();

        cluster.fixture
                .allocator()
                .requestResources(web, List.of(new ResourceRequest(null, Resources.parse("cpus:2"))));
        cluster.advance(11);
        assertThat(names(cluster.preempted())).containsExactly("batch-a1", "batch-b1");
    }

    @Test
    void doesNothingBeyondTheLimitOfTheBeneficiary() {
        cluster.fixture.updateQuotas(
                Quotas.none().with(Map.of(new Role("prod"), AllocatorFixture.quota("", "cpus:3"))));
        cluster.addAgent("s1", "cpus:4;mem:400", "batch1 cpus:4;mem:400 1");
        FrameworkId web = cluster.addWaiting("web", "prod", "cpus:4");
        cluster.advance(60);
        assertThat(cluster.preempted()).isEmpty();

        cluster.fixture
                .allocator()
                .requestResources(web, List.of(new ResourceRequest(null, Resources.parse("cpus:3"))));
        cluster.advance(11);
        assertThat(names(cluster.preempted())).containsExactly("batch1");
    }

    @Test
    void planInADryRunWhatWouldBeDoneAndChangesNothing() {
        String[] tasks = {"batch1 cpus:2;mem:200 1", "scrap2 cpus:1;mem:100 2", "test3 cpus:1;mem:100 3"};
        PreemptingCluster dry = new PreemptingCluster("preemption", "dry-run");
        PreemptingCluster off = new PreemptingCluster("preemption", "off");
        for (PreemptingCluster each : List.of(cluster, dry, off)) {
            each.addAgent("s1", "cpus:4;mem:400", tasks);
            each.addAgent("s2", "cpus:1;mem:100", "scrap9 cpus:1;mem:100 2");
            each.addWaiting("web", "prod", "cpus:3");
            each.addWaiting("jobs", "batch", "cpus:1");
            each.fixture.advance(Duration.ofMillis(9_500));
            assertThat(each.planned()).isEmpty();
            each.fixture.advance(Duration.ofMillis(499));
        }
        List<Preemption> before = dry.fixture.allocator().planPreemptions();
        assertThat(before).isEmpty();
        for (PreemptingCluster each : List.of(cluster, dry, off)) {
            each.fixture.advance(Duration.ofMillis(1));
        }
        List<Preemption> done = cluster.preempted();
        assertThat(names(done)).containsExactly("scrap2", "batch1", "scrap9");
        assertThat(dry.fixture.allocator().planPreemptions()).isEqualTo(done);
        assertThat(dry.fixture.allocator().planPreemptions()).as("again").isEqualTo(done);
        assertThat(off.fixture.allocator().planPreemptions()).isEqualTo(done);

        dry.advance(120);
        assertThat(dry.preempted()).isEmpty();
        assertThat(dry.planned()).isEqualTo(names(done));
        assertThat(dry.fixture.context().metrics().snapshot())
                .containsEntry("allocator/priority/preemptions_planned", 3.0)
                .containsEntry("allocator/priority/preemptions_asked", 0.0);
        assertThat(off.fixture.context().waiting())
                .as("nothing is planned while it is off")
                .isZero();
    }

    @Test
    void forgetsTheRoomWhenTheBeneficiaryOrTheAgentIsGone() {
        AgentId agent = cluster.addAgent("s1", "cpus:2;mem:200", "batch1 cpus:2;mem:200 1");
        FrameworkId web = cluster.addWaiting("web", "prod", "cpus:2");
        cluster.advance(11);
        assertThat(names(cluster.preempted())).containsExactly("batch1");
        cluster.fixture.removeFramework(web);
        cluster.addWaiting("jobs", "batch", "cpus:2");
        cluster.end("batch1");
        cluster.advance(2);
        assertThat(cluster.offers()).containsExactly("jobs s1 cpus:2;mem:200");

        cluster.fixture.removeAgent(agent);
        cluster.advance(120);
        assertThat(cluster.preempted()).isEmpty();
    }
}
