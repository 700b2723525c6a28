// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tepui.agent.AgentWorld.framework;
import static org.tepui.agent.AgentWorld.task;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tepui.proto.internal.PongAgent;
import org.tepui.v1.TaskState;

class SandboxCollectorTest {
    private static final Duration RETENTION = Duration.ofMinutes(100);

    @TempDir
    Path directory;

    @Test
    void removesSandboxesThatAreOldAndNoOthers() throws Exception {
        AgentWorld world = world(0.0);
        world.run(framework(), task("ended"), task("running"));
        Path ended = world.sandbox(world.machine.started.get(0));
        Path running = world.sandbox(world.machine.started.get(1));
        Files.writeString(ended.resolve("stdout"), "output");
        end(world, "ended");
        world.loop.advance(Duration.ofMinutes(2));
        assertThat(ended).exists();
        pass(world, RETENTION);
        assertThat(ended).doesNotExist();
        assertThat(directory.resolve("slaves/m1-S0/frameworks/m1-0000/executors/ended"))
                .doesNotExist();
        assertThat(running).exists();
        assertThat(world.metric("gc/path_removals_succeeded")).isEqualTo(1);
    }

    @Test
    void keepsNothingOnADiskWithoutHeadroom() {
        AgentWorld world = world(1.0);
        world.run(framework(), task("ended"));
        Path ended = world.sandbox(world.machine.started.get(0));
        end(world, "ended");
        world.loop.advance(Duration.ofMinutes(1));
        assertThat(ended).doesNotExist();
        assertThat(directory.resolve("slaves/m1-S0/frameworks/m1-0000")).doesNotExist();
        world.run(framework(), task("ended"));
        assertThat(world.sandbox(world.machine.started.get(1))).exists();
    }

    @Test
    void findsSandboxesOfEarlierLives() {
        AgentWorld world = world(0.0);
        world.run(framework(), task("ended"), task("running"));
        Path ended = world.sandbox(world.machine.started.get(0));
        Path running = world.sandbox(world.machine.started.get(1));
        end(world, "ended");
        world.restart();
        world.reregister();
        pass(world, RETENTION);
        assertThat(ended).doesNotExist();
        assertThat(running).exists();
    }

    private AgentWorld world(double headroom) {
        AgentWorld world = new AgentWorld(directory);
        AgentConfig c = world.config;
        AgentConfig.Timings d = c.timings();
        AgentConfig.Timings timings = new AgentConfig.Timings(
                d.registrationBackoff(),
                d.maximumRegistrationBackoff(),
                d.pingTimeout(),
                d.killGrace(),
                d.statusRetry(),
                d.maximumStatusRetry(),
                RETENTION,
                Duration.ofMinutes(1),
                headroom);
        world.config = new AgentConfig(
                c.listen(),
                c.hostname(),
                c.master(),
                c.workDirectory(),
                c.resources(),
                c.attributes(),
                c.switchUser(),
                c.version(),
                timings,
                c.bounds());
        return world.running();
    }

    private static void end(AgentWorld world, String id) {
        world.master.takeUpdates().forEach(world::acknowledge);
        world.machine.exit(id, 0);
        world.loop.settle();
        world.expect(id, TaskState.TASK_FINISHED);
    }

    private static void pass(AgentWorld world, Duration time) {
        for (long minutes = time.toMinutes(); minutes > 0; minutes--) {
            world.loop.advance(Duration.ofMinutes(1));
            world.ping(true);
        }
        world.master.sent.removeIf(m -> m instanceof PongAgent);
    }
}
