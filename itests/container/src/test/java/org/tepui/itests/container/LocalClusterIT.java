// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A local cluster and the commands that use it, in the order in which a user would. */
@Timeout(300)
@TestMethodOrder(OrderAnnotation.class)
class LocalClusterIT {
    private static final Pattern READY = Pattern.compile("local cluster ready: master on (\\S+), 2 agents");

    @TempDir
    static Path directory;

    private static TepuiProcess cluster;
    private static String master;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        cluster = TepuiProcess.start(
                directory,
                Map.of("TEPUI_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary),
                "local",
                "--temporary",
                "--port",
                "0",
                "--agents",
                "2");
        master = cluster.awaitOutput(READY);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    @Order(1)
    void hasItsAgents() throws IOException, InterruptedException {
        TepuiProcess agents = tepui("agents", "--json");
        assertThat(agents.await()).isZero();
        assertThat(agents.out()).containsPattern("\\[\\{.*\"state\":\"active\".*},\\{.*\"state\":\"active\".*}]");
    }

    @Test
    @Order(2)
    void runsTasks() throws IOException, InterruptedException {
        TepuiProcess run = tepui("run", "--instances", "4", "--cpus", "0.5", "--mem", "32", "--", "sleep", "0.1");
        assertThat(run.await()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("4 of 4 tasks finished");
    }

    @Test
    @Order(3)
    void showsWhyATaskFailed() throws IOException, InterruptedException {
        TepuiProcess run = tepui("run", "--name", "bad", "--json", "--env", "WORD=oops", "--", "echo $WORD; exit 3");
        assertThat(run.await()).isEqualTo(1);
        assertThat(run.err()).contains("TASK_FAILED, exit status 3").contains("oops");
        assertThat(run.out())
                .startsWith("{\"tasks\":1,\"finished\":0,\"failed\":1,\"killed\":0,\"lost\":0,\"seconds\":")
                .contains("\"exit_status\":3");
        assertThat(tepui("tasks", "--all").out()).contains("TASK_FAILED");
        TepuiProcess logs = tepui("logs", "bad-");
        assertThat(logs.out()).isEqualTo("oops\n");
    }

    @Test
    @Order(4)
    void killsATaskAndFollowsItsOutput() throws IOException, InterruptedException {
        try (TepuiProcess run = TepuiProcess.start(
                        directory,
                        Map.of("TEPUI_MASTER", master),
                        "run",
                        "--name",
                        "long",
                        "--",
                        "echo begun; sleep 1000");
                TepuiProcess logs = TepuiProcess.start(
                        directory,
                        Map.of("TEPUI_MASTER", master),
                        "run",
                        "--name",
                        "longer",
                        "--kill-after",
                        "1s",
                        "--",
                        "sleep 1000")) {
            awaitTask("long-");
            assertThat(tepui("kill", "long-").out()).startsWith("task long-").contains("will be killed");
            assertThat(run.await()).isEqualTo(1);
            assertThat(run.err()).contains("1 killed");
            assertThat(tepui("logs", "-f", "long-").out()).isEqualTo("begun\n");
            assertThat(logs.await()).isEqualTo(1);
            assertThat(logs.err()).contains("1 killed");
        }
    }

    @Test
    @Order(5)
    void saysThatNothingFits() throws IOException, InterruptedException {
        TepuiProcess run = tepui("run", "--cpus", "5000", "--", "true");
        assertThat(run.await()).isEqualTo(3);
        assertThat(run.err()).contains("a task asks for cpus:5000").contains("could ever offer");
    }

    @Test
    @Order(6)
    void leavesNothingBehind() throws IOException, InterruptedException {
        List<ProcessHandle> children = cluster.handle().descendants().toList();
        assertThat(cluster.terminate()).as(cluster.err()).isZero();
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        try (Stream<Path> left = Files.list(directory.resolve("tmp"))) {
            assertThat(left.filter(path -> path.getFileName().toString().startsWith("tepui-")))
                    .isEmpty();
        }
        assertThat(cluster.err()).isEmpty();
    }

    private static void awaitTask(String start) throws IOException, InterruptedException {
        Pattern running = Pattern.compile("(?m)^" + start + "\\S+ .*TASK_RUNNING");
        for (int tries = 0; tries < 100; tries++) {
            if (running.matcher(tepui("tasks").out()).find()) {
                return;
            }
        }
        throw new AssertionError("no task " + start + " runs");
    }

    private static TepuiProcess tepui(String... arguments) throws IOException, InterruptedException {
        TepuiProcess process = TepuiProcess.start(directory, Map.of("TEPUI_MASTER", master), arguments);
        process.await();
        return process;
    }
}
