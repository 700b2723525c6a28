// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tepui.agent.AgentWorld.framework;
import static org.tepui.agent.AgentWorld.reference;
import static org.tepui.agent.AgentWorld.task;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tepui.proto.internal.AgentRefused;
import org.tepui.proto.internal.AgentRegistered;
import org.tepui.proto.internal.PongAgent;
import org.tepui.proto.internal.RegisterAgent;
import org.tepui.proto.internal.ReregisterAgent;
import org.tepui.proto.internal.RunTasks;
import org.tepui.proto.internal.ShutdownAgent;
import org.tepui.proto.internal.ShutdownFramework;
import org.tepui.proto.internal.UpdateFramework;
import org.tepui.v1.AgentID;
import org.tepui.v1.AgentInfo;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.MasterInfo;
import org.tepui.v1.Resource;
import org.tepui.v1.TaskState;

class RegistrationTest {
    @TempDir
    Path directory;

    private AgentWorld world;

    @BeforeEach
    void start() {
        world = new AgentWorld(directory);
        assertThat(world.start()).isCompleted();
    }

    @Test
    void tellsWhatItOffersUnderTheSameUuidUntilItIsAdmitted() {
        world.master.connect();
        world.loop.advance(Duration.ofMinutes(10));
        List<RegisterAgent> asked = world.master.take(RegisterAgent.class);
        AgentInfo info = asked.get(0).getAgent();
        assertThat(info.getHostname()).isEqualTo("host1");
        assertThat(info.getPort()).isEqualTo(5051);
        assertThat(info.hasId()).isFalse();
        assertThat(info.getResourcesList())
                .extracting(Resource::getName)
                .containsExactlyInAnyOrder("cpus", "mem", "disk", "ports");
        assertThat(info.getAttributes(0).getText().getValue()).isEqualTo("a1");
        assertThat(asked)
                .extracting(RegisterAgent::getRegistrationUuid)
                .containsOnly(asked.get(0).getRegistrationUuid());
        assertThat(asked).as("waits of 0 to 1 s, doubling to 1 min").hasSizeBetween(8, 60);
        world.admit();
        world.loop.advance(Duration.ofMinutes(1));
        assertThat(world.master.take(RegisterAgent.class)).isEmpty();
        assertThat(world.metric("slave/registered")).isEqualTo(1);
    }

    @Test
    void registersAgainWhenTheMasterLostTrackOfIt() {
        world.register();
        world.ping(true);
        assertThat(world.master.take(PongAgent.class)).hasSize(1);
        world.ping(false);
        assertThat(world.metric("slave/registered")).isZero();
        world.loop.advance(Duration.ofSeconds(1));
        assertThat(world.master.take(ReregisterAgent.class)).isNotEmpty();
    }

    @Test
    void connectsAnewWhenNoPingComes() {
        world.register();
        world.loop.advance(Duration.ofSeconds(60));
        world.ping(true);
        world.loop.advance(Duration.ofSeconds(74));
        assertThat(world.master.isConnected()).isTrue();
        world.loop.advance(Duration.ofSeconds(2));
        assertThat(world.master.isConnected()).isFalse();
        world.reregister();
        assertThat(world.metric("slave/registered")).isEqualTo(1);
    }

    @Test
    void keepsItsIdOverARestart() {
        world.register();
        world.restart();
        assertThat(world.reregister().getAgent().getId().getValue()).isEqualTo(AgentWorld.AGENT_ID);
    }

    @Test
    void obeysNoMasterOfAnOlderEpoch() {
        world.master.epoch = 7;
        world.register();
        world.restart();
        world.master.epoch = 6;
        world.master.connect();
        assertThat(world.master.isConnected()).isFalse();
        world.master.epoch = 7;
        world.reregister();
    }

    @Test
    void endsWhenTheMasterRefusesIt() {
        world.register();
        world.master.send(AgentRefused.newBuilder().setReason("it is gone").build());
        assertThat(ended()).contains("refused").contains("it is gone");
        assertThat(world.master.closed).isTrue();
    }

    @Test
    void endsWhenTheMasterTakesItForAnother() {
        world.register();
        world.ping(false);
        world.master.send(AgentRegistered.newBuilder()
                .setAgentId(AgentID.newBuilder().setValue("m2-S7"))
                .setMaster(MasterInfo.newBuilder().setId("m2").setIp(0).setPort(1))
                .setPingTimeoutMs(1000)
                .build());
        assertThat(ended()).contains("m2-S7").contains(AgentWorld.AGENT_ID);
    }

    @Test
    void endsItsTasksAndThenItselfWhenToldToShutDown() {
        world.register();
        world.run(framework(), task("t1"));
        world.master.send(ShutdownAgent.newBuilder().setMessage("gone").build());
        assertThat(world.machine.of("t1").signals).containsExactly(15);
        assertThat(agent().ended()).isNotDone();
        world.loop.advance(Duration.ofSeconds(3));
        assertThat(ended()).contains("shut down");
    }

    @Test
    void endsTheTasksOfAFrameworkWithoutAWord() {
        world.register();
        world.run(framework(), task("t1"), task("t2"));
        world.master.takeUpdates();
        world.machine.exit("t2", 0);
        world.loop.settle();
        world.master.send(ShutdownFramework.newBuilder()
                .setFrameworkId(framework().getId())
                .build());
        world.loop.advance(Duration.ofSeconds(5));
        assertThat(world.machine.entries).isEmpty();
        world.loop.advance(Duration.ofSeconds(20));
        assertThat(world.master.takeUpdates()).isEmpty();
        assertThat(world.metric("slave/frameworks_active")).isZero();
        world.restart();
        ReregisterAgent told = world.reregister();
        assertThat(told.getTasksList()).isEmpty();
        assertThat(told.getFrameworksList()).isEmpty();
    }

    @Test
    void saysNoMoreOfTasksThatAreNotHereOnceTheirFrameworkIsOver() {
        world.register();
        world.admitAgain(reference("t9"));
        assertThat(world.master.takeUpdates()).hasSize(1);
        world.master.send(ShutdownFramework.newBuilder()
                .setFrameworkId(framework().getId())
                .build());
        world.loop.advance(Duration.ofSeconds(30));
        assertThat(world.master.takeUpdates()).isEmpty();
        world.restart();
        world.reregister();
        assertThat(world.master.takeUpdates()).isEmpty();
    }

    @Test
    void goesOnToEndAFrameworkAfterARestart() {
        world.register();
        world.run(framework(), task("t1"));
        world.master.send(ShutdownFramework.newBuilder()
                .setFrameworkId(framework().getId())
                .build());
        world.restart();
        assertThat(world.reregister().getTasksList()).isEmpty();
        world.loop.advance(Duration.ofSeconds(3));
        assertThat(world.machine.entries).isEmpty();
        assertThat(world.master.takeUpdates()).isEmpty();
    }

    @Test
    void answersForTasksThatTheMasterBelievesHere() {
        world.register();
        world.run(framework(FrameworkInfo.Capability.Type.PARTITION_AWARE), task("t1"));
        world.expect("t1", TaskState.TASK_RUNNING);
        world.admitAgain(reference("t1"), reference("t9"));
        world.expect("t9", TaskState.TASK_DROPPED);
    }

    @Test
    void takesNoteOfChangesInAFramework() {
        world.register();
        world.run(framework(), task("t1"));
        FrameworkInfo changed = framework().toBuilder().setName("renamed").build();
        world.master.send(UpdateFramework.newBuilder().setFramework(changed).build());
        world.restart();
        assertThat(world.reregister().getFrameworks(0).getName()).isEqualTo("renamed");
    }

    @Test
    void refusesTasksBeforeItHasAnId() {
        world.master.connect();
        world.run(framework(), task("t1"));
        assertThat(world.master.refusals).hasSize(1);
        assertThat(world.machine.started).isEmpty();
    }

    @Test
    void refusesIdsThatBreakTheRules() {
        world.register();
        for (String id : List.of("", "..", "a/b", "a\nb", "x".repeat(1000))) {
            world.master.refusals.clear();
            world.master.send(RunTasks.newBuilder()
                    .setFramework(framework())
                    .addTasks(task("good"))
                    .addTasks(task(id))
                    .build());
            assertThat(world.master.refusals).as("'%s'", id).hasSize(1);
            assertThat(world.machine.started).as("all or nothing").isEmpty();
        }
    }

    private Agent agent() {
        return Objects.requireNonNull(world.agent);
    }

    private String ended() {
        assertThat(agent().ended()).isCompleted();
        return agent().ended().join();
    }
}
