// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.resources.Resources;

/**
 * Everything that can happen to an allocator, at random and repeatable by its seed: agents and frameworks come,
 * change and go, offers are accepted, declined and left lying, tasks end, roles are suppressed and revived, weights
 * change, time passes.
 */
public final class AllocatorWorkload {
    private static final List<String> ROLES = List.of("*", "a", "a/b", "a/b/c", "a/d", "e", "e/f");
    private static final int MOST_AGENTS = 12;
    private static final int MOST_FRAMEWORKS = 8;

    private final AllocatorFixture cluster;
    private final Random random;
    private final List<Allocation> offers = new ArrayList<>();
    private final List<Allocation> tasks = new ArrayList<>();
    private final Map<FrameworkId, FrameworkProfile> frameworks = new LinkedHashMap<>();
    private final Map<AgentId, AgentProfile> agents = new LinkedHashMap<>();
    private int named;
    private long seen;

    /** Makes a workload for an allocator that knows nothing yet. */
    public AllocatorWorkload(AllocatorFixture cluster, long seed) {
        this.cluster = cluster;
        this.random = new Random(seed);
    }

    /** Lets one thing happen. */
    public void step() {
        switch (random.nextInt(20)) {
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
            default -> cluster.advance(Duration.ofMillis(random.nextInt(10) == 0 ? 1500 : random.nextInt(40)));
        }
        collect();
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
            tasks.removeIf(task -> task.agent().equals(id));
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
        return AllocatorFixture.frameworkProfile(
                name, List.copyOf(roles), capabilities.toArray(FrameworkCapability[]::new));
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
        for (List<Allocation> list : Arrays.asList(offers, tasks)) {
            list.removeIf(held -> {
                boolean found = held.framework().equals(framework);
                if (found) {
                    cluster.finish(framework, held.agent(), held.resources());
                }
                return found;
            });
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
            tasks.add(new Allocation(offer.framework(), offer.role(), offer.agent(), task));
        }
        if (!rest.isEmpty()) {
            cluster.giveBack(offer.framework(), offer.agent(), rest, refusal);
        }
    }

    /** Some of the resources, each as a whole. */
    private Resources part(Resources whole) {
        return whole.filter(resource -> random.nextInt(3) != 0);
    }

    private void finish() {
        if (!tasks.isEmpty()) {
            Allocation task = tasks.remove(random.nextInt(tasks.size()));
            cluster.finish(task.framework(), task.agent(), task.resources());
        }
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
        List<Allocation> held = new ArrayList<>(offers);
        held.addAll(tasks);
        offers.clear();
        tasks.clear();
        frameworks.keySet().forEach(id -> cluster.suppress(id));
        held.forEach(one -> cluster.finish(one.framework(), one.agent(), one.resources()));
        agents.keySet().forEach(id -> cluster.setActive(id, true));
        frameworks.keySet().forEach(id -> cluster.setActive(id, true));
    }

    /** The frameworks that are subscribed. */
    public List<FrameworkId> frameworks() {
        return List.copyOf(frameworks.keySet());
    }
}
