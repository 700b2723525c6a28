// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.tepui.runtime.Disk;

class SimulatedDiskTest {
    private static final Path FILE = Path.of("/data/file");

    private final SimulatedNode node = new SimulatedWorld(1).node("node");
    private final SimulatedDisk disk = node.disk();

    @Test
    void losesAtACrashExactlyWhatWasNotForcedOrAPartOfIt() throws IOException {
        TreeSet<Integer> lengths = new TreeSet<>();
        boolean zeros = false;
        for (int seed = 0; seed < 300; seed++) {
            SimulatedNode crashing = new SimulatedWorld(seed).node("node");
            try (Disk.AppendFile file = crashing.disk().openAppend(FILE)) {
                file.append(bytes("durable"));
                file.force();
                file.append(bytes("1234"));
            }
            crashing.crash();
            String found = text(crashing.disk().read(FILE, 100));
            assertThat(found).startsWith("durable");
            String tail = found.substring("durable".length());
            assertThat("1234").startsWith(tail.replace("\0", ""));
            lengths.add(tail.length());
            zeros |= tail.indexOf(0) >= 0;
        }
        assertThat(lengths).containsExactly(0, 1, 2, 3, 4);
        assertThat(zeros).isTrue();
    }

    @Test
    void keepsEverythingWhenOnlyTheServiceEnds() throws IOException {
        node.start(service -> {});
        try (Disk.AppendFile file = disk.openAppend(FILE)) {
            file.append(bytes("not forced"));
        }
        disk.lock(Path.of("/data"));
        node.kill();
        assertThat(text(disk.read(FILE, 100))).isEqualTo("not forced");
        disk.lock(Path.of("/data")).close();
    }

    @Test
    void crashesInTheMiddleOfTheOperationThatWasNamed() throws IOException {
        SimulatedWorld world = new SimulatedWorld(1);
        SimulatedNode crashing = world.node("node");
        StringBuilder done = new StringBuilder();
        crashing.start(service -> service.newWorker("worker")
                .submit(
                        "write",
                        () -> {
                            try (Disk.AppendFile file = service.disk().openAppend(FILE)) {
                                file.append(bytes("one"));
                                file.force();
                                done.append("forced");
                                service.disk().crashAfterOperations(1);
                                file.append(bytes("two"));
                                file.force();
                                done.append("never");
                            }
                            return "never";
                        },
                        service.newLoop("loop"),
                        (result, failure) -> done.append("never")));
        world.time().run(Duration.ofSeconds(1));
        assertThat(done).hasToString("forced");
        assertThat(crashing.isRunning()).isFalse();
        assertThat(text(crashing.disk().read(FILE, 100))).startsWith("one").hasSizeBetween(3, 6);
    }

    @Test
    void writesWhatFitsOnAFullDiskAndSaysSo() throws IOException {
        disk.setCapacity(5);
        try (Disk.AppendFile file = disk.openAppend(FILE)) {
            assertThatIOException()
                    .isThrownBy(() -> file.append(bytes("1234567")))
                    .withMessageContaining("no space left");
            assertThat(file.size()).isEqualTo(5);
        }
        assertThatIOException().isThrownBy(() -> disk.writeAtomically(Path.of("/data/other"), new byte[1]));
        assertThat(disk.exists(Path.of("/data/other"))).isFalse();
        assertThat(disk.usableBytes(FILE)).isZero();
    }

    @Test
    void neverMakesDurableWhatAFailedForceLeft() throws IOException {
        Disk.AppendFile file = disk.openAppend(FILE);
        file.append(bytes("one"));
        file.force();
        file.append(bytes("two"));
        disk.setForceFails(true);
        assertThatIOException().isThrownBy(file::force);
        disk.setForceFails(false);
        file.append(bytes("three"));
        file.force();
        assertThat(text(disk.read(FILE, 100))).isEqualTo("onetwothree");
        node.crash();
        assertThat(text(disk.read(FILE, 100))).isEqualTo("one\0\0\0three");
    }

    @Test
    void failsAsToldAndOnlyThen() throws IOException {
        Disk.AppendFile file = disk.openAppend(FILE);
        disk.setForceFails(true);
        file.append(bytes("x"));
        assertThatIOException().isThrownBy(file::force);
        disk.setForceFails(false);
        file.force();
        disk.setWritesFail(true);
        assertThatIOException().isThrownBy(() -> file.append(bytes("y")));
        assertThatIOException().isThrownBy(() -> disk.delete(FILE));
        disk.setWritesFail(false);
        assertThat(text(disk.read(FILE, 100))).isEqualTo("x");
    }

    @Test
    void hasNamesDirectoriesLinksOwnersAndLocksLikeTheRealOne() throws IOException {
        disk.writeAtomically(Path.of("/a/b/file"), new byte[3]);
        disk.writeAtomically(Path.of("/a/b-2"), new byte[4]);
        disk.replaceSymbolicLink(Path.of("/a/link"), Path.of("b/file"));
        assertThat(disk.list(Path.of("/a"))).containsExactly("b", "b-2", "link");
        assertThat(disk.list(Path.of("/none"))).isEmpty();
        assertThat(disk.read(Path.of("/a/link"), 3)).hasSize(3);
        assertThatIOException()
                .isThrownBy(() -> disk.read(Path.of("/a/link"), 2))
                .withMessageContaining("2 bytes");
        assertThatIOException().isThrownBy(() -> disk.read(Path.of("/a/b"), 2)).withMessageContaining("directory");
        assertThatIOException().isThrownBy(() -> disk.createDirectories(Path.of("/a/b-2/c")));
        disk.rename(Path.of("/a/b-2"), Path.of("/a/c"));
        disk.setOwner(Path.of("/a/c"), 7, 8);
        assertThat(disk.owner(Path.of("/a/c"))).isEqualTo("7:8");
        try (Disk.DirectoryLock lock = disk.lock(Path.of("/a"))) {
            assertThatIOException()
                    .isThrownBy(() -> disk.lock(lock.directory()))
                    .withMessageContaining("/a is in use");
        }
        disk.delete(Path.of("/a/b"));
        assertThat(disk.list(Path.of("/a"))).containsExactly("c", "link");
        assertThat(disk.linkTarget(Path.of("/a/link"))).isEqualTo(Path.of("b/file"));
        assertThatIOException().isThrownBy(() -> disk.read(Path.of("/a/link"), 3));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] content) {
        return new String(Arrays.copyOf(content, content.length), StandardCharsets.UTF_8);
    }
}
