// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Allocation;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.resources.Resources;
import org.tepui.testkit.AllocatorFixture;

/** Who is served before whom: by classes, guarantees, aging and, among equals, shares. */
class PriorityOrderTest {
    private static final String AGENT = "cpus:2;mem:1024";

    private static AllocatorFixture cluster(String... settings) {
        Map<String, String> configuration = new HashMap<>(Map.of("classes", "prod:1000,batch:100"));
        for (int i = 0; i < settings.length; i += 2) {
            configuration.put(settings[i], settings[i + 1]);
        }
        return new AllocatorFixture(new PriorityAllocatorFactory(), configuration, 1);
    }

    /** Adds agents and counts who is offered them. */
    private static Map<String, Integer> fill(AllocatorFixture cluster, int agents) {
        Map<String, Integer> offered = new HashMap<>();
        int first = cluster.agents().size();
        for (int i = 0; i < agents; i++) {
            cluster.addAgent("s" + (first + i), AGENT);
            offered.merge(cluster.offer().framework().value(), 1, Integer::sum);
        }
        return offered;
    }

    @Test
    void servesTheHighestClassAloneWhileItWants() {
        AllocatorFixture cluster = cluster();
        cluster.addFramework("other", "other");
        cluster.addFramework("batch", "batch");
        FrameworkId prod = cluster.addFramework("prod", "prod");
        assertThat(fill(cluster, 10)).isEqualTo(Map.of("prod", 10));

        cluster.suppress(prod);
        assertThat(fill(cluster, 5)).isEqualTo(Map.of("batch", 5));
        cluster.suppress(new FrameworkId("batch"));
        assertThat(fill(cluster, 1)).isEqualTo(Map.of("other", 1));
    }

    @Test
    void divergesFromClassesForNoWeight() {
        AllocatorFixture cluster = cluster();
        cluster.updateWeights(Weights.none().with(Map.of(new Role("batch"), 1e9, new Role("prod"), 1e-6)));
        cluster.addFramework("batch", "batch");
        cluster.addFramework("prod", "prod");

        assertThat(fill(cluster, 5)).isEqualTo(Map.of("prod", 5));
    }

    @Test
    void offersTheNextClassWhatAHigherOneDeclined() {
        AllocatorFixture cluster = cluster();
        cluster.addFramework("batch", "batch");
        cluster.addFramework("prod", "prod");
        cluster.addAgent("s1", AGENT);
        Allocation offer = cluster.offer();
        assertThat(offer.framework().value()).isEqualTo("prod");
        cluster.decline(offer, Duration.ofHours(1));

        assertThat(cluster.offer().framework().value()).isEqualTo("batch");
    }

    @Test
    void dividesByWeightedSharesWithinAClass() {
        AllocatorFixture cluster = cluster("classes", "a:5,b:5,c:1");
        cluster.updateWeights(Weights.none().with(Map.of(new Role("b"), 2.0)));
        cluster.addFramework("c", "c");
        cluster.addFramework("a", "a");
        cluster.addFramework("b", "b");

        assertThat(fill(cluster, 12)).isEqualTo(Map.of("a", 4, "b", 8));
    }

    @Test
    void ordersChildrenWithinTheTurnOfTheirParent() {
        AllocatorFixture cluster = cluster("classes", "a:10,a/low:1,a/high:500,b:100");
        FrameworkId own = cluster.addFramework("own", "a");
        FrameworkId low = cluster.addFramework("low", "a/low");
        FrameworkId high = cluster.addFramework("high", "a/high/x");
        FrameworkId other = cluster.addFramework("other", "b");
        assertThat(fill(cluster, 3)).isEqualTo(Map.of("other", 3));
        cluster.suppress(other);
        assertThat(fill(cluster, 3)).isEqualTo(Map.of("high", 3));
        cluster.suppress(high);
        assertThat(fill(cluster, 3)).isEqualTo(Map.of("own", 3));
        cluster.suppress(own);
        assertThat(fill(cluster, 3)).isEqualTo(Map.of("low", 3));
        assertThat(low).isNotNull();
    }

    /** Three classes, of which batch has the second: two intervals until it is overdue. */
    @Test
    void servesTheLowestClassInBoundedTime() {
        AllocatorFixture cluster = cluster("aging.interval", "1min");
        AgentId agent = cluster.addAgent("s1", AGENT);
        cluster.addFramework("prod", "prod");
        Allocation held = cluster.offer();
        cluster.addFramework("batch", "batch");
        cluster.addFramework("other", "other");
        Map<String, Duration> firstServed = new HashMap<>();
        Map<String, Integer> offers = new HashMap<>();
        Duration time = Duration.ZERO;
        Duration step = Duration.ofSeconds(5);
        while (time.compareTo(Duration.ofMinutes(30)) < 0) {
            cluster.finish(held.framework(), agent, held.resources());
            held = cluster.offer();
            offers.merge(held.framework().value(), 1, Integer::sum);
            firstServed.putIfAbsent(held.framework().value(), time);
            cluster.advance(step);
            time = time.plus(step).plusMillis(20);
        }
        Duration slack = Duration.ofSeconds(20);
        assertThat(firstServed.get("batch"))
                .isBetween(Duration.ofMinutes(1), Duration.ofMinutes(2).plus(slack));
        assertThat(firstServed.get("other"))
                .isBetween(Duration.ofMinutes(2), Duration.ofMinutes(3).plus(slack));
        assertThat(offers.get("batch")).isBetween(13, 30);
        assertThat(offers.get("other")).isBetween(8, 14);
        assertThat(offers.get("prod")).as("the highest class keeps nearly all").isGreaterThan(300);
    }

    @Test
    void servesEverybodyEvenIfAllAreOverdue() {
        AllocatorFixture cluster = cluster("aging.interval", "1s");
        AgentId agent = cluster.addAgent("s1", AGENT);
        for (int i = 0; i < 10; i++) {
            cluster.addFramework("prod" + i, "prod" + i % 3);
            cluster.addFramework("batch" + i, "batch/" + i);
        }
        Map<String, Integer> offers = new HashMap<>();
        Allocation held = cluster.offer();
        for (int i = 0; i < 200; i++) {
            cluster.advance(Duration.ofSeconds(10));
            cluster.finish(held.framework(), agent, held.resources());
            held = cluster.offer();
            offers.merge(held.framework().value(), 1, Integer::sum);
        }
        assertThat(offers).hasSize(20);
    }

    @Test
    void servesThoseBelowTheirGuaranteeFirst() {
        AllocatorFixture cluster = cluster("guarantees", "batch=cpus:6;gpus:1,other=cpus:2");
        cluster.addFramework("prod", "prod");
        cluster.addFramework("other", "other");
        FrameworkId batch = cluster.addFramework("batch", "batch");
        assertThat(fill(cluster, 4)).isEqualTo(Map.of("batch", 3, "other", 1));
        assertThat(fill(cluster, 4)).isEqualTo(Map.of("prod", 4));

        // what it loses it gets again
        AgentId lost = cluster.agents().stream()
                .filter(agent -> cluster.held(agent).containsKey(batch))
                .findFirst()
                .orElseThrow();
        cluster.finish(batch, lost, Resources.parse(AGENT).allocate(new Role("batch")));
        assertThat(cluster.offer().framework()).isEqualTo(batch);
        assertThat(cluster.heldBy(batch).thousandths("cpus")).isEqualTo(6_000);
    }

    @Test
    void comparesRolesWhereTheirPathsPart() {
        PriorityClasses classes = new PriorityClasses(
                Map.of(new Role("a"), 10, new Role("a/low"), 1, new Role("a/high"), 500, new Role("b"), 100));

        assertThat(classes.outranks(new Role("b"), new Role("a/high"))).isTrue();
        assertThat(classes.outranks(new Role("a/high"), new Role("b"))).isFalse();
        assertThat(classes.outranks(new Role("a/high/x"), new Role("a"))).isTrue();
        assertThat(classes.outranks(new Role("a"), new Role("a/low"))).isTrue();
        assertThat(classes.outranks(new Role("a"), new Role("a/x"))).isFalse();
        assertThat(classes.outranks(new Role("a"), new Role("a"))).isFalse();
        assertThat(classes.outranks(new Role("a"), new Role("c"))).isTrue();
        assertThat(classes.level(new Role("a/high/x"))).isEqualTo(4);
        assertThat(PriorityClasses.compare(List.of(10), List.of(10, 500))).isNegative();
        assertThat(PriorityClasses.compare(List.of(10), List.of(10, 1))).isPositive();
        assertThat(PriorityClasses.compare(List.of(10), List.of(10, 10))).isZero();
    }
}
