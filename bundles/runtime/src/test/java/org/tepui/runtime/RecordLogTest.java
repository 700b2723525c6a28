// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.tepui.runtime.LogRecovery.Outcome;
import org.tepui.runtime.simulated.SimulatedWorld;

class RecordLogTest {
    private final SimulatedLogOwner owner = new SimulatedLogOwner(1);

    @Test
    void isMadeWhenItIsMissing() {
        assertThat(owner.opened().recovery().outcome()).isEqualTo(Outcome.CREATED);
        assertThat(owner.records()).isEmpty();
        owner.restart();
        assertThat(owner.opened().recovery().outcome()).isEqualTo(Outcome.INTACT);
    }

    @Test
    void keepsRecordsOverARestartAndACrash() {
        owner.append("a", "", "c");
        owner.run(Duration.ofSeconds(1));
        owner.restart();
        assertThat(owner.records()).containsExactly("a", "", "c");
        owner.append("d");
        owner.run(Duration.ofSeconds(1));
        owner.node.crash();
        owner.restart();
        assertThat(owner.records()).containsExactly("a", "", "c", "d");
        assertThat(owner.acknowledged).containsExactly("a", "", "c", "d");
    }

    @Test
    void sharesOneForceAmongRecordsThatComeDuringAWrite() {
        owner.opened();
        owner.disk().setForceTime(Duration.ofMillis(10));
        long before = owner.disk().operations();
        for (int i = 0; i < 100; i++) {
            owner.append("record " + i);
        }
        owner.run(Duration.ofMillis(100));
        assertThat(owner.acknowledged).hasSize(100);
        // one append and one force for each write
        assertThat(owner.disk().operations() - before).isLessThanOrEqualTo(6);
    }

    @Test
    void acknowledgesNothingBeforeItIsDurableWheneverTheMachineCrashes() {
        for (int crashAt = 0; crashAt < 60; crashAt++) {
            SimulatedLogOwner crashing = new SimulatedLogOwner(crashAt);
            crashing.opened();
            crashing.disk().crashAfterOperations(crashAt);
            appendAndReplace(crashing);
            crashing.run(Duration.ofSeconds(10));
            crashing.disk().crashAfterOperations(Integer.MAX_VALUE);
            crashing.node.crash();
            crashing.restart();
            List<String> found = crashing.records();
            List<String> acknowledged = crashing.acknowledged;
            assertThat(found.size()).as("crash at %d", crashAt).isGreaterThanOrEqualTo(acknowledged.size());
            assertThat(found.subList(0, acknowledged.size())).isEqualTo(acknowledged);
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i)).isEqualTo("record " + i);
            }
            crashing.append("goes on");
            crashing.run(Duration.ofSeconds(1));
            assertThat(crashing.acknowledged).endsWith("goes on");
        }
    }

    /** Thirty records, and now and then a snapshot that is the records themselves. */
    private static void appendAndReplace(SimulatedLogOwner owner) {
        List<byte[]> state = new ArrayList<>();
        RecordLog log = owner.log();
        for (int i = 0; i < 30; i++) {
            String text = "record " + i;
            int number = i;
            owner.world.schedule(
                    "append",
                    Duration.ofMillis(i),
                    () -> owner.onLoop(() -> {
                        owner.appendNow(log, text);
                        state.add(SimulatedLogOwner.bytes(text));
                        if (number % 10 == 9 && !log.isReplacing()) {
                            log.replace(List.copyOf(state), log.lastSequence(), failure -> {});
                        }
                    }));
        }
    }

    @Test
    void cutsATailThatWasNotWrittenAtAnyLength() {
        List<String> records = List.of("one", "two", "three");
        byte[] whole = logOf(records);
        int firstRecord = LogFormat.HEADER_BYTES;
        for (int length = 0; length < whole.length; length++) {
            owner.node.kill();
            owner.setFile(Arrays.copyOf(whole, length));
            owner.restart();
            List<String> found = owner.records();
            assertThat(found).as("cut to %d", length).isEqualTo(records.subList(0, found.size()));
            LogRecovery recovery = owner.opened().recovery();
            if (length < firstRecord) {
                assertThat(recovery.outcome()).isEqualTo(Outcome.DAMAGED);
                assertThat(recovery.keptAside()).isPresent();
            } else {
                assertThat(recovery.outcome()).isIn(Outcome.TAIL_CUT, Outcome.INTACT);
                assertThat(recovery.bytesLeftOut())
                        .isEqualTo(length
                                - firstRecord
                                - found.stream().mapToInt(r -> r.length() + 20).sum());
            }
            assertUsable(found);
        }
    }

    @Test
    void keepsWhatIsBeforeADamagedBitAndACopyOfTheRest() {
        List<String> records = List.of("one", "two", "three", "four");
        byte[] whole = logOf(records);
        for (int bit = 0; bit < whole.length * 8; bit++) {
            owner.node.kill();
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            owner.setFile(damaged);
            owner.restart();
            List<String> found = owner.records();
            LogRecovery recovery = owner.opened().recovery();
            assertThat(found).as("bit %d", bit).isEqualTo(records.subList(0, found.size()));
            boolean inHeader = bit / 8 < LogFormat.HEADER_BYTES;
            assertThat(found.size()).isEqualTo(inHeader ? records.size() : indexOfRecord(records, bit / 8));
            boolean inLast = !inHeader && found.size() == records.size() - 1;
            assertThat(recovery.outcome()).isIn(Outcome.DAMAGED, inLast ? Outcome.TAIL_CUT : Outcome.DAMAGED);
            if (recovery.outcome() == Outcome.DAMAGED) {
                assertThat(owner.disk().exists(recovery.keptAside().orElseThrow()))
                        .isTrue();
                assertThat(recovery.explanation()).contains("damaged").contains(found.size() + " records are kept");
            }
            assertUsable(found);
        }
    }

    @Test
    void keepsOnlyTheLastCopiesOfDamagedFiles() throws Exception {
        byte[] damaged = logOf(List.of("one", "two"));
        damaged[LogFormat.HEADER_BYTES] ^= 1;
        for (int i = 0; i < 20; i++) {
            owner.node.kill();
            owner.setFile(damaged);
            owner.restart();
            owner.opened();
        }
        assertThat(owner.disk().list(SimulatedLogOwner.DIRECTORY))
                .containsExactlyInAnyOrder(
                        "log",
                        "log.damaged-16",
                        "log.damaged-17",
                        "log.damaged-18",
                        "log.damaged-19",
                        "log.damaged-20");
    }

    @Test
    void takesForeignBytesForDamage() {
        for (String content : List.of("", "x", "not a log at all, but long enough for a header")) {
            owner.node.kill();
            owner.setFile(SimulatedLogOwner.bytes(content));
            owner.restart();
            assertThat(owner.records()).isEmpty();
            assertThat(owner.opened().recovery().outcome()).isEqualTo(Outcome.DAMAGED);
            assertUsable(List.of());
        }
    }

    @Test
    void refusesAFileOfAnotherVersionAndLeavesItAlone() {
        owner.opened();
        owner.node.kill();
        ByteBuffer header = ByteBuffer.wrap(owner.file());
        CRC32C crc = new CRC32C();
        header.putInt(8, 2);
        crc.update(header.array(), 0, 12);
        header.putInt(12, (int) crc.getValue());
        owner.setFile(header.array());
        owner.restart();
        assertThat(owner.openFailure()).hasMessageContaining("version 2").hasMessageContaining("/var/lib/service/log");
        assertThat(owner.file()).isEqualTo(header.array());
    }

    @Test
    void acknowledgesNothingMoreAfterAFailedForce() {
        owner.append("before");
        owner.run(Duration.ofSeconds(1));
        owner.disk().setForceFails(true);
        owner.append("during", "too");
        owner.run(Duration.ofSeconds(1));
        owner.disk().setForceFails(false);
        byte[] asItWas = owner.file();
        owner.append("after");
        owner.run(Duration.ofMinutes(5));
        assertThat(owner.acknowledged).containsExactly("before");
        assertThat(owner.refused).containsExactly("during", "too", "after");
        assertThat(owner.heard)
                .singleElement()
                .asString()
                .startsWith("failed: /var/lib/service/log could not be forced");
        assertThat(owner.file()).isEqualTo(asItWas);
    }

    @Test
    void goesOnByItselfAfterTheDiskWasFull() {
        owner.append("before");
        owner.run(Duration.ofSeconds(1));
        owner.disk().setCapacity(owner.disk().usedBytes() + 10);
        owner.append("during");
        owner.run(Duration.ofMinutes(1));
        assertThat(owner.acknowledged).containsExactly("before");
        owner.append("too");
        owner.run(Duration.ofMinutes(1));
        owner.disk().setCapacity(Long.MAX_VALUE);
        owner.run(Duration.ofSeconds(2));
        assertThat(owner.acknowledged).containsExactly("before", "during", "too");
        assertThat(owner.heard).hasSize(2).endsWith("resumed");
        assertThat(owner.heard.get(0)).contains("no space left");
        owner.restart();
        assertThat(owner.records()).containsExactly("before", "during", "too");
    }

    @Test
    void refusesRecordsWhileTooMuchWaits() {
        RecordLog log = owner.log();
        owner.disk().setCapacity(owner.disk().usedBytes() + 50_000);
        owner.onLoop(() -> owner.appendNow(log, "x".repeat(60_000)));
        owner.onLoop(() -> assertThatThrownBy(() -> owner.appendNow(log, "y".repeat(60_000)))
                .isInstanceOf(LogOverloadedException.class)
                .hasMessageContaining("60020 bytes of 100000 allowed"));
        owner.run(Duration.ofSeconds(5));
        assertThat(log.bytesInFlight()).isEqualTo(60_020);
        owner.disk().setCapacity(Long.MAX_VALUE);
        owner.run(Duration.ofSeconds(5));
        assertThat(log.bytesInFlight()).isZero();
        assertThat(owner.acknowledged).hasSize(1);
    }

    @Test
    void isAtItsEndWhenItCanBeNeitherWrittenNorCutBack() {
        owner.opened();
        owner.disk().setWritesFail(true);
        owner.append("lost");
        owner.run(Duration.ofSeconds(5));
        assertThat(owner.heard).singleElement().asString().contains("neither written nor cut back");
        assertThat(owner.refused).containsExactly("lost");
    }

    @Test
    void keepsTheOldRecordsWhenTheyCannotBeReplaced() {
        owner.append("one", "two");
        owner.run(Duration.ofSeconds(1));
        owner.disk().setCapacity(owner.disk().usedBytes() + 40);
        RecordLog log = owner.log();
        owner.onLoop(() -> log.replace(
                List.of(SimulatedLogOwner.bytes("one and two")),
                log.lastSequence(),
                failure -> owner.heard.add(failure == null ? "replaced" : "not replaced")));
        owner.run(Duration.ofSeconds(1));
        assertThat(owner.heard).containsExactly("not replaced");
        owner.disk().setCapacity(Long.MAX_VALUE);
        owner.append("three");
        owner.run(Duration.ofSeconds(5));
        assertThat(owner.acknowledged).containsExactly("one", "two", "three");
        owner.node.crash();
        owner.restart();
        assertThat(owner.records()).containsExactly("one", "two", "three");
    }

    @Test
    void replacesOnceAtATimeAndOnlyWhatASnapshotCanCover() {
        owner.append("one");
        owner.run(Duration.ofSeconds(1));
        RecordLog log = owner.log();
        owner.onLoop(() -> {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> log.replace(List.of(), 0, failure -> {}))
                    .withMessageContaining("1 to 1 are");
            log.replace(List.of(), 1, failure -> owner.heard.add("replaced"));
            assertThatIllegalStateException().isThrownBy(() -> log.replace(List.of(), 1, failure -> {}));
        });
        owner.run(Duration.ofSeconds(1));
        assertThat(owner.heard).containsExactly("replaced");
        assertThat(log.fileBytes()).isEqualTo(LogFormat.HEADER_BYTES);
    }

    @Test
    void tellsAllOthersWhenOneCallbackThrows() {
        List<String> faults = new ArrayList<>();
        SimulatedWorld world =
                new SimulatedWorld(1, (where, what, failure) -> faults.add(what + ": " + failure.getMessage()));
        List<String> heard = new ArrayList<>();
        world.node("owner").start(node -> {
            EventLoop loop = node.newLoop("loop");
            RecordLog.Settings settings =
                    new RecordLog.Settings(SimulatedLogOwner.FILE, node.disk(), node.newWorker("disk"), loop, owner);
            RecordLog.open(settings, (opened, failure) -> {
                RecordLog log = Objects.requireNonNull(opened).log();
                log.append(SimulatedLogOwner.bytes("a"), error -> {
                    throw new IllegalStateException("a bug");
                });
                log.append(SimulatedLogOwner.bytes("b"), error -> heard.add("b"));
                world.schedule(
                        "append",
                        Duration.ofSeconds(1),
                        () -> loop.execute(
                                "append", () -> log.append(SimulatedLogOwner.bytes("c"), error -> heard.add("c"))));
            });
        });
        world.time().run(Duration.ofSeconds(5));
        assertThat(faults).containsExactly("append to log: a bug");
        assertThat(heard).containsExactly("b", "c");
    }

    @Test
    void writesWhatWasAppendedBeforeItCloses() {
        owner.append("one");
        RecordLog log = owner.log();
        owner.onLoop(() -> {
            owner.appendNow(log, "two");
            log.close(() -> owner.heard.add("closed"));
            assertThatIllegalStateException().isThrownBy(() -> owner.appendNow(log, "three"));
        });
        owner.run(Duration.ofSeconds(1));
        assertThat(owner.acknowledged).containsExactly("one", "two");
        assertThat(owner.heard).containsExactly("closed");
    }

    @Test
    void closesAlsoWhenTheDiskIsFullOrFailed() {
        for (boolean full : new boolean[] {true, false}) {
            SimulatedLogOwner closing = new SimulatedLogOwner(2);
            RecordLog log = closing.log();
            closing.disk().setCapacity(full ? closing.disk().usedBytes() : Long.MAX_VALUE);
            closing.disk().setForceFails(!full);
            closing.append("lost");
            closing.run(Duration.ofSeconds(10));
            closing.onLoop(() -> log.close(() -> closing.heard.add("closed")));
            closing.run(Duration.ofSeconds(10));
            assertThat(closing.heard).last().isEqualTo("closed");
            assertThat(closing.refused).containsExactly("lost");
        }
    }

    private void assertUsable(List<String> found) {
        owner.append("appended later");
        owner.run(Duration.ofSeconds(1));
        owner.restart();
        List<String> expected = new ArrayList<>(found);
        expected.add("appended later");
        assertThat(owner.records()).isEqualTo(expected);
        assertThat(owner.opened().recovery().outcome()).isEqualTo(Outcome.INTACT);
    }

    /** The bytes of a log in which each record was durable before the next was written. */
    private byte[] logOf(List<String> records) {
        for (String record : records) {
            owner.append(record);
            owner.run(Duration.ofSeconds(1));
        }
        return owner.file();
    }

    private static int indexOfRecord(List<String> records, int offset) {
        int end = LogFormat.HEADER_BYTES;
        int index = 0;
        while (offset >= end + LogFormat.RECORD_OVERHEAD + records.get(index).length()) {
            end += LogFormat.RECORD_OVERHEAD + records.get(index).length();
            index++;
        }
        return index;
    }
}
