// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.ResourceRequest;
import org.tepui.allocator.TaskProfile;
import org.tepui.allocator.support.HierarchicalAllocator;
import org.tepui.allocator.support.HierarchicalOptions;
import org.tepui.allocator.support.ShareNode;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.TaskId;
import org.tepui.api.resources.Resources;
import org.tepui.testkit.AllocatorFixture;
import org.tepui.testkit.VirtualContext;

/** What a round and a plan cost in a large cluster, in time of this thread, so that a busy machine does not matter. */
class PrioritySpeedTest {
    private static final int AGENTS = 10_000;
    private static final int FRAMEWORKS = 1_000;
    private static final int ROUNDS = 7;

    private static final Map<String, String> SETTINGS = Map.of(
            "classes",
            "role0:1000,role1:500,role2:100,role3:10",
            "guarantees",
            "role4=cpus:100,role5=cpus:100",
            "preemption",
            "on",
            "preemption.wait",
            "0s",
            "preemption.interval",
            "1h");

    /** A large cluster and what it offered. */
    private static final class Large {
        private final List<Allocation> offers = new ArrayList<>();
        private final VirtualContext context = new VirtualContext(1, offers::addAll);
        private final Allocator allocator;

        private Large(BiFunction<AllocatorContext, Large, Allocator> policy) {
            allocator = policy.apply(context, this);
            for (int i = 0; i < FRAMEWORKS; i++) {
                allocator.addFramework(
                        AllocatorFixture.frameworkProfile("f" + i, List.of("role" + i % 50)), true, Set.of());
            }
            for (int i = 0; i < AGENTS; i++) {
                allocator.addAgent(AllocatorFixture.agentProfile("s" + i, "cpus:24;mem:4096;disk:4096"), Map.of());
            }
        }

        /** Offers everything once, and takes it back. Returns the least time of several in milliseconds. */
        private double roundTime() {
            double least = Double.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                double start = millis();
                context.advance(Duration.ofSeconds(10));
                least = Math.min(least, millis() - start);
                assertThat(offers).hasSize(AGENTS);
                List<Allocation> made = List.copyOf(offers);
                offers.clear();
                made.forEach(one -> allocator.recoverResources(one.framework(), one.agent(), one.resources(), null));
            }
            return least;
        }
    }

    private static double millis() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e6;
    }

    private static double dominantShare(ShareNode node) {
        double dominant = 0;
        for (int resource = 0; resource < node.resources(); resource++) {
            dominant = Math.max(dominant, (double) node.allocated(resource) / Math.max(1, node.total(resource)));
        }
        return dominant / node.weight();
    }

    @Test
    void servesALargeClusterNearlyAsFastAsShares() {
        Large shares = new Large((context, large) ->
                new HierarchicalAllocator(context, HierarchicalOptions.defaults(), PrioritySpeedTest::dominantShare));
        Large priority = new Large((context, large) -> new PriorityAllocatorFactory().create(context, SETTINGS));
        double fair = shares.roundTime();
        double strict = priority.roundTime();
        fair = Math.min(fair, shares.roundTime());
        strict = Math.min(strict, priority.roundTime());

        assertThat(strict)
                .as(
                        "milliseconds for a round of %d agents and %d frameworks, and by shares alone %.1f",
                        AGENTS, FRAMEWORKS, fair)
                .isLessThan(2 * fair + 10);
    }

    @Test
    void plansALargeClusterInAFractionOfASecond() {
        Map<String, String> settings = new TreeMap<>(SETTINGS);
        settings.put("preemption", "off");
        Large large = new Large((context, self) -> new PriorityAllocatorFactory().create(context, settings));
        large.context.advance(Duration.ofSeconds(10));
        int number = 0;
        for (Allocation offer : large.offers) {
            for (int i = 0; i < 4; i++) {
                Resources part = Resources.parse("cpus:6;mem:1024;disk:1024").allocate(offer.role());
                large.allocator.addTask(new TaskProfile(
                        offer.framework(),
                        new TaskId("t" + number++),
                        offer.agent(),
                        offer.role(),
                        part,
                        i,
                        Duration.ZERO));
            }
        }
        for (int i = 0; i < FRAMEWORKS; i++) {
            String need = i % 2 == 0 ? "cpus:12;mem:100" : "cpus:100";
            large.allocator.requestResources(
                    new FrameworkId("f" + i), List.of(new ResourceRequest(null, Resources.parse(need))));
        }
        large.allocator.addFramework(AllocatorFixture.frameworkProfile("web", List.of("role0")), true, Set.of());
        large.allocator.requestResources(
                new FrameworkId("web"), List.of(new ResourceRequest(null, Resources.parse("cpus:12"))));
        large.context.advance(Duration.ofMinutes(5));
        double least = Double.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            double start = millis();
            large.allocator.planPreemptions();
            least = Math.min(least, millis() - start);
        }
        assertThat(large.offers.get(0).role()).isNotEqualTo(Role.ANY);
        assertThat(least).as("milliseconds for a plan").isLessThan(700);
    }
}
