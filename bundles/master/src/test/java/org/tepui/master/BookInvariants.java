// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.tepui.api.FrameworkId;
import org.tepui.api.TaskState;
import org.tepui.api.resources.Resources;

/** What must hold of a master's books after every event. */
final class BookInvariants {
    private BookInvariants() {}

    /** Looks at all accounts. Cheap: it is called after every event. */
    static void check(TestMaster master) {
        Managers managers =
                master.master.services().map(MasterServices::managers).orElse(null);
        if (managers == null) {
            return;
        }
        for (AgentEntry agent : managers.agents().all()) {
            if (agent.state().inBooks()) {
                checkAccounts(agent);
            } else {
                require(agent.tasks.isEmpty() && agent.offers.isEmpty(), "leftovers on " + agent.id);
            }
            for (TaskEntry task : agent.tasks.values()) {
                FrameworkEntry framework = managers.frameworks()
                        .find(task.key.framework())
                        .orElseThrow(() -> new AssertionError("a task without framework: " + task.key));
                require(
                        framework.tasks.get(task.key.task()) == task || framework.displaced.contains(task),
                        "not its framework's: " + task.key);
            }
        }
        checkFrameworks(managers);
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new AssertionError(problem);
        }
    }

    /** What is counted as things happen is what can be counted now. */
    static void checkGauges(TestMaster master) {
        Managers managers = master.master.services().orElseThrow().managers();
        Map<TaskState, Long> counts = new EnumMap<>(TaskState.class);
        managers.agents()
                .all()
                .forEach(agent -> agent.tasks.values().forEach(task -> counts.merge(task.state(), 1L, Long::sum)));
        managers.frameworks()
                .all()
                .forEach(framework ->
                        counts.merge(TaskState.UNREACHABLE, (long) framework.unreachableTasks.size(), Long::sum));
        Map<String, Double> metrics = master.metrics.snapshot();
        for (TaskState state : EnumSet.complementOf(EnumSet.of(TaskState.UNKNOWN))) {
            if (!state.isTerminal()) {
                assertThat(metrics)
                        .containsEntry(
                                "master/tasks_" + state.name().toLowerCase(Locale.ROOT),
                                counts.getOrDefault(state, 0L).doubleValue());
            }
        }
        assertThat(metrics)
                .containsEntry("master/slaves_active", count(managers, AgentState.ACTIVE))
                .containsEntry("master/slaves_disconnected", count(managers, AgentState.DISCONNECTED))
                .containsEntry("master/slaves_unreachable", count(managers, AgentState.UNREACHABLE));
    }

    private static double count(Managers managers, AgentState state) {
        return managers.agents().all().stream()
                .filter(agent -> agent.state() == state)
                .count();
    }

    /** I1, I2: what is held is there, once, and the sums are kept right. */
    private static void checkAccounts(AgentEntry agent) {
        Resources used = Resources.empty();
        Resources offered = Resources.empty();
        Resources left = agent.total;
        for (TaskEntry task : agent.tasks.values()) {
            require(task.charged() == !task.state().isTerminal(), "charged wrongly: " + task.key);
            if (task.charged()) {
                // subtracting throws if it is not there
                left = left.subtract(task.resources);
                used = used.add(task.resources);
            }
        }
        for (OfferEntry offer : agent.offers.values()) {
            left = left.subtract(offer.resources);
            offered = offered.add(offer.resources);
            require(
                    offer.state() == OfferState.OUTSTANDING
                            && offer.framework.offers.get(offer.id) == offer
                            && agent.isActive()
                            && offer.framework.isActive(),
                    "a stray offer: " + offer.id);
        }
        require(agent.used().equals(used), "used is wrong on " + agent.id);
        require(agent.offered().equals(offered), "offered is wrong on " + agent.id);
        require(agent.free().equals(left), "free is wrong on " + agent.id);
    }

    private static void checkFrameworks(Managers managers) {
        int offers = 0;
        for (FrameworkEntry framework : managers.frameworks().all()) {
            offers += framework.offers.size();
            for (TaskEntry task : framework.tasks.values()) {
                require(
                        managers.agents().find(task.agent).orElseThrow().tasks.get(task.key) == task,
                        "not on its agent: " + task.key);
            }
            require(framework.isActive() == (framework.connection != null), "half connected: " + framework.id);
        }
        int outstanding = 0;
        for (OfferEntry offer : managers.offers().all()) {
            require(offer.state() == OfferState.OUTSTANDING, "outstanding and over: " + offer.id);
            outstanding++;
        }
        require(outstanding == offers, outstanding + " offers are outstanding, frameworks have " + offers);
    }

    /** When nothing is under way, the policy counts exactly what the books do. */
    static void checkPolicy(TestMaster master) {
        checkPolicy(master, master.policy.last());
    }

    /** The same for a policy that took its place. */
    static void checkPolicy(TestMaster master, GreedyPolicy policy) {
        MasterServices services = master.master.services().orElseThrow();
        Managers managers = services.managers();
        for (AgentEntry agent : managers.agents().all()) {
            if (agent.state() != AgentState.ACTIVE && agent.state() != AgentState.DISCONNECTED) {
                continue;
            }
            Set<FrameworkId> ids = new TreeSet<>();
            agent.tasks.keySet().forEach(key -> ids.add(key.framework()));
            managers.frameworks().all().forEach(framework -> ids.add(framework.id));
            for (FrameworkId id : ids) {
                Resources held = Resources.empty();
                for (TaskEntry task : agent.tasks.values()) {
                    if (task.charged() && task.key.framework().equals(id)) {
                        held = held.add(task.resources.allocate(task.role));
                    }
                }
                for (OfferEntry offer : agent.offers.values()) {
                    if (offer.framework.id.equals(id)) {
                        held = held.add(offer.resources.allocate(offer.role));
                    }
                }
                assertThat(policy.held(id, agent.id))
                        .as("what the policy counts for %s on %s", id, agent.id)
                        .isEqualTo(held);
            }
        }
    }
}
