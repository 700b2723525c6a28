// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Preemption;
import org.tepui.allocator.TaskProfile;
import org.tepui.api.AgentId;
import org.tepui.api.Role;
import org.tepui.api.resources.Resources;

/** What holds of every plan, on random clusters, against the books of the test. */
class PreemptionPropertiesTest {
    private static final int RUNS = 1_500;
    private static final List<String> ROLES = List.of("prod", "batch", "test", "scrap");
    private static final Map<String, Integer> CLASSES = Map.of("prod", 1000, "batch", 100, "test", 100, "scrap", 1);

    private static int classOf(String role) {
        return Objects.requireNonNull(CLASSES.get(role), role);
    }

    /** A cluster with the needs of those who wait in it. */
    private static final class Scene {
        private final Random random;
        private final PreemptingCluster cluster;
        private final Map<AgentId, List<TaskProfile>> tasks = new LinkedHashMap<>();
        private final Map<String, Resources> needs = new LinkedHashMap<>();
        private final int budget;
        private final int guaranteed;

        private Scene(int seed, boolean bounded) {
            random = new Random(seed);
            budget = bounded ? 1 + random.nextInt(4) : 10_000;
            guaranteed = bounded ? random.nextInt(8) : 0;
            List<String> settings = new ArrayList<>(
                    List.of("preemption", "off", "preemption.wait", "0s", "preemption.budget", String.valueOf(budget)));
            if (guaranteed > 0) {
                settings.addAll(List.of("guarantees", "batch=cpus:" + guaranteed));
            }
            cluster = new PreemptingCluster(settings.toArray(String[]::new));
            int agents = 1 + random.nextInt(5);
            for (int i = 0; i < agents; i++) {
                addAgent("s" + i);
            }
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                String need = "cpus:" + (1 + random.nextInt(7)) + ";mem:" + 100 * (1 + random.nextInt(7));
                String role = ROLES.get(random.nextInt(ROLES.size()));
                needs.put(role, Resources.parse(need));
            }
            needs.forEach((role, need) -> cluster.addWaiting("w-" + role, role, need.toString()));
        }

        private void addAgent(String name) {
            List<String> launched = new ArrayList<>();
            int cpus = 0;
            int mem = 0;
            for (int i = random.nextInt(6); i > 0; i--) {
                int some = 1 + random.nextInt(4);
                int more = 100 * (1 + random.nextInt(4));
                cpus += some;
                mem += more;
                launched.add(ROLES.get(random.nextInt(ROLES.size())) + (100 * tasks.size() + i) + " cpus:" + some
                        + ";mem:" + more + " " + random.nextInt(100) + " " + 7 * random.nextInt(3));
            }
            String total = "cpus:" + (cpus + random.nextInt(2)) + ";mem:" + (mem + 100 * random.nextInt(2) + 1);
            AgentId agent = cluster.addAgent(name, total, launched.toArray(String[]::new));
            tasks.put(
                    agent,
                    cluster.tasks.values().stream()
                            .filter(task -> task.agent().equals(agent))
                            .toList());
        }

        private Resources need(String role) {
            return Objects.requireNonNull(needs.get(role), role);
        }

        private int level(TaskProfile task) {
            TreeSet<Integer> labels = new TreeSet<>();
            tasks.values()
                    .forEach(all -> all.stream()
                            .filter(other -> other.role().equals(task.role()))
                            .forEach(other -> labels.add(other.priority())));
            return labels.headSet(task.priority()).size();
        }

        /** Class and label of the dearest in one number. */
        private int price(List<TaskProfile> victims) {
            return victims.stream()
                    .mapToInt(task -> classOf(task.role().name()) * 10 + level(task))
                    .max()
                    .orElse(0);
        }

        private Resources room(AgentId agent, List<TaskProfile> victims) {
            Resources room = cluster.fixture.free(agent);
            for (TaskProfile victim : victims) {
                room = room.add(victim.resources().unallocate());
            }
            return room;
        }

        /** The lowest price for which a need fits anywhere, by trying every set of tasks. */
        private int lowestPrice(String role, Resources need) {
            int lowest = Integer.MAX_VALUE;
            for (Map.Entry<AgentId, List<TaskProfile>> entry : tasks.entrySet()) {
                List<TaskProfile> lower = entry.getValue().stream()
                        .filter(task -> classOf(task.role().name()) < classOf(role))
                        .toList();
                for (int set = 1; set < 1 << lower.size(); set++) {
                    int chosen = set;
                    List<TaskProfile> victims = lower.stream()
                            .filter(task -> (chosen >> lower.indexOf(task) & 1) == 1)
                            .toList();
                    if (room(entry.getKey(), victims).contains(need)) {
                        lowest = Math.min(lowest, price(victims));
                    }
                }
            }
            return lowest;
        }
    }

    /** Checks everything, and returns the plan by beneficiary. */
    private static Map<String, List<TaskProfile>> check(Scene scene, int run) {
        List<Preemption> plan = scene.cluster.fixture.allocator().planPreemptions();
        Map<String, List<TaskProfile>> victims = new LinkedHashMap<>();
        for (Preemption one : plan) {
            victims.computeIfAbsent(one.beneficiary().name(), key -> new ArrayList<>())
                    .add(scene.cluster.tasks.get(one.task().value()));
        }
        assertThat(plan).as("run %d", run).extracting(Preemption::task).doesNotHaveDuplicates();
        victims.forEach((role, all) -> {
            Resources need = scene.need(role);
            AgentId agent = all.get(0).agent();
            assertThat(all).allMatch(task -> task.agent().equals(agent));
            assertThat(all).allMatch(task -> classOf(task.role().name()) < classOf(role));
            assertThat(scene.room(agent, all).contains(need))
                    .as("run %d: %s fits for %s", run, need, role)
                    .isTrue();
            for (TaskProfile one : all) {
                List<TaskProfile> fewer = new ArrayList<>(all);
                fewer.remove(one);
                assertThat(scene.room(agent, fewer).contains(need))
                        .as("run %d: %s is not needed", run, one)
                        .isFalse();
            }
        });
        return victims;
    }

    @Test
    void neverPlansMoreThanIsNeededAndTakesTheLeastImportant() {
        int planned = 0;
        for (int run = 0; run < RUNS; run++) {
            Scene scene = new Scene(run, false);
            Map<String, List<TaskProfile>> victims = check(scene, run);
            planned += victims.size();
            if (scene.needs.size() > 1) {
                continue;
            }
            String role = scene.needs.keySet().iterator().next();
            Resources need = scene.need(role);
            boolean free = scene.tasks.keySet().stream()
                    .anyMatch(agent -> scene.cluster.fixture.free(agent).contains(need));
            int lowest = free ? Integer.MAX_VALUE : scene.lowestPrice(role, need);
            List<TaskProfile> chosen = victims.getOrDefault(role, List.of());
            assertThat(chosen.isEmpty() ? Integer.MAX_VALUE : scene.price(chosen))
                    .as("run %d: price of %s", run, chosen)
                    .isEqualTo(lowest);
        }
        assertThat(planned).isGreaterThan(RUNS / 4);
    }

    @Test
    void keepsGuaranteesAndBudgets() {
        int planned = 0;
        for (int run = 0; run < RUNS; run++) {
            Scene scene = new Scene(run, true);
            Map<String, Integer> taken = new HashMap<>();
            long left = 0;
            Map<String, List<TaskProfile>> victims = check(scene, run);
            for (TaskProfile task : scene.cluster.tasks.values()) {
                boolean ends = victims.values().stream().anyMatch(all -> all.contains(task));
                if (ends) {
                    planned++;
                    taken.merge(task.role().name(), 1, Integer::sum);
                } else if (task.role().equals(new Role("batch"))) {
                    left += task.resources().thousandths("cpus");
                }
            }
            assertThat(taken.values()).as("run %d", run).allMatch(count -> count <= scene.budget);
            if (taken.containsKey("batch")) {
                assertThat(left).as("run %d", run).isGreaterThanOrEqualTo(1_000L * scene.guaranteed);
            }
        }
        assertThat(planned).isGreaterThan(RUNS / 10);
    }

    /** A dry run shows what the next moment does, whatever the cluster. */
    @Test
    void plansWhatIsThenDone() {
        for (int run = 0; run < RUNS / 5; run++) {
            Random random = new Random(run);
            PreemptingCluster cluster = new PreemptingCluster("preemption.wait", "0s");
            for (int i = 0; i < 4; i++) {
                cluster.addAgent(
                        "s" + i,
                        "cpus:4;mem:400",
                        ROLES.get(1 + random.nextInt(3)) + (10 * i + 1) + " cpus:2;mem:200 " + random.nextInt(50),
                        ROLES.get(1 + random.nextInt(3)) + (10 * i + 2) + " cpus:2;mem:200 " + random.nextInt(50));
            }
            cluster.addWaiting("web", "prod", "cpus:" + (1 + random.nextInt(4)));
            cluster.addWaiting("jobs", "batch", "cpus:" + (1 + random.nextInt(4)));
            List<String> planned = cluster.planned();
            assertThat(cluster.planned()).isEqualTo(planned);
            cluster.advance(1);
            assertThat(PreemptingCluster.names(cluster.preempted()))
                    .as("run %d", run)
                    .isEqualTo(planned);
        }
    }
}
