// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever can write to the records of processes can have others killed: a place where others can is refused. */
class ShimDirectoryTest {
    private static final int STRANGER = 65534;

    @TempDir
    private Path temporary;

    private Path above;
    private Path directory;

    @BeforeEach
    void makeDirectories() throws IOException {
        above = Files.createDirectory(temporary.resolve("above"));
        directory = above.resolve("runtime");
    }

    private void assertRefused(Path culprit, String words) {
        assertThatThrownBy(() -> new ShimDirectory(directory).create())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(culprit + " belongs to the user with the id ")
                .hasMessageContaining(words);
    }

    private static void allow(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void isMadeForItsUserAloneAndTakenAgain() throws IOException {
        directory = above.resolve("a/b/runtime");
        new ShimDirectory(directory).create();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThatCode(() -> new ShimDirectory(directory).create()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwx-w----", "rwxrwx---", "rwx----w-", "rwxrwxrwx"})
    void isRefusedWhenOthersMayWriteToIt(String permissions) throws IOException {
        Files.createDirectory(directory);
        allow(directory, permissions);
        assertRefused(directory, "nobody else may write to");
    }

    @Test
    void isRefusedWhenItBelongsToAnotherUser() throws IOException {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        Files.createDirectory(directory);
        Files.setAttribute(directory, "unix:uid", STRANGER);
        assertRefused(directory, "65534");
    }

    @Test
    void isRefusedWhenItIsALinkOrAFile() throws IOException {
        Path elsewhere = Files.createDirectory(above.resolve("elsewhere"));
        Files.createSymbolicLink(directory, elsewhere);
        assertRefused(directory, "a directory of the user");
        Files.delete(directory);
        Files.createFile(directory);
        assertRefused(directory, "a directory of the user");
    }

    @Test
    void isRefusedWhereOthersCouldPutAnotherInItsPlace() throws IOException {
        Files.createDirectory(directory);
        allow(directory, "rwx------");
        allow(above, "rwxrwxrwx");
        assertRefused(above, "unless it is sticky");
        Files.setAttribute(above, "unix:mode", 01777);
        assertThatCode(() -> new ShimDirectory(directory).create()).doesNotThrowAnyException();
    }

    @Test
    void isRefusedBelowADirectoryOfAnotherUser() throws IOException {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        Files.createDirectory(directory);
        allow(directory, "rwx------");
        Files.setAttribute(above, "unix:uid", STRANGER);
        assertRefused(above, "65534");
    }
}
