// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.tepui.api.TaskState;
import org.tepui.runtime.simulated.ProcessPlan;
import org.tepui.runtime.simulated.SimulatedRandomness;

/** Whatever breaks, and whenever: no task is lost in silence, none is started twice, and none speaks after its end. */
class AgentCrashTest {
    private static final Duration SETTLED = Duration.ofSeconds(3);

    @Test
    void runsTasksWhenNothingBreaks() {
        SimulatedCluster cluster = withTasks(1);
        cluster.checkEnd();
        assertThat(cluster.histories.values())
                .allSatisfy(history -> assertThat(history.states.get(0)).isEqualTo(TaskState.RUNNING));
    }

    @Test
    void survivesACrashOfTheMachineAtEveryWriteToItsDisk() {
        SimulatedCluster measured = withTasks(1);
        measured.checkEnd();
        long operations = measured.agentNode.disk().operations();
        assertThat(operations).isGreaterThan(50);
        for (long at = 0; at < operations; at++) {
            SimulatedCluster cluster = withTasks(1);
            cluster.agentNode.disk().crashAfterOperations(at);
            restartWhenDown(cluster);
            cluster.checkEnd();
        }
    }

    @Test
    void survivesItsOwnEndAtManyMoments() {
        for (int millis = 0; millis < 2000; millis += 7) {
            SimulatedCluster cluster = withTasks(millis);
            cluster.world.time().run(Duration.ofMillis(millis));
            cluster.agentNode.restart();
            cluster.checkEnd();
        }
    }

    @Test
    void survivesManyFaultsTogether() {
        for (long seed = 1; seed <= 150; seed++) {
            SimulatedCluster cluster = withTasks(seed);
            SimulatedRandomness chances = cluster.world.randomness();
            for (int fault = 0; fault < 6; fault++) {
                cluster.world.time().run(Duration.ofMillis(chances.nextInt(1500)));
                happen(cluster, chances.nextInt(5));
            }
            cluster.world.network().healAll();
            cluster.checkEnd();
        }
    }

    @Test
    void aRestartOfTheAgentTouchesNoProcess() {
        SimulatedCluster cluster = new SimulatedCluster(3);
        cluster.agentNode.machine().setBehaviour(spec -> ProcessPlan.exits(Duration.ofSeconds(30), 7));
        cluster.run("t1");
        cluster.world.time().run(SETTLED);
        assertThat(cluster.states("t1")).containsExactly(TaskState.RUNNING);
        cluster.agentNode.restart();
        cluster.world.time().run(SETTLED);
        assertThat(cluster.agentNode.machine().running()).hasSize(1);
        cluster.checkEnd();
        assertThat(cluster.states("t1")).containsExactly(TaskState.RUNNING, TaskState.FAILED);
        assertThat(cluster.agentNode.machine().startedCount()).isEqualTo(1);
    }

    @Test
    void hearsOfATaskThatEndedWhileNobodyLooked() {
        SimulatedCluster cluster = new SimulatedCluster(4);
        cluster.run("t1");
        cluster.world.time().runUntil(() -> !cluster.states("t1").isEmpty(), SETTLED);
        cluster.agentNode.kill();
        cluster.world.time().run(Duration.ofSeconds(10));
        cluster.agentNode.restart();
        cluster.checkEnd();
        assertThat(cluster.states("t1")).containsExactly(TaskState.RUNNING, TaskState.FINISHED);
    }

    @Test
    void aTaskOfAMachineThatWasRestartedIsGone() {
        SimulatedCluster cluster = new SimulatedCluster(5);
        cluster.agentNode.machine().setBehaviour(spec -> ProcessPlan.runsUntilKilled());
        cluster.run("t1");
        cluster.world.time().run(SETTLED);
        cluster.agentNode.crash();
        cluster.agentNode.restart();
        cluster.checkEnd();
        assertThat(cluster.states("t1")).containsExactly(TaskState.RUNNING, TaskState.GONE);
    }

    @Test
    void goesOnToKillAfterARestart() {
        SimulatedCluster cluster = new SimulatedCluster(6);
        cluster.agentNode.machine().setBehaviour(spec -> ProcessPlan.endsOnlyBySigkill());
        cluster.run("t1");
        cluster.world.time().run(SETTLED);
        cluster.kill("t1");
        cluster.world.time().run(Duration.ofSeconds(1));
        cluster.agentNode.restart();
        cluster.checkEnd();
        assertThat(cluster.states("t1")).containsExactly(TaskState.RUNNING, TaskState.KILLED);
    }

    @Test
    void acknowledgesNothingWhileTheDiskIsFullAndGoesOnAfterwards() {
        SimulatedCluster cluster = new SimulatedCluster(7);
        cluster.world.time().run(SETTLED);
        cluster.agentNode.disk().setCapacity(cluster.agentNode.disk().usedBytes());
        cluster.run("t1");
        cluster.world.time().run(Duration.ofMinutes(5));
        assertThat(cluster.agentNode.machine().startedCount())
                .as("nothing starts unrecorded")
                .isZero();
        assertThat(cluster.states("t1")).isEmpty();
        cluster.agentNode.disk().setCapacity(Long.MAX_VALUE);
        cluster.checkEnd();
    }

    @Test
    void saysNothingOfATaskThatIsNotOnDisk() {
        SimulatedCluster cluster = new SimulatedCluster(9);
        cluster.agentNode.machine().setBehaviour(spec -> ProcessPlan.exits(Duration.ofSeconds(10), 0));
        cluster.run("t1");
        cluster.world.time().run(SETTLED);
        assertThat(cluster.states("t1")).containsExactly(TaskState.RUNNING);
        cluster.agentNode.disk().setCapacity(cluster.agentNode.disk().usedBytes());
        cluster.world.time().run(Duration.ofMinutes(5));
        assertThat(cluster.agentNode.machine().running()).isEmpty();
        assertThat(cluster.states("t1")).containsExactly(TaskState.RUNNING);
        cluster.agentNode.disk().setCapacity(Long.MAX_VALUE);
        cluster.checkEnd();
        assertThat(cluster.states("t1")).containsExactly(TaskState.RUNNING, TaskState.FINISHED);
    }

    @Test
    void keepsItsLogShort() {
        SimulatedCluster cluster = new SimulatedCluster(8);
        cluster.compactionBytes = 4000;
        for (int i = 0; i < 300; i++) {
            cluster.run("t" + i);
            cluster.world.time().run(Duration.ofMillis(50));
        }
        cluster.world.time().run(SETTLED);
        assertThat(cluster.agentNode.disk().usedBytes()).isLessThan(20_000);
        cluster.agentNode.restart();
        cluster.checkEnd();
    }

    private static SimulatedCluster withTasks(long seed) {
        SimulatedCluster cluster = new SimulatedCluster(seed);
        cluster.compactionBytes = 1000;
        Consumer<String> later = id -> cluster.run(id);
        for (int i = 0; i < 6; i++) {
            String id = "t" + i;
            cluster.world.schedule("run task", Duration.ofMillis(150L * i), () -> later.accept(id));
        }
        cluster.world.schedule("kill task", Duration.ofMillis(900), () -> cluster.kill("t5"));
        return cluster;
    }

    private static void happen(SimulatedCluster cluster, int fault) {
        switch (fault) {
            case 0 -> cluster.agentNode.restart();
            case 1 -> {
                cluster.agentNode.crash();
                cluster.agentNode.restart();
            }
            case 2 -> cluster.world.network().breakLinks("agent", "master");
            case 3 -> cluster.world.network().partition("agent", "master");
            default -> cluster.world.network().healAll();
        }
    }

    private static void restartWhenDown(SimulatedCluster cluster) {
        cluster.world.time().runUntil(() -> !cluster.agentNode.isRunning(), Duration.ofMinutes(1));
        if (!cluster.agentNode.isRunning()) {
            cluster.agentNode.restart();
        }
    }
}
