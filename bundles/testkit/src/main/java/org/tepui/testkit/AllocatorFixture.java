// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
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
    private final MasterBooks books = new MasterBooks();
    private final OfferRules rules = new OfferRules(books);
    private final EventLog log = new EventLog();
    private Consumer<List<Allocation>> listener = offers -> {};
    private List<Allocation> made = new ArrayList<>();

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

    /** The books that every offer is checked against. */
    public MasterBooks books() {
        return books;
    }

    /** Tells somebody of what is offered from now on, besides {@link #made}. */
    public void whenOffered(Consumer<List<Allocation>> added) {
        listener = listener.andThen(added);
    }

    /** From now on agents with GPUs may be offered to everybody, as the operator configured. */
    public void givesGpusToAll() {
        rules.keepsGpus = false;
    }

    private void check(List<Allocation> allocations) {
        assertThat(allocations).isNotEmpty();
        log.add(() -> "  offers " + allocations);
        for (Allocation allocation : allocations) {
            rules.check(allocation, context.nanoTime());
            books.give(allocation.agent(), allocation.framework(), allocation.resources());
            rules.checkLimits(allocation);
        }
        made.addAll(allocations);
        listener.accept(allocations);
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
        log.add(() -> "addAgent " + profile + ", used " + used);
        books.addAgent(profile, used);
        allocator.addAgent(profile, used);
        return profile.id();
    }

    /** Changes an agent's description. */
    public void updateAgent(AgentProfile profile) {
        log.add(() -> "updateAgent " + profile);
        books.updateAgent(profile);
        allocator.updateAgent(profile);
    }

    /** Removes an agent and what is allocated on it. */
    public void removeAgent(AgentId agent) {
        log.add(() -> "removeAgent " + agent);
        books.removeAgent(agent);
        allocator.removeAgent(agent);
    }

    /** Takes an agent out, or in again. */
    public void setActive(AgentId agent, boolean active) {
        log.add(() -> (active ? "activateAgent " : "deactivateAgent ") + agent);
        books.setActive(agent, active);
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
        log.add(() -> (active ? "addFramework " : "addFramework, inactive, ") + profile + ", suppressed " + suppressed);
        books.addFramework(profile, active, suppressed);
        allocator.addFramework(profile, active, suppressed);
        return profile.id();
    }

    /** Changes a framework's description. */
    public void updateFramework(FrameworkProfile profile, Set<Role> suppressed) {
        log.add(() -> "updateFramework " + profile + ", suppressed " + suppressed);
        books.updateFramework(profile, suppressed);
        allocator.updateFramework(profile, suppressed);
    }

    /** Removes a framework. What it holds stays its own until it is given back. */
    public void removeFramework(FrameworkId framework) {
        log.add(() -> "removeFramework " + framework);
        books.removeFramework(framework);
        allocator.removeFramework(framework);
    }

    /** Disconnects a framework, or connects it again. */
    public void setActive(FrameworkId framework, boolean active) {
        log.add(() -> (active ? "activateFramework " : "deactivateFramework ") + framework);
        books.setActive(framework, active);
        if (active) {
            allocator.activateFramework(framework);
        } else {
            allocator.deactivateFramework(framework);
        }
    }

    /** Suppresses offers for a framework. */
    public void suppress(FrameworkId framework, String... roles) {
        log.add(() -> "suppressOffers " + framework + " " + Arrays.asList(roles));
        books.suppress(framework, roles(roles));
        allocator.suppressOffers(framework, roles(roles));
    }

    /** Revives offers for a framework. */
    public void revive(FrameworkId framework, String... roles) {
        log.add(() -> "reviveOffers " + framework + " " + Arrays.asList(roles));
        books.revive(framework, roles(roles));
        allocator.reviveOffers(framework, roles(roles));
    }

    private static Set<Role> roles(String... names) {
        Set<Role> roles = new TreeSet<>();
        Arrays.asList(names).forEach(name -> roles.add(new Role(name)));
        return roles;
    }

    /** Does something with this cluster; if that fails, the failure tells what happened since it was made. */
    public void tell(Runnable story) {
        try {
            story.run();
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError(failure.getMessage() + "\nafter these events:\n" + log, failure);
        }
    }

    /** Lets time pass. */
    public void advance(Duration time) {
        log.add(() -> "advance " + time);
        context.advance(time);
    }

    /** What was offered since this was asked last, without waiting. */
    public List<Allocation> made() {
        List<Allocation> offers = made;
        made = new ArrayList<>();
        return offers;
    }

    /** Changes the weights of roles. */
    public void updateWeights(Weights weights) {
        log.add(() -> "updateWeights " + weights);
        books.setWeights(weights);
        allocator.updateWeights(weights);
    }

    /** Changes the quotas of roles. */
    public void updateQuotas(Quotas quotas) {
        log.add(() -> "updateQuotas " + quotas);
        books.setQuotas(quotas);
        allocator.updateQuotas(quotas);
    }

    /** Gives one role a quota, see {@link #quota}. */
    public void setQuota(String role, String guarantees, String limits) {
        updateQuotas(books.quotas().with(Map.of(new Role(role), quota(guarantees, limits))));
    }

    /** A task holds something that was offered. */
    public void addTask(TaskProfile task) {
        log.add(() -> "addTask " + task);
        books.addTask(task, context.nanoTime());
        allocator.addTask(task);
    }

    /** A task ended; what it held is given back besides. */
    public void removeTask(TaskId id) {
        log.add(() -> "removeTask " + id);
        TaskProfile task = books.removeTask(id);
        if (task != null) {
            allocator.removeTask(task.framework(), task.agent(), id);
        }
    }

    /** What was offered since this was asked last, after the 20 ms that an allocator may take to find it out. */
    public List<Allocation> offers() {
        advance(Duration.ofMillis(20));
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
        log.add(() -> "recoverResources " + framework + " " + agent + " " + resources + ", refused for " + refusal);
        books.takeBack(agent, framework, resources);
        if (refusal != null && books.agent(agent) != null) {
            resources.allocations().forEach((role, part) -> {
                if (books.isServed(framework, role)) {
                    books.declines().add(framework, role, agent, part.unallocate(), refusal, context.nanoTime());
                }
            });
        }
        allocator.recoverResources(framework, agent, resources, refusal);
    }

    /** Changes resources that a framework holds, and the agent's total with them. */
    public void convert(FrameworkId framework, AgentId agent, Resources before, Resources after) {
        log.add(() -> "updateAllocation " + framework + " " + agent + " " + before + " to " + after);
        books.takeBack(agent, framework, before);
        books.give(agent, framework, after);
        books.changeTotal(agent, before.unallocate(), after.unallocate());
        allocator.updateAllocation(framework, agent, before, after);
    }

    /** Changes resources that nobody holds, if the allocator agrees. */
    public boolean convertFree(AgentId agent, Resources before, Resources after) {
        log.add(() -> "updateAvailable " + agent + " " + before + " to " + after);
        boolean done = allocator.updateAvailable(agent, before, after);
        assertThat(done)
                .as("change of %s of %s on %s", before, books.free(agent), agent)
                .isEqualTo(books.agent(agent) != null && books.free(agent).contains(before));
        if (done) {
            books.changeTotal(agent, before, after);
        }
        return done;
    }

    /** What is held on an agent by the books, by framework, with allocation roles. */
    public Map<FrameworkId, Resources> held(AgentId agent) {
        return books.held(agent);
    }

    /** What a framework holds on all agents by the books, without allocation roles. */
    public Resources heldBy(FrameworkId framework) {
        Resources sum = Resources.empty();
        for (AgentId agent : books.agents()) {
            sum = sum.add(
                    books.held(agent).getOrDefault(framework, Resources.empty()).unallocate());
        }
        return sum;
    }

    /** What nobody holds on an agent by the books. */
    public Resources free(AgentId agent) {
        return books.free(agent);
    }

    /** What a role consumes of its quota, see {@link MasterBooks#consumed}. */
    public long consumed(Role role, String name) {
        return books.consumed(role, name);
    }

    /** Whether more is held on an agent than it has, by the books. */
    public boolean isOvercommitted(AgentId agent) {
        return books.isOvercommitted(agent);
    }

    /** The agents, in the order in which they were added. */
    public List<AgentId> agents() {
        return books.agents();
    }

    /** Tells another allocator all that the books know, as at a swap. */
    public void replayInto(AllocatorFixture other) {
        books.replayInto(other, context.nanoTime());
    }
}
