// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tepui.agent.SandboxFiles.RefusedException;
import org.tepui.api.AgentId;
import org.tepui.v1.FileInfo;
import org.tepui.v1.agent.Response;

class SandboxFilesTest {
    private static final AgentId AGENT = new AgentId("A");
    private static final String VIRTUAL = "/frameworks/F/executors/T/runs/C";
    private static final String SECRET = "secret of the machine";

    @TempDir
    Path directory;

    private Path work;
    private Path sandbox;
    private SandboxFiles files;

    @BeforeEach
    void makeSandbox() throws IOException {
        work = directory.resolve("work");
        sandbox = work.resolve("slaves/A/frameworks/F/executors/T/runs/C");
        Files.createDirectories(sandbox.resolve("sub"));
        Files.writeString(sandbox.resolve("stdout"), "0123456789");
        Files.writeString(sandbox.resolve("sub/inner"), "inner");
        Files.createSymbolicLink(sandbox.resolveSibling("latest"), Path.of("C"));
        Files.writeString(directory.resolve("secret"), SECRET);
        Files.createDirectories(work.resolve("meta"));
        Files.writeString(work.resolve("meta/agent.log"), SECRET);
        files = new SandboxFiles(work, 1000);
    }

    @Test
    void readsAFileByItsVirtualPathItsRealPathAndTheLatestRun() throws Exception {
        assertThat(text(files.read(AGENT, VIRTUAL + "/stdout", 0, -1))).isEqualTo("0123456789");
        assertThat(text(files.read(AGENT, sandbox + "/stdout", 0, -1))).isEqualTo("0123456789");
        assertThat(text(files.read(AGENT, "/frameworks/F/executors/T/runs/latest/sub/inner", 0, -1)))
                .isEqualTo("inner");
    }

    @Test
    void readsAPartWithinTheBoundsOfTheFile() throws Exception {
        Response.ReadFile middle = files.read(AGENT, VIRTUAL + "/stdout", 3, 4);
        assertThat(text(middle)).isEqualTo("3456");
        assertThat(middle.getSize()).isEqualTo(10);
        assertThat(text(files.read(AGENT, VIRTUAL + "/stdout", 8, 100))).isEqualTo("89");
        assertThat(text(files.read(AGENT, VIRTUAL + "/stdout", 10, 1))).isEmpty();
        assertThat(text(files.read(AGENT, VIRTUAL + "/stdout", -1, 1)))
                .as("2^64-1")
                .isEmpty();
        assertThat(text(files.read(AGENT, VIRTUAL + "/stdout", 0, 0))).isEmpty();
    }

    @Test
    void returnsNoMoreThanItsBoundAtATime() throws Exception {
        Files.write(sandbox.resolve("big"), new byte[5000]);
        Response.ReadFile part = files.read(AGENT, VIRTUAL + "/big", 100, -1);
        assertThat(part.getData().size()).isEqualTo(1000);
        assertThat(part.getSize()).isEqualTo(5000);
    }

    @Test
    void listsADirectoryWithWhatFilesAre() throws Exception {
        Files.createSymbolicLink(sandbox.resolve("link"), Path.of("/etc/passwd"));
        List<FileInfo> infos = files.list(AGENT, VIRTUAL).getFileInfosList();
        assertThat(infos)
                .extracting(FileInfo::getPath)
                .containsExactly(VIRTUAL + "/link", VIRTUAL + "/stdout", VIRTUAL + "/sub");
        assertThat(infos.get(0).getMode() & 0170000)
                .as("a link, not what it leads to")
                .isEqualTo(0120000);
        assertThat(infos.get(1).getMode() & 0170000).isEqualTo(0100000);
        assertThat(infos.get(1).getMode() & 0600).isEqualTo(0600);
        assertThat(infos.get(1).getSize()).isEqualTo(10);
        assertThat(infos.get(1).getUid()).isNotEmpty();
        assertThat(infos.get(2).getMode() & 0170000).isEqualTo(0040000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/etc/passwd",
                "/frameworks",
                "/frameworks/F/executors/T/runs",
                "/frameworks/F/executors/T/runs/C/nothing",
                "/frameworks/F/executors/T/runs/D/stdout",
                "/frameworks/F/executors/T/runs/../runs/C/stdout",
                "/frameworks/F/executors/T/runs/C/../C/stdout",
                "/frameworks/F/executors/T/runs/C/./stdout",
                "/frameworks/F/executors/T/runs/C/sub",
                "/frameworks/F/executors/T/runs/C",
                "/frameworks/F/executors/T/runs/C/stdout/more",
                "/frameworks/F/executors/T/runs/C/a\0b",
                "../../../../../../../../etc/passwd",
                "meta/agent.log",
                "/meta/agent.log",
                "WORK/meta/agent.log",
                "WORK/../secret",
                "WORK",
                "WORK/",
                "WORK/slaves/A",
                "WORKX/slaves/A/frameworks/F/executors/T/runs/C/stdout"
            })
    void refusesWhatIsNoFileOfASandbox(String path) {
        refused(() -> files.read(AGENT, path.replace("WORK", work.toString()), 0, -1));
    }

    @Test
    void followsNoLinkOutOfASandbox() throws Exception {
        Files.createSymbolicLink(sandbox.resolve("file"), directory.resolve("secret"));
        Files.createSymbolicLink(sandbox.resolve("up"), Path.of("../../../../../../../.."));
        Files.createSymbolicLink(sandbox.resolve("root"), Path.of("/"));
        Files.createSymbolicLink(sandbox.resolve("inside"), Path.of("stdout"));
        refused(() -> files.read(AGENT, VIRTUAL + "/file", 0, -1));
        refused(() -> files.read(AGENT, VIRTUAL + "/up/secret", 0, -1));
        refused(() -> files.read(AGENT, VIRTUAL + "/root/etc/passwd", 0, -1));
        refused(() -> files.list(AGENT, VIRTUAL + "/root"));
        refused(() -> files.list(AGENT, VIRTUAL + "/up"));
        refused(() -> files.read(AGENT, VIRTUAL + "/inside", 0, -1));
    }

    @Test
    void takesALatestRunThatLeadsElsewhereForNone() throws Exception {
        Path latest = sandbox.resolveSibling("latest");
        for (String target : List.of("/", "..", "../../..", "C/sub")) {
            Files.delete(latest);
            Files.createSymbolicLink(latest, Path.of(target));
            refused(() -> files.list(AGENT, "/frameworks/F/executors/T/runs/latest"));
        }
    }

    @Test
    void doesNotWaitForAPipe() throws Exception {
        Path pipe = sandbox.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        refused(() -> files.read(AGENT, VIRTUAL + "/pipe", 0, -1));
        assertThat(files.list(AGENT, VIRTUAL).getFileInfosList()).hasSize(3);
    }

    @Test
    void neverReadsASecretWhateverThePath() throws Exception {
        Files.createSymbolicLink(sandbox.resolve("out"), directory);
        Random random = new Random(5);
        String[] parts = {
            "frameworks",
            "F",
            "executors",
            "T",
            "runs",
            "C",
            "latest",
            "..",
            ".",
            "",
            "out",
            "secret",
            "meta",
            "agent.log",
            "slaves",
            "A",
            "stdout",
            work.toString(),
            directory.toString(),
            "\0",
            "%2e%2e",
            "sub"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder path = new StringBuilder(random.nextBoolean() ? VIRTUAL : "");
            for (int j = random.nextInt(9); j >= 0; j--) {
                path.append('/').append(parts[random.nextInt(parts.length)]);
            }
            try {
                assertThat(text(files.read(AGENT, path.toString(), 0, -1)))
                        .as("%s", path)
                        .isNotEqualTo(SECRET);
            } catch (RefusedException e) {
                assertThat(e.refusal().reason()).isNotEmpty();
            }
        }
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(RefusedException.class);
    }

    private static String text(Response.ReadFile read) {
        return read.getData().toString(StandardCharsets.UTF_8);
    }
}
