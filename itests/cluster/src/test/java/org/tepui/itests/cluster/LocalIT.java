// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tepui local}: how it starts, and that nothing of it stays. */
class LocalIT {
    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void leavesNoProcessBehind(String signal) throws Exception {
        String sent = signal.equals("INT") ? ProcessTable.interrupt() : signal;
        try (Program local = Installation.built(directory).start("local", "--agents", "2", "--port", "0")) {
            String address = Installation.awaitReady(local);
            Path ready = elsewhere.resolve("ready");
            // one task does not heed the first signal, and has processes of its own
            String command = "trap '' TERM; sleep 1000 & sleep 1000 & echo >" + ready + "; wait; sleep 1000";
            try (Program run = Installation.built(elsewhere)
                    .start("run", "--master", address, "--cpus", "0.1", "--mem", "32", "--", command)) {
                Await.until("the task runs", () -> Files.exists(ready), run::toString);
                assertThat(ProcessTable.of(directory)).hasSizeGreaterThan(3);

                local.signal(sent);
                Outcome outcome = local.await();

                assertThat(outcome.code()).as("%s", outcome).isZero();
                assertThat(ProcessTable.of(directory)).isEmpty();
            }
        }
    }

    @Test
    void leavesNoProcessBehindWhenItIsStoppedBeforeItIsReady() throws Exception {
        try (Program local = Installation.built(directory).start("local", "--agents", "3", "--port", "0")) {
            Await.until(
                    "it has begun to start the master",
                    () -> Files.exists(directory.resolve("local/master/container")),
                    local::toString);
            local.signal("TERM");
            Outcome outcome = local.await();

            assertThat(outcome.code()).as("%s", outcome).isZero();
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err()).doesNotContain("\tat ");
            assertThat(ProcessTable.of(directory)).isEmpty();
        }
    }

    @Test
    void saysThatItsPortIsInUse() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(socket.getLocalPort());
            Outcome outcome = Installation.built(directory).run("local", "--agents", "1", "--port", port);

            assertThat(outcome.code()).as("%s", outcome).isEqualTo(1);
            assertThat(outcome.err())
                    .containsPattern("tepui local: .*cannot listen on 127.0.0.1:" + port + ": .*Address already in use")
                    .doesNotContain("\tat ");
            assertThat(ProcessTable.of(directory)).isEmpty();
        }
    }

    @Test
    void endsWithTheCodeOfItsCommandAndLeavesNoFilesIfTheyAreTemporary() throws Exception {
        Outcome outcome = Installation.built(directory)
                .with("TMPDIR", elsewhere.toString())
                .run(
                        "local",
                        "--agents",
                        "1",
                        "--port",
                        "0",
                        "--temporary",
                        "--",
                        "sh",
                        "-c",
                        "echo $TEPUI_MASTER; exit 9");

        assertThat(outcome.code()).as("%s", outcome).isEqualTo(9);
        assertThat(outcome.out()).matches("127\\.0\\.0\\.1:\\d+\n");
        assertThat(first(directory)).isEmpty();
        assertThat(first(elsewhere)).isEmpty();
    }

    private static Optional<Path> first(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.findFirst();
        }
    }
}
