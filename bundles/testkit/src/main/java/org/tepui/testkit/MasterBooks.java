// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.TaskProfile;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.TaskId;
import org.tepui.api.Weights;
import org.tepui.api.resources.Reservation;
import org.tepui.api.resources.Resource;
import org.tepui.api.resources.Resources;

/**
 * What a master knows of its cluster, kept beside an allocator under test, the slow and plain way. Changed by
 * {@link AllocatorFixture} alone; everybody may read.
 */
public final class MasterBooks {
    private final Map<AgentId, Agent> agents = new LinkedHashMap<>();
    private final Map<FrameworkId, Framework> frameworks = new LinkedHashMap<>();
    private final Map<TaskId, TaskProfile> tasks = new LinkedHashMap<>();
    private final Map<TaskId, Long> launched = new LinkedHashMap<>();
    private final DeclineBooks declines = new DeclineBooks();
    private Weights weights = Weights.none();
    private Quotas quotas = Quotas.none();

    private static final class Agent {
        private AgentProfile profile;
        private boolean active = true;
        private final Map<FrameworkId, Resources> held = new LinkedHashMap<>();

        private Agent(AgentProfile profile) {
            this.profile = profile;
        }

        private Resources held() {
            Resources sum = Resources.empty();
            for (Resources part : held.values()) {
                sum = sum.add(part.unallocate());
            }
            return sum;
        }
    }

    private static final class Framework {
        private FrameworkProfile profile;
        private boolean active;
        private final Set<Role> suppressed = new TreeSet<>();

        private Framework(FrameworkProfile profile, boolean active) {
            this.profile = profile;
            this.active = active;
        }
    }

    MasterBooks() {}

    /** The agents, in the order in which they were added. */
    public List<AgentId> agents() {
        return List.copyOf(agents.keySet());
    }

    /** An agent's description, with its total as it is now, or null if there is no such agent. */
    public @Nullable AgentProfile agent(AgentId id) {
        Agent agent = agents.get(id);
        return agent == null ? null : agent.profile;
    }

    /** Whether an agent is known and may be offered from. */
    public boolean isActive(AgentId id) {
        Agent agent = agents.get(id);
        return agent != null && agent.active;
    }

    /** What is held on an agent, by framework, with allocation roles. */
    public Map<FrameworkId, Resources> held(AgentId id) {
        Agent agent = agents.get(id);
        return agent == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(agent.held));
    }

    /** What an agent has and nobody holds. */
    public Resources free(AgentId id) {
        Agent agent = agents.get(id);
        return agent == null ? Resources.empty() : agent.profile.total().subtractAvailable(agent.held());
    }

    /** Whether more is held on an agent than it has. */
    public boolean isOvercommitted(AgentId id) {
        Agent agent = agents.get(id);
        return agent != null && !agent.profile.total().contains(agent.held());
    }

    /** The frameworks that are subscribed, in the order in which they did so. */
    public List<FrameworkId> frameworks() {
        return List.copyOf(frameworks.keySet());
    }

    /** A framework's description, or null if it is not subscribed. */
    public @Nullable FrameworkProfile framework(FrameworkId id) {
        Framework framework = frameworks.get(id);
        return framework == null ? null : framework.profile;
    }

    /** Whether a framework is subscribed and connected. */
    public boolean isActive(FrameworkId id) {
        Framework framework = frameworks.get(id);
        return framework != null && framework.active;
    }

    /** The roles for which a framework wants no offers. */
    public Set<Role> suppressed(FrameworkId id) {
        Framework framework = frameworks.get(id);
        return framework == null ? Set.of() : Collections.unmodifiableSet(new TreeSet<>(framework.suppressed));
    }

    /** Whether a framework is connected, has the role and wants offers in it. */
    public boolean isServed(FrameworkId id, Role role) {
        Framework framework = frameworks.get(id);
        return framework != null
                && framework.active
                && framework.profile.roles().contains(role)
                && !framework.suppressed.contains(role);
    }

    /** Everything that frameworks declined for a time that is not over. */
    public DeclineBooks declines() {
        return declines;
    }

    /** The tasks that run, in the order in which they were launched. */
    public List<TaskProfile> tasks() {
        return List.copyOf(tasks.values());
    }

    /** The weights of roles. */
    public Weights weights() {
        return weights;
    }

    /** The quotas of roles. */
    public Quotas quotas() {
        return quotas;
    }

    /**
     * What a role consumes of its quota, in thousandths: what is reserved for it or below it, and what is allocated to
     * it or below it without being reserved or revocable.
     */
    public long consumed(Role role, String name) {
        long sum = 0;
        for (Agent agent : agents.values()) {
            for (Resource resource : agent.profile.total().reserved()) {
                List<Reservation> stack = resource.identity().reservations();
                boolean covered = role.covers(stack.get(stack.size() - 1).role());
                sum += covered && resource.name().equals(name) ? resource.thousandths() : 0;
            }
            for (Resources held : agent.held.values()) {
                for (Map.Entry<Role, Resources> part : held.allocations().entrySet()) {
                    sum += role.covers(part.getKey()) ? charged(part.getValue(), name) : 0;
                }
            }
        }
        return sum;
    }

    /** How much of a bundle counts for the quota of the role that holds it, in thousandths. */
    static long charged(Resources resources, String name) {
        return resources.unreserved().nonRevocable().thousandths(name);
    }

    void addAgent(AgentProfile profile, Map<FrameworkId, Resources> used) {
        Agent agent = new Agent(profile);
        agent.held.putAll(used);
        declines.forget(profile.id());
        agents.put(profile.id(), agent);
    }

    void updateAgent(AgentProfile profile) {
        Agent agent = agents.get(profile.id());
        if (agent != null && !agent.profile.equals(profile)) {
            agent.profile = profile;
            declines.forget(profile.id());
        }
    }

    void removeAgent(AgentId id) {
        agents.remove(id);
        declines.forget(id);
    }

    void setActive(AgentId id, boolean active) {
        Agent agent = agents.get(id);
        if (agent != null) {
            agent.active = active;
        }
    }

    void addFramework(FrameworkProfile profile, boolean active, Set<Role> suppressed) {
        Framework framework = new Framework(profile, active);
        framework.suppressed.addAll(suppressed);
        declines.forget(profile.id(), role -> true);
        frameworks.put(profile.id(), framework);
    }

    void updateFramework(FrameworkProfile profile, Set<Role> suppressed) {
        Framework framework = frameworks.get(profile.id());
        if (framework != null) {
            framework.profile = profile;
            framework.suppressed.clear();
            framework.suppressed.addAll(suppressed);
            declines.forget(profile.id(), role -> !profile.roles().contains(role));
        }
    }

    void removeFramework(FrameworkId id) {
        frameworks.remove(id);
        declines.forget(id, role -> true);
    }

    void setActive(FrameworkId id, boolean active) {
        Framework framework = frameworks.get(id);
        if (framework != null) {
            framework.active = active;
            if (!active) {
                declines.forget(id, role -> true);
            }
        }
    }

    private static Set<Role> ownRoles(Framework framework, Set<Role> named) {
        Set<Role> own = new TreeSet<>(framework.profile.roles());
        own.removeIf(role -> !named.isEmpty() && !named.contains(role));
        return own;
    }

    void suppress(FrameworkId id, Set<Role> named) {
        Framework framework = frameworks.get(id);
        if (framework != null) {
            framework.suppressed.addAll(ownRoles(framework, named));
        }
    }

    void revive(FrameworkId id, Set<Role> named) {
        Framework framework = frameworks.get(id);
        if (framework != null) {
            Set<Role> revived = ownRoles(framework, named);
            framework.suppressed.removeAll(revived);
            declines.forget(id, revived::contains);
        }
    }

    void give(AgentId id, FrameworkId framework, Resources allocated) {
        Agent agent = agents.get(id);
        if (agent != null) {
            agent.held.merge(framework, allocated, Resources::add);
        }
    }

    /** Books what a framework gives back; ignored on an agent that is gone. */
    void takeBack(AgentId id, FrameworkId framework, Resources allocated) {
        Agent agent = agents.get(id);
        if (agent != null) {
            Resources rest =
                    agent.held.getOrDefault(framework, Resources.empty()).subtract(allocated);
            if (rest.isEmpty()) {
                agent.held.remove(framework);
            } else {
                agent.held.put(framework, rest);
            }
        }
    }

    void changeTotal(AgentId id, Resources before, Resources after) {
        Agent agent = agents.get(id);
        if (agent != null) {
            Resources total = agent.profile.total().subtract(before).add(after);
            agent.profile = agent.profile.withTotal(total);
        }
    }

    void setWeights(Weights changed) {
        weights = changed;
    }

    void setQuotas(Quotas changed) {
        quotas = changed;
    }

    /** Books a task that is launched, or was before, at a time in nanoseconds. */
    void addTask(TaskProfile task, long now) {
        tasks.put(task.task(), task);
        launched.put(task.task(), now - task.age().toNanos());
    }

    /** Books the end of a task; null if there is none of this name. */
    @Nullable
    TaskProfile removeTask(TaskId id) {
        launched.remove(id);
        return tasks.remove(id);
    }

    /** Tells another cluster everything but what was declined, as at a swap, at a time in nanoseconds. */
    void replayInto(AllocatorFixture other, long now) {
        other.updateWeights(weights);
        other.updateQuotas(quotas);
        frameworks.forEach(
                (id, framework) -> other.addFramework(framework.profile, framework.active, framework.suppressed));
        agents.forEach((id, agent) -> {
            other.addAgent(agent.profile, agent.held);
            if (!agent.active) {
                other.setActive(id, false);
            }
        });
        for (TaskProfile task : tasks.values()) {
            if (agents.containsKey(task.agent())) {
                Duration age = Duration.ofNanos(now - launched.getOrDefault(task.task(), now));
                other.addTask(new TaskProfile(
                        task.framework(),
                        task.task(),
                        task.agent(),
                        task.role(),
                        task.resources(),
                        task.priority(),
                        age));
            }
        }
    }
}
