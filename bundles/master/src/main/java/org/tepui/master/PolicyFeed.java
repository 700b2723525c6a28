// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.TaskProfile;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.resources.Resources;
import org.tepui.runtime.EventLoop;

/**
 * What one policy is told. A policy that serves hears of every event, collected and handed over at the end of a burst.
 * One that is to serve is told the state of the cluster in parts, and again of what changed after it was told (as a
 * virtual machine's memory is copied to another host while it runs): so it is brought up beside the one that serves,
 * and the last part is small. On the master's loop.
 *
 * <p>Until it serves, a policy knows every agent as deactivated.
 */
final class PolicyFeed {
    private static final int ACTIVATIONS_A_CALL = 500;

    private final EventLoop masterLoop;
    private final PolicyLink link;
    private final AllocatorSlot.Client books;
    /** Agents that the policy knows, by the life it knows them in. */
    private final Map<AgentId, Long> lives = new HashMap<>();

    private final Set<FrameworkId> frameworks = new HashSet<>();
    /** What the policy was not told yet in its present state. */
    private final Set<AgentId> changedAgents = new LinkedHashSet<>();

    private final Set<FrameworkId> changedFrameworks = new LinkedHashSet<>();
    /** What was free on an agent when the policy was told of it, until it serves. */
    private final Map<AgentId, Resources> free = new HashMap<>();

    private Quotas quotas = Quotas.none();
    private Weights weights = Weights.none();
    private boolean live;
    private List<Consumer<Allocator>> waiting = new ArrayList<>();
    private long nextLife;

    /** A policy that knows nothing: everything is a change. */
    PolicyFeed(EventLoop masterLoop, PolicyLink link, AllocatorSlot.Client books) {
        this.masterLoop = masterLoop;
        this.link = link;
        this.books = books;
        books.frameworks().forEach(framework -> changedFrameworks.add(framework.id));
        books.agents().forEach(agent -> changedAgents.add(agent.id));
    }

    PolicyLink link() {
        return link;
    }

    /** How much the policy was not told yet. */
    int changes() {
        return changedAgents.size() + changedFrameworks.size();
    }

    /**
     * A part of what the policy was not told yet.
     *
     * @param most frameworks and agents
     */
    List<Consumer<Allocator>> next(int most) {
        List<Consumer<Allocator>> calls = new ArrayList<>();
        tellSettings(calls);
        int left = most;
        for (Iterator<FrameworkId> i = changedFrameworks.iterator(); i.hasNext() && left > 0; left--) {
            tell(i.next(), calls);
            i.remove();
        }
        for (Iterator<AgentId> i = changedAgents.iterator(); i.hasNext() && left > 0; left--) {
            AgentId id = i.next();
            i.remove();
            tellRemoved(id, calls);
            books.agent(id).ifPresent(agent -> {
                tellAdded(agent, false, calls);
                free.put(id, agent.free());
            });
        }
        return calls;
    }

    private void tellSettings(List<Consumer<Allocator>> calls) {
        Weights presentWeights = books.weights();
        if (!presentWeights.equals(weights)) {
            weights = presentWeights;
            calls.add(allocator -> allocator.updateWeights(presentWeights));
        }
        Quotas presentQuotas = books.quotas();
        if (!presentQuotas.equals(quotas)) {
            quotas = presentQuotas;
            calls.add(allocator -> allocator.updateQuotas(presentQuotas));
        }
    }

    private void tell(FrameworkId id, List<Consumer<Allocator>> calls) {
        FrameworkEntry framework = books.framework(id).orElse(null);
        if (framework == null) {
            if (frameworks.remove(id)) {
                calls.add(allocator -> allocator.removeFramework(id));
            }
            return;
        }
        FrameworkProfile profile = Profiles.of(framework);
        boolean active = framework.isActive();
        Set<Role> suppressed = suppressed(framework);
        if (frameworks.add(id)) {
            calls.add(allocator -> allocator.addFramework(profile, active, suppressed));
        } else {
            calls.add(allocator -> {
                allocator.updateFramework(profile, suppressed);
                if (active) {
                    allocator.activateFramework(id);
                } else {
                    allocator.deactivateFramework(id);
                }
            });
        }
    }

    private static Set<Role> suppressed(FrameworkEntry framework) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(framework.suppressedRoles));
    }

    private void tellRemoved(AgentId id, List<Consumer<Allocator>> calls) {
        free.remove(id);
        if (lives.remove(id) != null) {
            calls.add(allocator -> {
                link.forget(id);
                allocator.removeAgent(id);
            });
        }
    }

    private void tellAdded(AgentEntry agent, boolean active, List<Consumer<Allocator>> calls) {
        AgentProfile profile = Profiles.of(agent);
        Map<FrameworkId, Resources> used = new HashMap<>();
        agent.tasks.values().stream()
                .filter(TaskEntry::charged)
                .forEach(task -> used.merge(task.key.framework(), task.resources.allocate(task.role), Resources::add));
        agent.offers
                .values()
                .forEach(offer -> used.merge(offer.framework.id, offer.resources.allocate(offer.role), Resources::add));
        long life = nextLife++;
        lives.put(agent.id, life);
        calls.add(allocator -> {
            link.livesAs(profile.id(), life);
            allocator.addAgent(profile, used);
            if (!active) {
                allocator.deactivateAgent(profile.id());
            }
        });
        agent.tasks.values().stream().filter(TaskEntry::charged).forEach(task -> {
            TaskProfile told = Profiles.of(task, masterLoop.clock().wallTime());
            calls.add(allocator -> allocator.addTask(told));
        });
    }

    /** The first agents that may be offered from and that the policy knows, without changes since. */
    List<AgentId> sample(int most) {
        List<AgentId> ids = new ArrayList<>();
        for (AgentId id : lives.keySet()) {
            if (ids.size() == most) {
                break;
            }
            if (!changedAgents.contains(id)
                    && books.agent(id).map(AgentEntry::isActive).orElse(false)) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** What was free on an agent when the policy was told of its present life. */
    Optional<Resources> free(AgentId agent) {
        return Optional.ofNullable(free.get(agent));
    }

    /** The policy has other books of an agent than the master: it is told of it anew. */
    void tellAgain(AgentId agent) {
        changedAgents.add(agent);
    }

    /** The rest of what the policy was not told, and that it serves: from now on it hears of every event. */
    List<Consumer<Allocator>> goLive() {
        List<Consumer<Allocator>> calls = next(Integer.MAX_VALUE);
        List<AgentId> active = new ArrayList<>();
        books.agents().forEach(agent -> {
            if (agent.isActive()) {
                active.add(agent.id);
            }
        });
        for (int i = 0; i < active.size(); i += ACTIVATIONS_A_CALL) {
            List<AgentId> part = active.subList(i, Math.min(active.size(), i + ACTIVATIONS_A_CALL));
            calls.add(allocator -> part.forEach(allocator::activateAgent));
        }
        live = true;
        free.clear();
        return calls;
    }

    /** Without allocations on agents that left and came back meanwhile: the policy has forgotten them itself. */
    List<Allocation> ofThisLife(List<Allocation> allocations, long[] of) {
        List<Allocation> valid = new ArrayList<>(allocations.size());
        for (int i = 0; i < of.length; i++) {
            Long life = lives.get(allocations.get(i).agent());
            if (life != null && life == of[i]) {
                valid.add(allocations.get(i));
            }
        }
        return valid;
    }

    /** Weights or quotas changed. */
    void settingsChanged() {
        if (live) {
            List<Consumer<Allocator>> calls = new ArrayList<>();
            tellSettings(calls);
            calls.forEach(this::call);
        }
    }

    /** Something of a framework changed: a policy that serves is called. */
    void framework(FrameworkId id, Consumer<Allocator> call) {
        if (live) {
            call(call);
        } else {
            changedFrameworks.add(id);
        }
    }

    void frameworkAdded(FrameworkEntry framework) {
        if (live) {
            List<Consumer<Allocator>> calls = new ArrayList<>();
            tell(framework.id, calls);
            calls.forEach(this::call);
        } else {
            changedFrameworks.add(framework.id);
        }
    }

    void frameworkActivated(FrameworkEntry framework) {
        FrameworkId id = framework.id;
        if (live) {
            FrameworkProfile profile = Profiles.of(framework);
            Set<Role> suppressed = suppressed(framework);
            call(allocator -> {
                allocator.updateFramework(profile, suppressed);
                allocator.activateFramework(id);
            });
        } else {
            changedFrameworks.add(id);
        }
    }

    void frameworkRemoved(FrameworkId id) {
        if (live) {
            frameworks.remove(id);
            call(allocator -> allocator.removeFramework(id));
        } else {
            changedFrameworks.add(id);
        }
    }

    /** Something of an agent changed: a policy that serves and knows it is called. */
    void agent(AgentId id, Consumer<Allocator> call) {
        if (!live) {
            changedAgents.add(id);
        } else if (lives.containsKey(id)) {
            call(call);
        }
    }

    void agentAdded(AgentEntry agent) {
        if (live) {
            List<Consumer<Allocator>> calls = new ArrayList<>();
            tellAdded(agent, agent.isActive(), calls);
            calls.forEach(this::call);
        } else {
            changedAgents.add(agent.id);
        }
    }

    void agentRemoved(AgentId id) {
        if (live) {
            List<Consumer<Allocator>> calls = new ArrayList<>();
            tellRemoved(id, calls);
            calls.forEach(this::call);
        } else {
            changedAgents.add(id);
        }
    }

    /** Calls a policy that serves, at the end of this burst. */
    void call(Consumer<Allocator> call) {
        if (!live) {
            return;
        }
        if (waiting.isEmpty()) {
            masterLoop.execute("flush allocator calls", this::flush);
        }
        waiting.add(call);
    }

    private void flush() {
        if (!waiting.isEmpty()) {
            List<Consumer<Allocator>> calls = waiting;
            waiting = new ArrayList<>();
            link.tell(calls, () -> {});
        }
    }
}
