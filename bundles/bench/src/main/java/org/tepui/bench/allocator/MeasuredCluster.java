// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.allocator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quotas;
import org.tepui.api.resources.Resources;

/**
 * One allocator and the cluster it is told of. What it is told is made in advance, so that nothing but the allocator
 * is measured.
 */
final class MeasuredCluster implements AutoCloseable {
    /** How much time a cycle is given: what may be offered is offered within it. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private final BenchContext context;
    private final Allocator allocator;
    private final Quotas quotas;
    private final List<FrameworkProfile> frameworks = new ArrayList<>();
    private final List<AgentProfile> agents = new ArrayList<>();
    private final List<Map<FrameworkId, Resources>> used = new ArrayList<>();

    /** Makes an allocator with the defaults of its policy, which knows nothing yet. */
    MeasuredCluster(AllocatorFactory factory, ClusterShape shape) {
        context = new BenchContext(shape.agents());
        quotas = shape.quotas();
        allocator = factory.create(context, Map.of());
        for (int i = 0; i < shape.frameworks(); i++) {
            frameworks.add(shape.framework(i));
        }
        for (int i = 0; i < shape.agents(); i++) {
            agents.add(shape.agent(i, ClusterShape.TOTAL));
            used.add(shape.used(i));
        }
    }

    /**
     * Some resources of an agent that come back.
     *
     * @param refusal null if a task ended, otherwise for how long they were declined
     */
    record Return(
            Allocation from, Resources resources, @Nullable Duration refusal) {}

    Allocator allocator() {
        return allocator;
    }

    int agents() {
        return agents.size();
    }

    void addFrameworks() {
        for (FrameworkProfile framework : frameworks) {
            allocator.addFramework(framework, true, Set.of());
        }
    }

    void addAgents() {
        for (int i = 0; i < agents.size(); i++) {
            allocator.addAgent(agents.get(i), used.get(i));
        }
    }

    /** Says that every agent has another total than before. */
    void updateAgents(Resources total) {
        for (AgentProfile agent : agents) {
            allocator.updateAgent(agent.withTotal(total));
        }
    }

    /** Gives every role a quota. */
    void setQuotas() {
        allocator.updateQuotas(quotas);
    }

    void suppressAll() {
        frameworks.forEach(framework -> allocator.suppressOffers(framework.id(), Set.of()));
    }

    void reviveAll() {
        frameworks.forEach(framework -> allocator.reviveOffers(framework.id(), Set.of()));
    }

    /** Suppresses some frameworks, from the first on. */
    void suppress(int from, int to) {
        frameworks.subList(from, to).forEach(framework -> allocator.suppressOffers(framework.id(), Set.of()));
    }

    /** Has every agent as it was in the beginning: what was offered or given to tasks since then is free. */
    void freeAll() {
        addAgents();
    }

    /** Lets an interval pass, in which the allocator offers what it can. */
    void cycle() {
        context.advance(INTERVAL);
    }

    /** What was offered since the last call. */
    List<Allocation> takeOffers() {
        return context.takeOffers();
    }

    /** Every offer as a whole, declined. */
    static List<Return> declines(List<Allocation> offers, Duration refusal) {
        return offers.stream()
                .map(offer -> new Return(offer, offer.resources(), refusal))
                .toList();
    }

    /** What is left of every offer when it is used for one task: not wanted until the next round. */
    static List<Return> rests(List<Allocation> offers) {
        return offers.stream()
                .map(offer -> new Return(offer, offer.resources().subtract(task(offer)), Duration.ZERO))
                .toList();
    }

    /** The end of the task that each offer was used for. */
    static List<Return> ends(List<Allocation> offers) {
        return offers.stream()
                .map(offer -> new Return(offer, task(offer), null))
                .toList();
    }

    private static Resources task(Allocation offer) {
        return ClusterShape.TASK.allocate(offer.role());
    }

    /** Tells the allocator what comes back, one event each. */
    void giveBack(List<Return> returns) {
        for (Return one : returns) {
            giveBack(one);
        }
    }

    void giveBack(Return one) {
        Allocation from = one.from();
        allocator.recoverResources(from.framework(), from.agent(), one.resources(), one.refusal());
    }

    @Override
    public void close() {
        allocator.close();
    }
}
