// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemDiskTest {
    private final SystemDisk disk = new SystemDisk();

    @TempDir
    Path directory;

    @Test
    void replacesAFileAsAWholeAndMakesItsDirectories() throws IOException {
        Path file = directory.resolve("a/b/file");
        disk.writeAtomically(file, bytes("one"));
        disk.writeAtomically(file, bytes("two"));
        assertThat(disk.read(file, 3)).isEqualTo(bytes("two"));
        assertThat(disk.list(directory.resolve("a/b"))).containsExactly("file");
    }

    @Test
    void refusesToReadMoreThanTheBound() throws IOException {
        Path file = directory.resolve("file");
        disk.writeAtomically(file, bytes("four"));
        assertThat(disk.read(file, 4)).hasSize(4);
        assertThatIOException()
                .isThrownBy(() -> disk.read(file, 3))
                .withMessageContaining(file.toString())
                .withMessageContaining("3 bytes");
    }

    @Test
    void appendsAtTheEndAlsoAfterACut() throws IOException {
        Path file = directory.resolve("logs/file");
        try (Disk.AppendFile append = disk.openAppend(file)) {
            append.append(ByteBuffer.wrap(bytes("hello")));
            append.force();
            assertThat(append.size()).isEqualTo(5);
        }
        try (Disk.AppendFile append = disk.openAppend(file)) {
            assertThat(append.size()).isEqualTo(5);
            append.truncate(2);
            append.append(ByteBuffer.wrap(bytes("y")));
            append.force();
            assertThat(append.size()).isEqualTo(3);
        }
        assertThat(disk.read(file, 10)).isEqualTo(bytes("hey"));
    }

    @Test
    void writesTheEndOfAFileAgainAsItIs() throws IOException {
        Path file = directory.resolve("file");
        byte[] content = new byte[200_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31);
        }
        disk.writeAtomically(file, content);
        try (Disk.AppendFile append = disk.openAppend(file)) {
            append.forceAgain(1234);
            append.forceAgain(content.length);
            append.append(ByteBuffer.wrap(bytes("end")));
            append.force();
        }
        assertThat(disk.read(file, 300_000))
                .hasSize(200_003)
                .startsWith(content)
                .endsWith(bytes("end"));
    }

    @Test
    void listsNamesSortedAndNothingForAMissingDirectory() throws IOException {
        for (String name : List.of("c", "a", "b")) {
            disk.writeAtomically(directory.resolve(name), bytes(name));
        }
        assertThat(disk.list(directory)).containsExactly("a", "b", "c");
        assertThat(disk.list(directory.resolve("none"))).isEmpty();
    }

    @Test
    void saysWhenAParentIsNotADirectory() throws IOException {
        disk.writeAtomically(directory.resolve("file"), bytes("x"));
        assertThatIOException()
                .isThrownBy(() -> disk.createDirectories(directory.resolve("file/below")))
                .withMessageContaining(directory.resolve("file").toString());
    }

    @Test
    void givesAFileToAUserWithoutFollowingALink() throws IOException {
        int uid = (int) Files.getAttribute(directory, "unix:uid");
        int gid = (int) Files.getAttribute(directory, "unix:gid");
        boolean root = uid == 0;
        Path file = directory.resolve("file");
        disk.writeAtomically(file, bytes("x"));
        disk.replaceSymbolicLink(directory.resolve("link"), file);
        disk.setOwner(directory.resolve("link"), root ? 12345 : uid, root ? 12346 : gid);
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(uid);
        disk.setOwner(file, root ? 12347 : uid, root ? 12348 : gid);
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(root ? 12347 : uid);
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(root ? 12348 : gid);
    }

    @Test
    void replacesSymbolicLinks() throws IOException {
        Path link = directory.resolve("latest");
        disk.replaceSymbolicLink(link, Path.of("one"));
        disk.replaceSymbolicLink(link, Path.of("two"));
        assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("two"));
        assertThat(disk.exists(link)).isTrue();
    }

    @Test
    void deletesLinksAndNotWhatTheyNameAndMissingPathsInSilence() throws IOException {
        Path outside = directory.resolve("outside/file");
        disk.writeAtomically(outside, bytes("precious"));
        Path tree = directory.resolve("tree");
        disk.writeAtomically(tree.resolve("sub/file"), bytes("x"));
        disk.replaceSymbolicLink(tree.resolve("sub/link"), directory.resolve("outside"));
        disk.replaceSymbolicLink(directory.resolve("top"), directory.resolve("outside"));
        disk.delete(tree);
        disk.delete(directory.resolve("top"));
        disk.delete(directory.resolve("none/none"));
        assertThat(disk.list(directory)).containsExactly("outside");
        assertThat(disk.read(outside, 100)).isEqualTo(bytes("precious"));
    }

    @Test
    void deletesADirectoryThatIsDeeperThanAnyPathMayBeLong() throws IOException {
        // far deeper than handles or names allow: made level by level from the inside out
        Path holder = Files.createDirectory(directory.resolve("holder"));
        Path inner = Files.createDirectory(holder.resolve("d"));
        Files.writeString(inner.resolve("file"), "x");
        for (int i = 0; i < 3000; i++) {
            Path outer = Files.createDirectory(holder.resolve("outer"));
            Files.move(inner, outer.resolve("d"));
            inner = Files.move(outer, holder.resolve("d"));
        }
        disk.delete(holder);
        assertThat(disk.exists(holder)).isFalse();
    }

    @Test
    void givesADirectoryToOneServiceOfThisProcessAtATime() throws IOException {
        Disk.DirectoryLock lock = disk.lock(directory);
        assertThatIOException()
                .isThrownBy(() -> disk.lock(directory))
                .withMessageContaining(directory + " is in use by another service, process "
                        + ProcessHandle.current().pid());
        lock.close();
        lock.close();
        try (Disk.DirectoryLock again = disk.lock(directory)) {
            assertThat(again.directory()).isEqualTo(directory);
        }
    }

    @Test
    void givesADirectoryToOneProcessAtATime() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockHolder.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.getInputStream().read()).isEqualTo('L');
            assertThatIOException()
                    .isThrownBy(() -> disk.lock(directory))
                    .withMessageContaining("in use by another service, process " + other.pid());
        } finally {
            other.destroyForcibly();
        }
        assertThat(other.waitFor(20, TimeUnit.SECONDS)).isTrue();
        disk.lock(directory).close();
    }

    /** Takes the lock, says so, and keeps it until it is killed. */
    static final class LockHolder {
        private LockHolder() {}

        public static void main(String[] arguments) throws IOException {
            try (Disk.DirectoryLock lock = new SystemDisk().lock(Path.of(arguments[0]))) {
                System.out.print('L');
                System.out.flush();
                while (System.in.read() >= 0) {
                    lock.directory();
                }
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
