// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tepui.agent.AgentWorld.framework;
import static org.tepui.agent.AgentWorld.task;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tepui.api.resources.Resources;
import org.tepui.proto.internal.RegisterAgent;
import org.tepui.proto.internal.ReregisterAgent;
import org.tepui.runtime.Address;
import org.tepui.runtime.SystemDisk;
import org.tepui.v1.AgentInfo;
import org.tepui.v1.TaskState;

class AgentStartTest {
    @TempDir
    Path directory;

    @Test
    void refusesAWorkDirectoryThatAnotherAgentUses() {
        AgentWorld first = new AgentWorld(directory).running();
        AgentWorld second = new AgentWorld(directory);
        assertThat(reason(second.start()))
                .contains("work_dir")
                .contains(directory.toString())
                .contains("use");
        first.crash();
        assertThat(second.start()).isCompleted();
        second.crash();
    }

    @Test
    void refusesAWorkDirectoryThatCannotBeOne() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThat(reason(new AgentWorld(file).start())).contains("work_dir").contains(file.toString());
    }

    @Test
    void refusesAnotherHostsWorkDirectoryWithTasks() {
        AgentWorld world = new AgentWorld(directory).running();
        world.run(framework(), task("t1"));
        world.crash();
        world.config = renamed(world.config, "host2", world.config.resources());
        assertThat(reason(world.start())).contains("host1").contains("host2").contains("tasks");
        stop(world);
        world.config = renamed(world.config, "host1", Optional.of("cpus:1"));
        assertThat(reason(world.start())).contains("cpus:1");
        stop(world);
        world.config = renamed(world.config, "host1", new AgentWorld(directory).config.resources());
        assertThat(world.start()).isCompleted();
        assertThat(world.reregister().getTasksList()).hasSize(1);
        world.crash();
    }

    @Test
    void becomesANewAgentWhenItOffersSomethingElseAndHasNoTasks() {
        AgentWorld world = new AgentWorld(directory).running();
        world.crash();
        world.config = renamed(world.config, "host1", Optional.of("cpus:1"));
        assertThat(world.start()).isCompleted();
        world.master.connect();
        world.loop.advance(Duration.ofSeconds(1));
        assertThat(world.master.take(RegisterAgent.class)).isNotEmpty();
        assertThat(world.master.take(ReregisterAgent.class)).isEmpty();
        world.crash();
    }

    @Test
    void refusesToStartAsAnAgentThatNoMasterWouldTake() {
        AgentWorld world = new AgentWorld(directory);
        world.config = renamed(world.config, "host.".repeat(60), world.config.resources());
        assertThat(reason(world.start())).contains("hostname 'host.host.").contains("1 to 253 characters");
        world.crash();
    }

    @Test
    void staysTheSameAgentWhenThePortChangesOrTheDiskFills() {
        AgentWorld world = new AgentWorld(directory);
        world.config = renamed(world.config, "host1", Optional.of("cpus:1"));
        world.running();
        world.restart();
        AgentInfo before = world.reregister().getAgent();
        world.crash();
        AgentConfig c = world.config;
        world.config = new AgentConfig(
                new Address("127.0.0.1", 6000),
                c.hostname(),
                c.master(),
                c.workDirectory(),
                c.resources(),
                c.attributes(),
                c.switchUser(),
                c.version(),
                c.timings(),
                c.bounds());
        assertThat(world.start()).isCompleted();
        AgentInfo after = world.reregister().getAgent();
        assertThat(after).isEqualTo(before.toBuilder().setPort(6000).build());
        world.crash();
    }

    @Test
    void keepsAsideALogThatIsNoneAndBeginsAnew() throws Exception {
        Path log = directory.resolve("meta/agent.log");
        Files.createDirectories(Objects.requireNonNull(log.getParent()));
        Files.writeString(log, "this is no log".repeat(100), StandardCharsets.UTF_8);
        new AgentWorld(directory).running().crash();
        assertThat(directory.resolve("meta/agent.log.damaged-1")).exists();
    }

    @Test
    void neverFailsToStartOverADamagedLogNorBelievesItsDamage() throws Exception {
        AgentWorld world = new AgentWorld(directory.resolve("good")).running();
        world.run(framework(), task("t1"), task("t2"));
        world.master.takeUpdates().forEach(world::acknowledge);
        world.machine.exit("t1", 0);
        world.loop.settle();
        world.crash();
        byte[] good = Files.readAllBytes(directory.resolve("good/meta/agent.log"));
        Random random = new Random(11);
        for (int i = 0; i < 300; i++) {
            Path work = directory.resolve("bad" + i);
            Files.createDirectories(work.resolve("meta"));
            byte[] bad = i < 100 ? java.util.Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int flips = i < 100 ? 0 : 1 + random.nextInt(4); flips > 0; flips--) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(work.resolve("meta/agent.log"), bad);
            AgentWorld damaged = new AgentWorld(work);
            CompletableFuture<Address> started = damaged.start();
            assertThat(started.isDone()).isTrue();
            if (started.isCompletedExceptionally()) {
                assertThat(reason(started)).contains("agent.log");
            }
            damaged.crash();
        }
    }

    @Test
    void findsWhatIsNotConfiguredByLookingAtTheMachine() throws Exception {
        MachineResources machine = new MachineResources(new SystemDisk(), directory, 6);
        Resources found = machine.of(Optional.empty(), Resources.empty());
        assertThat(found.thousandths("cpus")).isEqualTo(6000);
        assertThat(found.thousandths("mem")).isPositive();
        assertThat(found.thousandths("disk")).isPositive();
        assertThat(found.thousandths("ports")).isEqualTo(1001_000);
        Resources mixed = machine.of(Optional.of("mem:512;gpus:2"), Resources.parse("cpus:3;mem:77"));
        assertThat(mixed.thousandths("mem")).as("configured").isEqualTo(512_000);
        assertThat(mixed.thousandths("cpus")).as("as before").isEqualTo(3000);
        assertThat(mixed.thousandths("gpus")).isEqualTo(2000);
    }

    @Test
    void boundsTheTasksThatAreHere() {
        AgentWorld world = new AgentWorld(directory);
        AgentConfig c = world.config;
        world.config = new AgentConfig(
                c.listen(),
                c.hostname(),
                c.master(),
                c.workDirectory(),
                c.resources(),
                c.attributes(),
                true,
                c.version(),
                c.timings(),
                c.bounds().withLiveTasks(2));
        world.running();
        world.run(framework(), task("t1"), task("t2"), task("t3"));
        assertThat(world.master.takeUpdates())
                .extracting(u -> u.getStatus().getState())
                .containsExactlyInAnyOrder(TaskState.TASK_RUNNING, TaskState.TASK_RUNNING, TaskState.TASK_LOST);
        world.crash();
    }

    private static AgentConfig renamed(AgentConfig c, String hostname, Optional<String> resources) {
        return new AgentConfig(
                c.listen(),
                hostname,
                c.master(),
                c.workDirectory(),
                resources,
                c.attributes(),
                c.switchUser(),
                c.version(),
                c.timings(),
                c.bounds());
    }

    private static void stop(AgentWorld world) {
        CompletableFuture<Void> stopped = Objects.requireNonNull(world.agent).stop();
        world.loop.settle();
        assertThat(stopped).isCompleted();
        world.crash();
    }

    private static String reason(CompletableFuture<Address> started) {
        assertThat(started).isCompletedExceptionally();
        StringBuilder reason = new StringBuilder();
        assertThatThrownBy(started::join)
                .cause()
                .isInstanceOf(AgentStartException.class)
                .satisfies(e -> reason.append(e.getMessage()));
        return reason.toString();
    }
}
