// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.TaskProfile;
import org.tepui.api.AgentCapability;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quota;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.TaskId;
import org.tepui.api.Weights;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Reservation;
import org.tepui.api.resources.Resource;
import org.tepui.api.resources.Resources;

/**
 * An allocator under virtual time, with a master's books beside it: every offer is checked against them, and
 * everything that a test does is told to both.
 *
 * <p>A test adds agents and frameworks, asks for {@link #offers()}, and declines, uses or gives back what was
 * offered.
 */
public final class AllocatorFixture {
    private static final Set<AgentCapability> AGENT_CAPABILITIES =
            EnumSet.of(AgentCapability.MULTI_ROLE, AgentCapability.HIERARCHICAL_ROLE);

    private final VirtualContext context;
    private final Allocator allocator;
    private final Map<AgentId, AgentBook> agents = new LinkedHashMap<>();
    private final Map<FrameworkId, FrameworkBook> frameworks = new LinkedHashMap<>();
    private final Map<TaskId, TaskProfile> tasks = new LinkedHashMap<>();
    private Weights weights = Weights.none();
    private Quotas quotas = Quotas.none();
    private List<Allocation> made = new ArrayList<>();

    /** What the master knows of an agent. */
    private static final class AgentBook {
        private AgentProfile profile;
        private boolean active = true;
        private final Map<FrameworkId, Resources> held = new LinkedHashMap<>();

        private AgentBook(AgentProfile profile) {
            this.profile = profile;
        }

        private Resources free() {
            Resources free = profile.total();
            for (Resources part : held.values()) {
                free = free.subtractAvailable(part.unallocate());
            }
            return free;
        }
    }

    /** What the master knows of a framework. */
    private static final class FrameworkBook {
        private FrameworkProfile profile;
        private boolean active;
        private final Set<Role> suppressed = new TreeSet<>();

        private FrameworkBook(FrameworkProfile profile, boolean active) {
            this.profile = profile;
            this.active = active;
        }

        private Set<Role> rolesAmong(Set<Role> named) {
            Set<Role> own = new TreeSet<>(named);
            own.retainAll(profile.roles());
            return own;
        }
    }

    /** Makes an allocator that knows nothing yet. */
    public AllocatorFixture(AllocatorFactory factory, Map<String, String> configuration, long seed) {
        this.context = new VirtualContext(seed, this::check);
        this.allocator = factory.create(context, configuration);
    }

    /** The allocator, for calls that the books need not know of. */
    public Allocator allocator() {
        return allocator;
    }

    /** Its context. */
    public VirtualContext context() {
        return context;
    }

    private void check(List<Allocation> allocations) {
        assertThat(allocations).isNotEmpty();
        for (Allocation allocation : allocations) {
            AgentBook agent = agents.get(allocation.agent());
            FrameworkBook framework = frameworks.get(allocation.framework());
            assertThat(agent).as("agent of %s", allocation).isNotNull();
            assertThat(framework).as("framework of %s", allocation).isNotNull();
            if (agent != null && framework != null) {
                checkAllowed(allocation, agent, framework);
                agent.held.merge(allocation.framework(), allocation.resources(), Resources::add);
                checkLimits(allocation);
            }
        }
        made.addAll(allocations);
    }

    private static void checkAllowed(Allocation allocation, AgentBook agent, FrameworkBook framework) {
        Role role = allocation.role();
        assertThat(agent.active).as("agent is active for %s", allocation).isTrue();
        assertThat(framework.active)
                .as("framework is active for %s", allocation)
                .isTrue();
        assertThat(framework.profile.roles()).as("roles for %s", allocation).contains(role);
        assertThat(framework.suppressed)
                .as("suppressed roles for %s", allocation)
                .doesNotContain(role);
        assertThat(allocation.resources().isEmpty())
                .as("%s is empty", allocation)
                .isFalse();
        for (Resource resource : allocation.resources()) {
            assertThat(resource.identity().allocationRole()).isEqualTo(role);
            assertThat(resource.identity().isAllocatableTo(role))
                    .as("%s may go to %s", resource, role)
                    .isTrue();
        }
        Resources free = agent.free();
        assertThat(free.contains(allocation.resources().unallocate()))
                .as("%s is offered of %s", allocation, free)
                .isTrue();
    }

    /** What is neither reserved nor revocable may be offered up to the limits of the role and those above it. */
    private void checkLimits(Allocation allocation) {
        for (Role role = allocation.role(); role != null; role = role.parent()) {
            Role limited = role;
            quotas.of(role).limits().forEach((name, limit) -> {
                if (unreserved(allocation.resources(), name) > 0) {
                    assertThat(consumed(limited, name))
                            .as("%s consumed by %s after %s", name, limited, allocation)
                            .isLessThanOrEqualTo(limit);
                }
            });
        }
    }

    private static long unreserved(Resources resources, String name) {
        return resources.unreserved().nonRevocable().thousandths(name);
    }

    /**
     * What a role consumes of its quota by the books, in thousandths: what is reserved for it or below it, and what is
     * allocated to it or below it without being reserved.
     */
    public long consumed(Role role, String name) {
        long sum = 0;
        for (AgentBook agent : agents.values()) {
            for (Resource resource : agent.profile.total().reserved()) {
                List<Reservation> stack = resource.identity().reservations();
                boolean covered = role.covers(stack.get(stack.size() - 1).role());
                sum += covered && resource.name().equals(name) ? resource.thousandths() : 0;
            }
            for (Resources held : agent.held.values()) {
                for (Map.Entry<Role, Resources> part : held.allocations().entrySet()) {
                    sum += role.covers(part.getKey()) ? unreserved(part.getValue(), name) : 0;
                }
            }
        }
        return sum;
    }

    /** A quota from texts such as {@code cpus:4;mem:100}, in which a limit may be zero. */
    public static Quota quota(String guarantees, String limits) {
        TreeMap<String, Long> most = new TreeMap<>();
        for (String limit : limits.isEmpty() ? new String[0] : limits.split(";", -1)) {
            int colon = limit.indexOf(':');
            BigDecimal amount = new BigDecimal(limit.substring(colon + 1));
            most.put(limit.substring(0, colon), amount.movePointRight(3).longValueExact());
        }
        return new Quota(Quantities.parse(guarantees), most);
    }

    /** An agent with the usual capabilities. */
    public static AgentProfile agentProfile(String name, String resources) {
        return new AgentProfile(
                new AgentId(name), name, List.of(), AGENT_CAPABILITIES, null, false, Resources.parse(resources));
    }

    /** A framework with several roles, and the given capabilities besides. */
    public static FrameworkProfile frameworkProfile(
            String name, List<String> roles, FrameworkCapability... capabilities) {
        Set<FrameworkCapability> can = EnumSet.of(FrameworkCapability.MULTI_ROLE);
        can.addAll(Arrays.asList(capabilities));
        TreeSet<Role> names = new TreeSet<>();
        roles.forEach(role -> names.add(new Role(role)));
        return new FrameworkProfile(new FrameworkId(name), name, names, can, Map.of());
    }

    /** Adds an agent on which nothing is allocated. */
    public AgentId addAgent(String name, String resources) {
        return addAgent(agentProfile(name, resources), Map.of());
    }

    /** Adds an agent. */
    public AgentId addAgent(AgentProfile profile, Map<FrameworkId, Resources> used) {
        AgentBook book = new AgentBook(profile);
        book.held.putAll(used);
        agents.put(profile.id(), book);
        allocator.addAgent(profile, used);
        return profile.id();
    }

    /** Changes an agent's description. */
    public void updateAgent(AgentProfile profile) {
        AgentBook book = agents.get(profile.id());
        if (book != null) {
            book.profile = profile;
        }
        allocator.updateAgent(profile);
    }

    /** Removes an agent and what is allocated on it. */
    public void removeAgent(AgentId agent) {
        agents.remove(agent);
        allocator.removeAgent(agent);
    }

    /** Takes an agent out, or in again. */
    public void setActive(AgentId agent, boolean active) {
        AgentBook book = agents.get(agent);
        if (book != null) {
            book.active = active;
        }
        if (active) {
            allocator.activateAgent(agent);
        } else {
            allocator.deactivateAgent(agent);
        }
    }

    /** Adds a connected framework. */
    public FrameworkId addFramework(String name, String... roles) {
        return addFramework(frameworkProfile(name, Arrays.asList(roles)), true, Set.of());
    }

    /** Adds a framework. */
    public FrameworkId addFramework(FrameworkProfile profile, boolean active, Set<Role> suppressed) {
        FrameworkBook book = new FrameworkBook(profile, active);
        book.suppressed.addAll(suppressed);
        frameworks.put(profile.id(), book);
        allocator.addFramework(profile, active, suppressed);
        return profile.id();
    }

    /** Changes a framework's description. */
    public void updateFramework(FrameworkProfile profile, Set<Role> suppressed) {
        FrameworkBook book = frameworks.get(profile.id());
        if (book != null) {
            book.profile = profile;
            book.suppressed.clear();
            book.suppressed.addAll(suppressed);
        }
        allocator.updateFramework(profile, suppressed);
    }

    /** Removes a framework. What it holds stays its own until it is given back. */
    public void removeFramework(FrameworkId framework) {
        frameworks.remove(framework);
        allocator.removeFramework(framework);
    }

    /** Disconnects a framework, or connects it again. */
    public void setActive(FrameworkId framework, boolean active) {
        FrameworkBook book = frameworks.get(framework);
        if (book != null) {
            book.active = active;
        }
        if (active) {
            allocator.activateFramework(framework);
        } else {
            allocator.deactivateFramework(framework);
        }
    }

    /** Suppresses offers for a framework. */
    public void suppress(FrameworkId framework, String... roles) {
        Set<Role> named = roles(roles);
        FrameworkBook book = frameworks.get(framework);
        if (book != null) {
            book.suppressed.addAll(named.isEmpty() ? book.profile.roles() : book.rolesAmong(named));
        }
        allocator.suppressOffers(framework, named);
    }

    /** Revives offers for a framework. */
    public void revive(FrameworkId framework, String... roles) {
        Set<Role> named = roles(roles);
        FrameworkBook book = frameworks.get(framework);
        if (book != null) {
            book.suppressed.removeAll(named.isEmpty() ? book.profile.roles() : named);
        }
        allocator.reviveOffers(framework, named);
    }

    private static Set<Role> roles(String... names) {
        Set<Role> roles = new TreeSet<>();
        Arrays.asList(names).forEach(name -> roles.add(new Role(name)));
        return roles;
    }

    /** Lets time pass. */
    public void advance(Duration time) {
        context.advance(time);
    }

    /** What was offered since this was asked last, without waiting. */
    public List<Allocation> made() {
        List<Allocation> offers = made;
        made = new ArrayList<>();
        return offers;
    }

    /** Changes the weights of roles. */
    public void updateWeights(Weights changed) {
        weights = changed;
        allocator.updateWeights(changed);
    }

    /** Changes the quotas of roles. */
    public void updateQuotas(Quotas changed) {
        quotas = changed;
        allocator.updateQuotas(changed);
    }

    /** Gives one role a quota, see {@link #quota}. */
    public void setQuota(String role, String guarantees, String limits) {
        updateQuotas(quotas.with(Map.of(new Role(role), quota(guarantees, limits))));
    }

    /** A task holds something that was offered. */
    public void addTask(TaskProfile task) {
        tasks.put(task.task(), task);
        allocator.addTask(task);
    }

    /** A task ended; what it held is given back besides. */
    public void removeTask(TaskId id) {
        TaskProfile task = tasks.remove(id);
        if (task != null) {
            allocator.removeTask(task.framework(), task.agent(), id);
        }
    }

    /** What was offered since this was asked last, after the 20 ms that an allocator may take to find it out. */
    public List<Allocation> offers() {
        context.advance(Duration.ofMillis(20));
        return made();
    }

    /** The one offer since this was asked last. */
    public Allocation offer() {
        List<Allocation> offers = offers();
        assertThat(offers).hasSize(1);
        return offers.get(0);
    }

    /** Declines an offer for a time. */
    public void decline(Allocation offer, Duration refusal) {
        giveBack(offer.framework(), offer.agent(), offer.resources(), refusal);
    }

    /**
     * Accepts a part of an offer and declines the rest for a time.
     *
     * @param wanted without allocation role
     * @return what is used, with allocation role
     */
    public Resources accept(Allocation offer, String wanted, Duration refusal) {
        Resources used = Resources.parse(wanted).allocate(offer.role());
        Resources rest = offer.resources().subtract(used);
        if (!rest.isEmpty()) {
            giveBack(offer.framework(), offer.agent(), rest, refusal);
        }
        return used;
    }

    /** Gives back what a task used. */
    public void finish(FrameworkId framework, AgentId agent, Resources used) {
        giveBack(framework, agent, used, null);
    }

    /** Gives back resources. */
    public void giveBack(FrameworkId framework, AgentId agent, Resources resources, @Nullable Duration refusal) {
        AgentBook book = agents.get(agent);
        if (book != null) {
            Resources held =
                    book.held.getOrDefault(framework, Resources.empty()).subtract(resources);
            if (held.isEmpty()) {
                book.held.remove(framework);
            } else {
                book.held.put(framework, held);
            }
        }
        allocator.recoverResources(framework, agent, resources, refusal);
    }

    /** Changes resources that a framework holds, and the agent's total with them. */
    public void convert(FrameworkId framework, AgentId agent, Resources before, Resources after) {
        AgentBook book = agents.get(agent);
        if (book != null) {
            Resources held = book.held.getOrDefault(framework, Resources.empty());
            book.held.put(framework, held.subtract(before).add(after));
            book.profile = book.profile.withTotal(
                    book.profile.total().subtract(before.unallocate()).add(after.unallocate()));
        }
        allocator.updateAllocation(framework, agent, before, after);
    }

    /** Changes resources that nobody holds, if the allocator agrees. */
    public boolean convertFree(AgentId agent, Resources before, Resources after) {
        boolean done = allocator.updateAvailable(agent, before, after);
        AgentBook book = agents.get(agent);
        if (book != null && done) {
            book.profile =
                    book.profile.withTotal(book.profile.total().subtract(before).add(after));
        }
        return done;
    }

    /** What is held on an agent by the books, by framework, with allocation roles. */
    public Map<FrameworkId, Resources> held(AgentId agent) {
        AgentBook book = agents.get(agent);
        return book == null ? Map.of() : new LinkedHashMap<>(book.held);
    }

    /** What a framework holds on all agents by the books, without allocation roles. */
    public Resources heldBy(FrameworkId framework) {
        Resources sum = Resources.empty();
        for (AgentBook agent : agents.values()) {
            sum = sum.add(agent.held.getOrDefault(framework, Resources.empty()).unallocate());
        }
        return sum;
    }

    /** What nobody holds on an agent by the books. */
    public Resources free(AgentId agent) {
        AgentBook book = agents.get(agent);
        return book == null ? Resources.empty() : book.free();
    }

    /** Whether more is held on an agent than it has, by the books. */
    public boolean isOvercommitted(AgentId agent) {
        AgentBook book = agents.get(agent);
        Resources sum = Resources.empty();
        if (book != null) {
            for (Resources part : book.held.values()) {
                sum = sum.add(part.unallocate());
            }
        }
        return book == null || !book.profile.total().contains(sum);
    }

    /** The agents, in the order in which they were added. */
    public List<AgentId> agents() {
        return List.copyOf(agents.keySet());
    }

    /** Tells another allocator all that the books know, as at a swap. */
    public void replayInto(AllocatorFixture other) {
        other.updateWeights(weights);
        other.updateQuotas(quotas);
        frameworks.forEach((id, book) -> other.addFramework(book.profile, book.active, book.suppressed));
        agents.forEach((id, book) -> {
            other.addAgent(book.profile, book.held);
            if (!book.active) {
                other.setActive(id, false);
            }
        });
        tasks.values().stream().filter(task -> agents.containsKey(task.agent())).forEach(other::addTask);
    }
}
