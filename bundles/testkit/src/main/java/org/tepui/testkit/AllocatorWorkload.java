// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tepui.allocator.AgentConstraint;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.TaskProfile;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quota;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.TaskId;
import org.tepui.api.Weights;
import org.tepui.api.resources.Reservation;
import org.tepui.api.resources.Resource;
import org.tepui.api.resources.Resources;

/**
 * Everything that can happen to an allocator, at random and repeatable by its seed: agents and frameworks come,
 * change and go, offers are accepted, declined and left lying, tasks end, resources are reserved, roles are suppressed
 * and revived, weights and quotas change, time passes.
 */
public final class AllocatorWorkload {
    private static final List<String> ROLES = List.of("*", "a", "a/b", "a/b/c", "a/d", "e", "e/f");
    private static final int MOST_AGENTS = 12;
    private static final int MOST_FRAMEWORKS = 8;

    private final AllocatorFixture cluster;
    private final long seed;
    private final boolean withQuotas;
    private final Random random = new Random();
    private final List<Allocation> offers = new ArrayList<>();
    private final List<Task> tasks = new ArrayList<>();
    private final Map<FrameworkId, FrameworkProfile> frameworks = new LinkedHashMap<>();
    private final Map<AgentId, AgentProfile> agents = new LinkedHashMap<>();

    private int launched;
    private int named;
    private long seen;

    private record Task(TaskId id, Allocation held) {}

    /**
     * Makes a workload for an allocator that knows nothing yet.
     *
     * @param seed of everything that happens
     * @param withQuotas whether roles are given quotas, which not every policy keeps
     */
    public AllocatorWorkload(AllocatorFixture cluster, long seed, boolean withQuotas) {
        this.cluster = cluster;
        this.seed = seed;
        this.withQuotas = withQuotas;
    }

    /**
     * Lets one thing happen. What it is follows from the seed, from its number and from what is there, so that some of
     * the steps of a run can be left out and the others stay much the same.
     *
     * @param number of the step, each another
     */
    public void step(int number) {
        random.setSeed(mix(seed * 1_000_003 + number));
        switch (random.nextInt(25)) {
            case 0, 1 -> addAgent();
            case 2 -> changeAgent();
            case 3, 4 -> addFramework();
            case 5 -> changeFramework();
            case 6, 7, 8, 9 -> answer();
            case 10, 11, 12 -> finish();
            case 13 -> suppress();
            case 14 -> revive();
            case 15 -> weigh();
            case 16 -> toggle();
            case 17 -> reserveFree();
            case 18 -> reserveHeld();
            case 19 -> limit();
            default -> cluster.advance(Duration.ofMillis(random.nextInt(10) == 0 ? 1500 : random.nextInt(40)));
        }
        collect();
    }

    /** Numbers that are close give seeds that are not. */
    private static long mix(long number) {
        long mixed = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    private void collect() {
        List<Allocation> made = cluster.made();
        seen += made.size();
        offers.addAll(made);
    }

    /** How many offers were made so far. */
    public long seen() {
        return seen;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private String resources() {
        String text = "cpus:" + (1 + random.nextInt(8)) + ";mem:" + 100 * random.nextInt(20) + ";ports:[1-"
                + (1 + random.nextInt(20)) + "]";
        text += random.nextInt(3) == 0 ? ";cpus(" + any(ROLES.subList(1, ROLES.size())) + "):2" : "";
        return random.nextInt(6) == 0 ? text + ";gpus:1" : text;
    }

    private void addAgent() {
        if (agents.size() < MOST_AGENTS) {
            AgentProfile plain = AllocatorFixture.agentProfile("s" + named++, resources());
            AgentProfile profile = new AgentProfile(
                    plain.id(),
                    plain.hostname(),
                    plain.attributes(),
                    plain.capabilities(),
                    null,
                    random.nextInt(6) == 0,
                    plain.total());
            agents.put(profile.id(), profile);
            cluster.addAgent(profile, Map.of());
        }
    }

    private void changeAgent() {
        if (agents.isEmpty()) {
            return;
        }
        AgentId id = any(List.copyOf(agents.keySet()));
        if (random.nextInt(3) == 0) {
            agents.remove(id);
            offers.removeIf(offer -> offer.agent().equals(id));
            for (Task task : List.copyOf(tasks)) {
                if (task.held().agent().equals(id)) {
                    end(task);
                }
            }
            cluster.removeAgent(id);
            return;
        }
        AgentProfile profile = agents.get(id);
        if (profile != null) {
            AgentProfile changed = profile.withTotal(Resources.parse(resources()));
            agents.put(id, changed);
            cluster.updateAgent(changed);
        }
    }

    private FrameworkProfile profile(String name) {
        Set<String> roles = new TreeSet<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            roles.add(any(ROLES));
        }
        List<FrameworkCapability> capabilities = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            capabilities.add(FrameworkCapability.GPU_RESOURCES);
        }
        if (random.nextInt(3) == 0) {
            capabilities.add(FrameworkCapability.REGION_AWARE);
        }
        FrameworkProfile plain = AllocatorFixture.frameworkProfile(
                name, List.copyOf(roles), capabilities.toArray(FrameworkCapability[]::new));
        Map<Role, AgentConstraint> constraints = new TreeMap<>();
        for (Role role : plain.roles()) {
            if (random.nextInt(5) == 0) {
                constraints.put(role, new EvenNamed(random.nextBoolean()));
            }
        }
        return new FrameworkProfile(
                plain.id(), plain.name(), plain.roles(), plain.capabilities(), plain.minimumAllocatable(), constraints);
    }

    /** Wants agents whose number is even, or odd. */
    private record EvenNamed(boolean even) implements AgentConstraint {
        @Override
        public boolean admits(AgentProfile agent) {
            char last = agent.hostname().charAt(agent.hostname().length() - 1);
            return (last % 2 == 0) == even;
        }
    }

    private Set<Role> someOf(FrameworkProfile profile) {
        Set<Role> some = new TreeSet<>(profile.roles());
        some.removeIf(role -> random.nextInt(3) != 0);
        return some;
    }

    private void addFramework() {
        if (frameworks.size() < MOST_FRAMEWORKS) {
            FrameworkProfile profile = profile("f" + named++);
            frameworks.put(profile.id(), profile);
            cluster.addFramework(profile, random.nextInt(5) != 0, someOf(profile));
        }
    }

    private void changeFramework() {
        if (frameworks.isEmpty()) {
            return;
        }
        FrameworkId id = any(List.copyOf(frameworks.keySet()));
        if (random.nextInt(3) == 0) {
            frameworks.remove(id);
            cluster.removeFramework(id);
            giveBackAll(id);
        } else {
            FrameworkProfile changed = profile(id.value());
            frameworks.put(id, changed);
            cluster.updateFramework(changed, someOf(changed));
        }
    }

    private void giveBackAll(FrameworkId framework) {
        offers.removeIf(offer -> {
            boolean found = offer.framework().equals(framework);
            if (found) {
                cluster.finish(framework, offer.agent(), offer.resources());
            }
            return found;
        });
        for (Task task : List.copyOf(tasks)) {
            if (task.held().framework().equals(framework)) {
                finish(task);
            }
        }
    }

    private void answer() {
        if (offers.isEmpty()) {
            return;
        }
        Allocation offer = offers.remove(random.nextInt(offers.size()));
        Duration refusal = Duration.ofMillis(random.nextInt(3) == 0 ? 0 : random.nextInt(8000));
        if (random.nextInt(3) == 0) {
            cluster.decline(offer, refusal);
            return;
        }
        Resources task = part(offer.resources());
        Resources rest = offer.resources().subtract(task);
        if (!task.isEmpty()) {
            launch(new Allocation(offer.framework(), offer.role(), offer.agent(), task));
        }
        if (!rest.isEmpty()) {
            cluster.giveBack(offer.framework(), offer.agent(), rest, refusal);
        }
    }

    /** Some of the resources, each as a whole. */
    private Resources part(Resources whole) {
        return whole.filter(resource -> random.nextInt(3) != 0);
    }

    private void launch(Allocation held) {
        TaskId id = new TaskId("t" + launched++);
        tasks.add(new Task(id, held));
        cluster.addTask(new TaskProfile(
                held.framework(),
                id,
                held.agent(),
                held.role(),
                held.resources(),
                random.nextInt(3),
                Duration.ofSeconds(random.nextInt(3))));
    }

    private void finish() {
        if (!tasks.isEmpty()) {
            finish(tasks.get(random.nextInt(tasks.size())));
        }
    }

    private void finish(Task task) {
        end(task);
        cluster.finish(task.held().framework(), task.held().agent(), task.held().resources());
    }

    private void end(Task task) {
        tasks.remove(task);
        cluster.removeTask(task.id());
    }

    private Reservation reservation(Role role) {
        return Reservation.dynamic(role.equals(Role.ANY) ? new Role("a") : role);
    }

    /** An operator reserves something, or gives it up. */
    private void reserveFree() {
        if (agents.isEmpty()) {
            return;
        }
        AgentId agent = any(List.copyOf(agents.keySet()));
        Resources some = part(cluster.free(agent)).filter(AllocatorWorkload::isReservable);
        boolean giveUp = random.nextBoolean();
        Resources before = giveUp ? some.reserved().filter(AllocatorWorkload::isDynamic) : some.unreserved();
        Resources after = giveUp ? before.popReservation() : before.pushReservation(reservation(new Role(any(ROLES))));
        if (!before.isEmpty()) {
            cluster.convertFree(agent, before, after);
        }
    }

    /** Ranges may overlap when an agent has become another, which scalars cannot. */
    private static boolean isReservable(Resource resource) {
        return resource.name().equals("cpus") || resource.name().equals("mem");
    }

    private static boolean isDynamic(Resource resource) {
        List<Reservation> stack = resource.identity().reservations();
        return stack.size() == 1 && stack.get(0).type() == Reservation.Type.DYNAMIC;
    }

    /** A framework reserves something that it was offered. */
    private void reserveHeld() {
        if (offers.isEmpty()) {
            return;
        }
        int index = random.nextInt(offers.size());
        Allocation offer = offers.get(index);
        Resources before =
                part(offer.resources()).filter(AllocatorWorkload::isReservable).unreserved();
        if (before.isEmpty() || offer.role().equals(Role.ANY) || cluster.isOvercommitted(offer.agent())) {
            return;
        }
        Resources after = before.pushReservation(reservation(offer.role()));
        Resources rest = offer.resources().subtract(before).add(after);
        offers.set(index, new Allocation(offer.framework(), offer.role(), offer.agent(), rest));
        cluster.convert(offer.framework(), offer.agent(), before, after);
    }

    private void limit() {
        if (!withQuotas) {
            return;
        }
        Map<Role, Quota> some = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            int guaranteed = random.nextInt(8);
            String guarantees = random.nextBoolean() ? "" : "cpus:" + guaranteed + ";mem:" + 100 * random.nextInt(8);
            String limits = random.nextBoolean() ? "" : "cpus:" + (guaranteed + random.nextInt(8));
            some.put(new Role(any(ROLES)), AllocatorFixture.quota(guarantees, limits));
        }
        cluster.updateQuotas(Quotas.none().with(some));
    }

    private void suppress() {
        if (!frameworks.isEmpty()) {
            cluster.suppress(any(List.copyOf(frameworks.keySet())), any(ROLES));
        }
    }

    private void revive() {
        if (!frameworks.isEmpty()) {
            FrameworkId id = any(List.copyOf(frameworks.keySet()));
            if (random.nextBoolean()) {
                cluster.revive(id);
            } else {
                cluster.revive(id, any(ROLES));
            }
        }
    }

    private void weigh() {
        double weight = 0.5 + random.nextInt(4);
        cluster.updateWeights(Weights.none().with(Map.of(new Role(any(ROLES)), weight)));
    }

    private void toggle() {
        if (random.nextBoolean() && !agents.isEmpty()) {
            cluster.setActive(any(List.copyOf(agents.keySet())), random.nextInt(3) != 0);
        } else if (!frameworks.isEmpty()) {
            cluster.setActive(any(List.copyOf(frameworks.keySet())), random.nextInt(3) != 0);
        }
    }

    /** Ends every task and offer, brings everybody back, and revives them. */
    public void bringBackAll() {
        collect();
        cluster.updateQuotas(Quotas.none());
        frameworks.keySet().forEach(id -> cluster.suppress(id));
        offers.forEach(offer -> cluster.finish(offer.framework(), offer.agent(), offer.resources()));
        offers.clear();
        List.copyOf(tasks).forEach(this::finish);
        agents.keySet().forEach(id -> cluster.setActive(id, true));
        frameworks.keySet().forEach(id -> cluster.setActive(id, true));
    }

    /** The frameworks that are subscribed. */
    public List<FrameworkId> frameworks() {
        return List.copyOf(frameworks.keySet());
    }
}
