// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tepui.agent.AgentWorld.framework;
import static org.tepui.agent.AgentWorld.reference;
import static org.tepui.agent.AgentWorld.task;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tepui.proto.internal.KillTask;
import org.tepui.proto.internal.ReserveResources;
import org.tepui.proto.internal.RunTasks;
import org.tepui.proto.internal.ShutdownFramework;
import org.tepui.proto.internal.StatusUpdateAcknowledgement;
import org.tepui.proto.internal.StatusUpdateAcknowledgements;
import org.tepui.proto.internal.UpdateFramework;
import org.tepui.v1.DurationInfo;
import org.tepui.v1.KillPolicy;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.agent.Call;

/** A master gone wild: whatever its messages say, the agent goes on. */
class DamagedMessageTest {
    private static final int MESSAGES = 20_000;

    @TempDir
    Path directory;

    @Test
    void goesOnWhateverTheMessagesSay() {
        AgentWorld world = new AgentWorld(directory).running();
        Random random = new Random(3);
        List<Message> originals = originals();
        int delivered = 0;
        for (int i = 0; i < MESSAGES; i++) {
            Message original = originals.get(random.nextInt(originals.size()));
            byte[] bytes = original.toByteArray();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                world.master.send(original.getParserForType().parseFrom(bytes));
                delivered++;
            } catch (InvalidProtocolBufferException e) {
                // the transport ends the connection
                assertThat(e).isNotNull();
            }
            world.loop.advance(Duration.ofMillis(1));
        }
        assertThat(delivered).isGreaterThan(MESSAGES / 10);
        world.master.sent.clear();
        TaskInfo good = task("good");
        world.run(framework(), good);
        assertThat(world.master.takeUpdates())
                .anySatisfy(update -> assertThat(update.getStatus().getTaskId()).isEqualTo(good.getTaskId()))
                .anySatisfy(update -> assertThat(update.getStatus().getState()).isEqualTo(TaskState.TASK_RUNNING));
        world.crash();
    }

    private static List<Message> originals() {
        return List.of(
                RunTasks.newBuilder()
                        .setFramework(framework())
                        .addTasks(task("t1"))
                        .addTasks(task("t2"))
                        .build(),
                KillTask.newBuilder()
                        .setTask(reference("t1"))
                        .setKillPolicy(KillPolicy.newBuilder()
                                .setGracePeriod(DurationInfo.newBuilder().setNanoseconds(Long.MAX_VALUE / 3)))
                        .build(),
                ShutdownFramework.newBuilder()
                        .setFrameworkId(framework().getId())
                        .build(),
                UpdateFramework.newBuilder().setFramework(framework()).build(),
                ReserveResources.newBuilder()
                        .addAllResources(ReservationsTest.reserved("cpus:1", "eng"))
                        .build(),
                StatusUpdateAcknowledgements.newBuilder()
                        .addAcknowledgements(StatusUpdateAcknowledgement.newBuilder()
                                .setTask(reference("t1"))
                                .setUuid(ByteString.copyFromUtf8("0123456789abcdef")))
                        .build(),
                Call.newBuilder()
                        .setType(Call.Type.READ_FILE)
                        .setReadFile(Call.ReadFile.newBuilder()
                                .setPath("/frameworks/m1-0000/executors/t1/runs/latest/stdout")
                                .setOffset(7)
                                .setLength(9))
                        .build());
    }
}
