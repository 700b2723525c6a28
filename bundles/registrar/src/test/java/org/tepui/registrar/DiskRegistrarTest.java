// SPDX-License-Identifier: Apache-2.0
package org.tepui.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.proto.registry.Record;
import org.tepui.proto.registry.RecordBatch;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.RecordLog;
import org.tepui.runtime.simulated.SimulatedNode;
import org.tepui.runtime.simulated.SimulatedWorld;

class DiskRegistrarTest {
    private static final Path DIRECTORY = Path.of("/var/lib/master");
    private static final Path FILE = DIRECTORY.resolve("registry.log");

    private final SimulatedWorld world = new SimulatedWorld(1);
    private Master master = new Master(world);

    /** A master with nothing but its registry. */
    private static final class Master implements Registrar.Owner {
        private final SimulatedWorld world;
        private final SimulatedNode node;
        private final MetricRegistry metrics = new MetricRegistry();
        private final List<String> durable = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();
        private @Nullable RegistryState state;
        private @Nullable EventLoop loop;
        private @Nullable Registrar registrar;
        private int lives;

        Master(SimulatedWorld world) {
            this.world = world;
            this.node = world.node("master");
            node.start(this::startService);
            runUntilDecided();
        }

        private void startService(SimulatedNode started) {
            EventLoop newLoop = started.newLoop("master");
            Registrar newRegistrar = new DiskRegistrar(new DiskRegistrar.Settings(
                    DIRECTORY,
                    started.disk(),
                    started.newWorker("registry"),
                    newLoop,
                    RegistryLimits.DEFAULT,
                    metrics));
            loop = newLoop;
            registrar = newRegistrar;
            lives++;
            newLoop.execute("start", () -> newRegistrar.start("master" + lives, this));
        }

        void restart() {
            state = null;
            failures.clear();
            node.restart();
            runUntilDecided();
        }

        private void runUntilDecided() {
            world.time().runUntil(() -> state != null || !failures.isEmpty(), Duration.ofMinutes(1));
        }

        RegistryState state() {
            return Objects.requireNonNull(state, () -> "not started: " + failures);
        }

        void commit(String name, Record... records) {
            onLoop(registrar -> registrar.commit(List.of(records), () -> durable.add(name)));
        }

        void onLoop(Consumer<Registrar> event) {
            Registrar present = Objects.requireNonNull(registrar);
            Objects.requireNonNull(loop).execute("test", () -> event.accept(present));
        }

        void run(Duration time) {
            world.time().run(time);
        }

        @Override
        public void started(RegistryState started) {
            state = started;
        }

        @Override
        public void failed(String reason) {
            failures.add(reason);
        }
    }

    @Test
    void startsEachTimeUnderALargerEpoch() {
        assertThat(master.state().epoch()).isEqualTo(1);
        master.restart();
        master.node.crash();
        master.restart();
        assertThat(master.state().epoch()).isEqualTo(3);
        assertThat(master.state().masterId()).isEqualTo("master3");
    }

    @Test
    void findsAfterACrashWhatWasDurableAndTheStateFollows() {
        master.commit("agent", Records.admitted("a", "host"));
        master.commit("both", Records.framework("f", "name", true), Records.admitted("b", "host"));
        master.run(Duration.ofSeconds(1));
        assertThat(master.durable).containsExactly("agent", "both");
        assertThat(master.state().admittedAgents()).hasSize(2);
        master.node.crash();
        master.restart();
        assertThat(master.state().admittedAgents()).hasSize(2);
        assertThat(master.state().frameworks()).hasSize(1);
        assertThat(master.metrics.snapshot())
                .containsKeys("registrar/state_store_ms/p50", "registrar/registry_size_bytes")
                .containsEntry("registrar/queued_operations", 0.0);
    }

    @Test
    void findsAllRecordsOfACommitOrNoneWheneverTheMachineCrashes() {
        for (int crashAt = 0; crashAt < 40; crashAt++) {
            Master crashing = new Master(new SimulatedWorld(crashAt));
            crashing.node.disk().crashAfterOperations(crashAt);
            for (int i = 0; i < 15; i++) {
                int number = i;
                crashing.world.schedule("commit", Duration.ofMillis(i), () -> {
                    if (crashing.node.isRunning()) {
                        crashing.commit(
                                "commit " + number,
                                Records.admitted("a" + number, "host"),
                                Records.framework("f" + number, "name", true));
                    }
                });
            }
            crashing.run(Duration.ofSeconds(1));
            crashing.node.disk().crashAfterOperations(Integer.MAX_VALUE);
            crashing.node.crash();
            crashing.restart();
            int found = crashing.state().admittedAgents().size();
            assertThat(crashing.state().frameworks()).hasSize(found);
            assertThat(found).isGreaterThanOrEqualTo(crashing.durable.size());
        }
    }

    @Test
    void sharesWritesAmongCommits() {
        master.node.disk().setForceTime(Duration.ofMillis(10));
        long before = master.node.disk().operations();
        for (int i = 0; i < 500; i++) {
            master.commit("c", Records.admitted("a" + i, "host"));
        }
        master.run(Duration.ofSeconds(1));
        assertThat(master.durable).hasSize(500);
        assertThat(master.node.disk().operations() - before).isLessThan(20);
    }

    @Test
    void keepsTheLogShortAndTheStateRight() {
        String longHost = "h".repeat(2000);
        for (int i = 0; i < 3_000; i++) {
            master.commit("c", Records.admitted("a" + i % 10, longHost + i));
            if (i % 100 == 0) {
                master.run(Duration.ofMillis(50));
            }
        }
        master.run(Duration.ofSeconds(1));
        assertThat(master.durable).hasSize(3_000);
        assertThat(master.node.disk().usedBytes()).isLessThan(3 << 20);
        List<Record> before = master.state().toRecords();
        master.node.crash();
        master.restart();
        assertThat(master.state().toRecords().subList(1, before.size())).isEqualTo(before.subList(1, before.size()));
        assertThat(master.state().epoch()).isEqualTo(2);
    }

    @Test
    void isTheSameAfterRecoveryWhateverWasCommitted() {
        for (int seed = 0; seed < 50; seed++) {
            Master any = new Master(new SimulatedWorld(seed));
            for (int i = 0; i < 100; i++) {
                any.commit("c", Records.any(any.world.randomness(), i));
            }
            any.run(Duration.ofSeconds(1));
            List<String> before = texts(any.state());
            any.node.crash();
            any.restart();
            assertThat(texts(any.state())).isEqualTo(before);
        }
    }

    /** All but the start of a master. */
    private static List<String> texts(RegistryState state) {
        return state.toRecords().stream()
                .filter(record -> !record.hasMasterStarted())
                .map(Record::toString)
                .sorted()
                .toList();
    }

    @Test
    void leavesTheDirectoryToOneMasterAtATime() throws IOException {
        master.node.disk().lock(Path.of("/elsewhere")).close();
        List<String> heard = new ArrayList<>();
        SimulatedNode node = master.node;
        EventLoop otherLoop = node.newLoop("other");
        Registrar other = new DiskRegistrar(new DiskRegistrar.Settings(
                DIRECTORY,
                node.disk(),
                node.newWorker("other"),
                otherLoop,
                RegistryLimits.DEFAULT,
                new MetricRegistry()));
        otherLoop.execute(
                "start",
                () -> other.start("other", new Registrar.Owner() {
                    @Override
                    public void started(RegistryState state) {
                        heard.add("started");
                    }

                    @Override
                    public void failed(String reason) {
                        heard.add(reason);
                        other.stop(() -> heard.add("stopped"));
                    }
                }));
        master.run(Duration.ofSeconds(1));
        assertThat(heard)
                .containsExactly(
                        "the work directory of the master cannot be used:"
                                + " /var/lib/master is in use by another service",
                        "stopped");
        master.commit("still works", Records.admitted("a", "host"));
        master.run(Duration.ofSeconds(1));
        assertThat(master.durable).containsExactly("still works");
    }

    @Test
    void writesWhatWasCommittedBeforeItStopsAndFreesTheDirectory() {
        master.onLoop(registrar -> {
            registrar.commit(List.of(Records.admitted("a", "host")), () -> master.durable.add("agent"));
            registrar.stop(() -> master.durable.add("stopped"));
            registrar.commit(List.of(Records.admitted("b", "host")), () -> master.durable.add("too late"));
        });
        master.run(Duration.ofSeconds(1));
        assertThat(master.durable).containsExactly("agent", "stopped");
        master = new Master(world);
        assertThat(master.state().admittedAgents()).hasSize(1);
    }

    @Test
    void stopsAlsoWhileItOpens() {
        List<String> heard = new ArrayList<>();
        master.node.kill();
        master.state = null;
        master.node.restart();
        world.time().runUntil(() -> master.lives == 2, Duration.ofSeconds(1));
        master.onLoop(registrar -> registrar.stop(() -> heard.add("stopped")));
        master.run(Duration.ofSeconds(1));
        assertThat(heard).containsExactly("stopped");
        assertThat(master.state).isNull();
        assertThat(master.failures).isEmpty();
        master.restart();
        assertThat(master.state().epoch()).isEqualTo(2);
    }

    @Test
    void saysThatNothingCanBeRecordedAnyMore() {
        master.node.disk().setForceFails(true);
        master.commit("lost", Records.admitted("a", "host"));
        master.commit("lost too", Records.admitted("b", "host"));
        master.run(Duration.ofMinutes(1));
        assertThat(master.failures).singleElement().asString().contains("could not be forced to disk");
        assertThat(master.durable).isEmpty();
        assertThat(master.state().admittedAgents()).isEmpty();
        master.commit("after", Records.admitted("c", "host"));
        master.run(Duration.ofMinutes(1));
        assertThat(master.durable).isEmpty();
    }

    @Test
    void waitsForADiskThatIsFull() {
        master.node.disk().setCapacity(master.node.disk().usedBytes());
        master.commit("waits", Records.admitted("a", "host"));
        master.run(Duration.ofMinutes(1));
        assertThat(master.durable).isEmpty();
        assertThat(master.metrics.snapshot()).containsEntry("registrar/queued_operations", 1.0);
        master.node.disk().setCapacity(Long.MAX_VALUE);
        master.run(Duration.ofSeconds(2));
        assertThat(master.durable).containsExactly("waits");
        assertThat(master.failures).isEmpty();
    }

    @Test
    void refusesARegistryThatANewerVersionWroteAndLeavesItAlone() throws IOException {
        SimulatedNode node = world.node("newer");
        writeLog(
                node,
                RecordBatch.newBuilder()
                        .addRecords(Record.getDefaultInstance())
                        .build()
                        .toByteArray());
        byte[] before = node.disk().read(FILE, 1 << 20);
        assertThat(startOn(node))
                .singleElement()
                .asString()
                .contains("newer version")
                .contains(FILE.toString());
        assertThat(node.disk().read(FILE, 1 << 20)).isEqualTo(before);
    }

    @Test
    void refusesALogThatIsNoRegistry() {
        SimulatedNode node = world.node("foreign");
        writeLog(node, new byte[] {(byte) 0xff, (byte) 0xff});
        assertThat(startOn(node)).singleElement().asString().contains("cannot be understood");
    }

    private void writeLog(SimulatedNode node, byte[] record) {
        node.start(service -> {
            EventLoop loop = service.newLoop("writer");
            RecordLog.Watcher none = new RecordLog.Watcher() {
                @Override
                public void stalled(IOException cause) {}

                @Override
                public void resumed() {}

                @Override
                public void failed(IOException cause) {}
            };
            RecordLog.Settings settings =
                    new RecordLog.Settings(FILE, service.disk(), service.newWorker("disk"), loop, none);
            RecordLog.open(
                    settings,
                    (opened, failure) -> Objects.requireNonNull(opened).log().append(record, error -> {}));
        });
        world.time().run(Duration.ofSeconds(1));
    }

    /** What a master on this node hears of its registry. */
    private List<String> startOn(SimulatedNode node) {
        List<String> heard = new ArrayList<>();
        node.start(service -> {
            EventLoop loop = service.newLoop("master");
            Registrar registrar = new DiskRegistrar(new DiskRegistrar.Settings(
                    DIRECTORY,
                    service.disk(),
                    service.newWorker("registry"),
                    loop,
                    RegistryLimits.DEFAULT,
                    new MetricRegistry()));
            loop.execute(
                    "start",
                    () -> registrar.start("master", new Registrar.Owner() {
                        @Override
                        public void started(RegistryState state) {
                            heard.add("started");
                        }

                        @Override
                        public void failed(String reason) {
                            heard.add(reason);
                        }
                    }));
        });
        world.time().run(Duration.ofSeconds(1));
        return heard;
    }

    @Test
    void goesOnWithWhatIsIntactOfADamagedRegistry() throws IOException {
        for (String agent : List.of("a", "b", "c")) {
            master.commit(agent, Records.admitted(agent, "host"));
            master.run(Duration.ofSeconds(1));
        }
        master.node.kill();
        byte[] content = master.node.disk().read(FILE, 1 << 20);
        content[content.length - 60] ^= 4;
        master.node.disk().writeAtomically(FILE, content);
        master.restart();
        assertThat(master.state().admittedAgents()).hasSizeBetween(1, 2);
        assertThat(master.node.disk().list(DIRECTORY)).anyMatch(name -> name.startsWith("registry.log.damaged"));
    }

    @Test
    void refusesWhatIsTooLongOrTooEarly() {
        master.onLoop(registrar -> {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> registrar.commit(List.of(Records.admitted("a", "h".repeat(5 << 20))), () -> {}))
                    .withMessageContaining("4194304 are allowed");
            assertThatIllegalArgumentException().isThrownBy(() -> registrar.commit(List.of(), () -> {}));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> registrar.commit(List.of(Record.getDefaultInstance()), () -> {}));
        });
        master.run(Duration.ofSeconds(1));
        EventLoop loop = master.node.newLoop("other");
        Registrar early = new DiskRegistrar(new DiskRegistrar.Settings(
                DIRECTORY,
                master.node.disk(),
                master.node.newWorker("other"),
                loop,
                RegistryLimits.DEFAULT,
                new MetricRegistry()));
        loop.execute(
                "commit",
                () -> assertThatIllegalStateException()
                        .isThrownBy(() -> early.commit(List.of(Records.removed("a")), () -> {})));
        master.run(Duration.ofSeconds(1));
    }
}
