// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.Preemption;
import org.tepui.allocator.ResourceRequest;
import org.tepui.allocator.TaskProfile;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.api.resources.Resources;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Randomness;
import org.tepui.runtime.Timer;

/**
 * Where the allocation policy sits. The master tells it what happens; the policy, on a loop of its own, answers with
 * allocations. Used on the master's loop.
 *
 * <p>Calls are collected and handed over at the end of a burst of events. A policy that throws, or gives out what is
 * not there, is closed, and after a while a new one of the same factory is told everything anew. Without a policy
 * nothing is offered, and everything else goes on.
 */
final class AllocatorSlot {
    private static final Logger log = LoggerFactory.getLogger(AllocatorSlot.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** What the slot wants of the master. Called on the master's loop. */
    interface Client {
        /** The policy wants these to be offered. What cannot be goes back by {@link AllocatorSlot#refused}. */
        void offer(List<Allocation> allocations);

        /** The policy wants these offers back. */
        void rescind(FrameworkId framework, Role role, AgentId agent);

        /** The policy wants these tasks to end. */
        void preempt(List<Preemption> tasks);

        /** A new policy knows nothing yet: every framework and agent is to be added. */
        void tellEverything();
    }

    private final EventLoop masterLoop;
    private final EventLoop policyLoop;
    private final Randomness randomness;
    private final MetricRegistry metrics;
    private final MasterFigures figures;
    private final Map<AgentId, Long> lives = new HashMap<>();

    private @Nullable Client client;
    private @Nullable AllocatorFactory factory;
    private Map<String, String> configuration = Map.of();
    private @Nullable PolicyLink policy;
    private List<Consumer<Allocator>> waiting = new ArrayList<>();
    private @Nullable Timer restart;
    private Duration pause = FIRST_PAUSE;
    private long nextLife;

    AllocatorSlot(
            EventLoop masterLoop,
            EventLoop policyLoop,
            Randomness randomness,
            MetricRegistry metrics,
            MasterFigures figures) {
        this.masterLoop = masterLoop;
        this.policyLoop = policyLoop;
        this.randomness = randomness;
        this.metrics = metrics;
        this.figures = figures;
    }

    /** Connects the slot with the master, before anything else. */
    void serve(Client master) {
        client = master;
    }

    /** Puts a policy in, in place of the one that is there. */
    void use(AllocatorFactory policyFactory, Map<String, String> policyConfiguration) {
        masterLoop.assertInLoop();
        factory = policyFactory;
        configuration = Collections.unmodifiableMap(new TreeMap<>(policyConfiguration));
        pause = FIRST_PAUSE;
        begin();
    }

    /** Takes the policy out. Offers that are out stay valid. */
    void clear() {
        masterLoop.assertInLoop();
        factory = null;
        end();
    }

    private void begin() {
        end();
        AllocatorFactory chosen = factory;
        Client master = client;
        if (chosen == null || master == null) {
            return;
        }
        log.info("Allocation policy {} begins", chosen.name());
        PolicyLink link = new PolicyLink(policyLoop, randomness, metrics, new Answers());
        policy = link;
        Map<String, String> settings = configuration;
        policyLoop.execute("start allocator", () -> link.start(chosen, settings));
        master.tellEverything();
    }

    private void end() {
        flush();
        if (restart != null) {
            restart.cancel();
            restart = null;
        }
        PolicyLink link = policy;
        policy = null;
        lives.clear();
        if (link != null) {
            policyLoop.execute("stop allocator", link::stop);
        }
    }

    /** What the policy says, brought to the master's loop. What an earlier policy says is not heard. */
    private final class Answers implements PolicyLink.Listener {
        @Override
        public void allocated(PolicyLink from, List<Allocation> allocations, long[] of) {
            masterLoop.execute("allocations", () -> {
                Client master = client;
                if (from == policy && master != null) {
                    master.offer(ofThisLife(allocations, of));
                }
            });
        }

        @Override
        public void rescind(PolicyLink from, FrameworkId framework, Role role, AgentId agent) {
            masterLoop.execute("rescind offers", () -> {
                Client master = client;
                if (from == policy && master != null) {
                    master.rescind(framework, role, agent);
                }
            });
        }

        @Override
        public void preempt(PolicyLink from, List<Preemption> tasks) {
            masterLoop.execute("preempt tasks", () -> {
                Client master = client;
                if (from == policy && master != null) {
                    master.preempt(tasks);
                }
            });
        }

        @Override
        public void failed(PolicyLink from, RuntimeException failure) {
            masterLoop.execute("allocator failure", () -> {
                if (from == policy) {
                    policyFailed(failure);
                }
            });
        }
    }

    /** Without allocations on agents that left and came back meanwhile: the policy has forgotten them itself. */
    private List<Allocation> ofThisLife(List<Allocation> allocations, long[] of) {
        List<Allocation> valid = new ArrayList<>(allocations.size());
        for (int i = 0; i < of.length; i++) {
            Long life = lives.get(allocations.get(i).agent());
            if (life != null && life == of[i]) {
                valid.add(allocations.get(i));
            }
        }
        return valid;
    }

    /** The policy gave out what is not there: what it believes is wrong, and goes on to be wrong. */
    void oversold(String what) {
        PolicyLink link = policy;
        if (link != null) {
            policyLoop.execute("stop allocator", link::stop);
            policyFailed(new IllegalStateException("it allocated what is not there: " + what));
        }
    }

    private void policyFailed(RuntimeException failure) {
        figures.policyFailures.increment();
        log.error("The allocation policy failed and is replaced by a new one in {}", pause, failure);
        policy = null;
        waiting = new ArrayList<>();
        lives.clear();
        restart = masterLoop.schedule("restart allocator", pause, this::begin);
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private void call(Consumer<Allocator> call) {
        if (policy == null) {
            return;
        }
        if (waiting.isEmpty()) {
            masterLoop.execute("flush allocator calls", this::flush);
        }
        waiting.add(call);
    }

    private void flush() {
        PolicyLink link = policy;
        if (waiting.isEmpty()) {
            return;
        }
        List<Consumer<Allocator>> calls = waiting;
        waiting = new ArrayList<>();
        if (link != null) {
            policyLoop.execute("allocator calls", () -> link.call(calls));
        }
    }

    void frameworkAdded(FrameworkEntry framework) {
        FrameworkProfile profile = Profiles.of(framework);
        boolean active = framework.isActive();
        Set<Role> suppressed = Collections.unmodifiableSet(new LinkedHashSet<>(framework.suppressedRoles));
        call(allocator -> allocator.addFramework(profile, active, suppressed));
    }

    /** The framework is subscribed, maybe with another description. */
    void frameworkActivated(FrameworkEntry framework) {
        FrameworkProfile profile = Profiles.of(framework);
        Set<Role> suppressed = Collections.unmodifiableSet(new LinkedHashSet<>(framework.suppressedRoles));
        call(allocator -> {
            allocator.updateFramework(profile, suppressed);
            allocator.activateFramework(profile.id());
        });
    }

    /** The framework has another description, or wants other offers. */
    void frameworkUpdated(FrameworkEntry framework) {
        FrameworkProfile profile = Profiles.of(framework);
        Set<Role> suppressed = Collections.unmodifiableSet(new LinkedHashSet<>(framework.suppressedRoles));
        call(allocator -> allocator.updateFramework(profile, suppressed));
    }

    void frameworkDeactivated(FrameworkEntry framework) {
        FrameworkId id = framework.id;
        call(allocator -> allocator.deactivateFramework(id));
    }

    void frameworkRemoved(FrameworkEntry framework) {
        FrameworkId id = framework.id;
        call(allocator -> allocator.removeFramework(id));
    }

    /** The agent is in the books, with what its tasks and offers hold. */
    void agentAdded(AgentEntry agent) {
        PolicyLink link = policy;
        if (link == null) {
            return;
        }
        AgentProfile profile = Profiles.of(agent);
        Map<FrameworkId, Resources> used = new HashMap<>();
        agent.tasks.values().stream()
                .filter(TaskEntry::charged)
                .forEach(task -> used.merge(task.key.framework(), task.resources.allocate(task.role), Resources::add));
        agent.offers
                .values()
                .forEach(offer -> used.merge(offer.framework.id, offer.resources.allocate(offer.role), Resources::add));
        long life = nextLife++;
        boolean active = agent.isActive();
        lives.put(agent.id, life);
        call(allocator -> {
            link.livesAs(profile.id(), life);
            allocator.addAgent(profile, used);
            if (!active) {
                allocator.deactivateAgent(profile.id());
            }
        });
        agent.tasks.values().stream().filter(TaskEntry::charged).forEach(this::taskAdded);
    }

    /**
     * The agent has other resources, or runs something that the policy was not told of: the policy is told anew, and
     * what it allocated before it knew is void.
     */
    void agentReplaced(AgentEntry agent) {
        agentRemoved(agent);
        agentAdded(agent);
    }

    void agentUpdated(AgentEntry agent) {
        AgentProfile profile = Profiles.of(agent);
        call(allocator -> allocator.updateAgent(profile));
    }

    /** An operation of a framework changed what it holds on an agent, and with it what the agent has. */
    void allocationUpdated(FrameworkEntry framework, AgentEntry agent, Resources before, Resources after) {
        if (lives.containsKey(agent.id)) {
            FrameworkId id = framework.id;
            AgentId on = agent.id;
            call(allocator -> allocator.updateAllocation(id, on, before, after));
        }
    }

    void agentActivated(AgentEntry agent) {
        AgentId id = agent.id;
        call(allocator -> allocator.activateAgent(id));
    }

    void agentDeactivated(AgentEntry agent) {
        AgentId id = agent.id;
        call(allocator -> allocator.deactivateAgent(id));
    }

    void agentRemoved(AgentEntry agent) {
        PolicyLink link = policy;
        AgentId id = agent.id;
        lives.remove(id);
        call(allocator -> {
            if (link != null) {
                link.forget(id);
            }
            allocator.removeAgent(id);
        });
    }

    /** What ran on these resources ended. */
    void recovered(FrameworkEntry framework, AgentEntry agent, Role role, Resources resources) {
        recover(framework.id, agent.id, role, resources, null);
    }

    /**
     * An offer, or a part of one, was not used.
     *
     * @param refuse for how long the framework does not want it; empty if it did not say so
     */
    void declined(
            FrameworkEntry framework, AgentEntry agent, Role role, Resources resources, Optional<Duration> refuse) {
        recover(framework.id, agent.id, role, resources, refuse.orElse(null));
    }

    /** An allocation did not become an offer. */
    void refused(Allocation allocation) {
        call(allocator ->
                allocator.recoverResources(allocation.framework(), allocation.agent(), allocation.resources(), null));
    }

    private void recover(
            FrameworkId framework, AgentId agent, Role role, Resources resources, @Nullable Duration refuse) {
        if (!lives.containsKey(agent)) {
            return;
        }
        call(allocator -> allocator.recoverResources(framework, agent, resources.allocate(role), refuse));
    }

    /** A task holds resources on an agent that is in the books. */
    void taskAdded(TaskEntry task) {
        if (lives.containsKey(task.agent)) {
            TaskProfile profile = Profiles.of(task, masterLoop.clock().wallTime());
            call(allocator -> allocator.addTask(profile));
        }
    }

    /** A task holds nothing any more. */
    void taskRemoved(TaskEntry task) {
        if (lives.containsKey(task.agent)) {
            TaskKey key = task.key;
            AgentId agent = task.agent;
            call(allocator -> allocator.removeTask(key.framework(), agent, key.task()));
        }
    }

    /** Operators set weights, or a policy begins. */
    void weightsUpdated(Weights weights) {
        call(allocator -> allocator.updateWeights(weights));
    }

    /** Operators set quotas, or a policy begins. */
    void quotasUpdated(Quotas quotas) {
        call(allocator -> allocator.updateQuotas(quotas));
    }

    void suppressed(FrameworkEntry framework, Set<Role> roles) {
        FrameworkId id = framework.id;
        Set<Role> copy = new TreeSet<>(roles);
        call(allocator -> allocator.suppressOffers(id, copy));
    }

    void revived(FrameworkEntry framework, Set<Role> roles) {
        FrameworkId id = framework.id;
        Set<Role> copy = new TreeSet<>(roles);
        call(allocator -> allocator.reviveOffers(id, copy));
    }

    void requested(FrameworkEntry framework, List<ResourceRequest> requests) {
        FrameworkId id = framework.id;
        call(allocator -> allocator.requestResources(id, requests));
    }
}
