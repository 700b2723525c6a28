// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that are killed without notice, with work in progress. */
class FailoverIT {
    /** Tells its process id, waits until a file is there, and ends with the number in it. */
    private static final String UNTIL_TOLD = "n=${MESOS_TASK_ID##*-}; echo $$ >>$FILES/pid-$n;"
            + " until [ -s $FILES/end-$n ]; do sleep 0.05; done; exit $(cat $FILES/end-$n)";

    @TempDir
    static Path directory;

    @TempDir
    Path files;

    private static Cluster cluster;

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = Cluster.start(directory);
    }

    @AfterAll
    static void stopCluster() throws Exception {
        try (Cluster running = cluster) {
            running.stop();
        }
    }

    @BeforeEach
    void awaitAgent() throws Exception {
        Await.until("the agent is active", () -> cluster.api().metric("master/slaves_active") == 1, cluster::toString);
    }

    @Test
    void tasksGoOnWithoutTheirAgentAndItsNextStartFindsThem() throws Exception {
        try (Program run = run("agent-away", 3)) {
            List<Long> pids = List.of(awaitPid(1), awaitPid(2), awaitPid(3));
            for (int number = 1; number <= 3; number++) {
                cluster.awaitTask(number, "TASK_RUNNING");
            }

            cluster.agent().kill();
            end(1, 7);
            awaitEnd(pids.get(0));
            cluster.restartAgent();

            cluster.awaitTask(1, "TASK_FAILED");
            Await.until(
                    "the status of task 1 has its exit status",
                    () -> cluster.task(1)
                            .filter(task -> labels(task).contains("tepui.exit_status=7"))
                            .isPresent(),
                    cluster::toString);
            assertThat(ProcessHandle.of(pids.get(1))).isPresent();
            assertThat(ProcessHandle.of(pids.get(2))).isPresent();

            Outcome kill = cluster.tepui()
                    .run(
                            "kill",
                            cluster.task(3)
                                    .orElseThrow()
                                    .at("task_id")
                                    .at("value")
                                    .text());
            assertThat(kill.code()).as("%s", kill).isZero();
            awaitEnd(pids.get(2));
            end(2, 0);
            Outcome outcome = run.await();

            assertThat(outcome.code()).as("%s", outcome).isEqualTo(1);
            Json report = Json.parse(outcome.lastLine());
            assertThat(report.at("task_list").list())
                    .extracting(task -> task.at("state").text() + " "
                            + task.at("exit_status").text())
                    .containsExactly("TASK_FAILED 7", "TASK_FINISHED 0", "TASK_KILLED 143");
            for (int number = 1; number <= 3; number++) {
                assertThat(Files.readAllLines(files.resolve("pid-" + number))).hasSize(1);
            }
        }
    }

    @Test
    void aRunOutlivesTheMaster() throws Exception {
        try (Program run = run("master-away", 4)) {
            for (int number = 1; number <= 3; number++) {
                awaitPid(number);
                cluster.awaitTask(number, "TASK_RUNNING");
            }

            cluster.master().kill();
            end(1, 0);
            cluster.restartMaster();
            end(2, 0);
            end(3, 0);
            awaitPid(4);
            end(4, 0);
            Outcome outcome = run.await();

            assertThat(outcome.code()).as("%s", outcome).isZero();
            assertThat(Json.parse(outcome.lastLine()).at("finished").number()).isEqualTo(4);
            for (int number = 1; number <= 4; number++) {
                assertThat(Files.readAllLines(files.resolve("pid-" + number))).hasSize(1);
            }
        }
    }

    private Program run(String name, int instances) throws IOException {
        return cluster.tepui()
                .start(
                        "run",
                        "--json",
                        "--name",
                        name,
                        "--cpus",
                        "1",
                        "--mem",
                        "32",
                        "--instances",
                        String.valueOf(instances),
                        "--env",
                        "FILES=" + files,
                        "--",
                        UNTIL_TOLD);
    }

    private void end(int number, int code) throws IOException {
        Files.writeString(files.resolve("end-" + number), code + "\n");
    }

    private long awaitPid(int number) throws IOException, InterruptedException {
        Path file = files.resolve("pid-" + number);
        Await.until("task " + number + " runs", () -> Files.exists(file) && Files.size(file) > 0, cluster::toString);
        return Long.parseLong(Files.readString(file).strip());
    }

    private static void awaitEnd(long pid) throws IOException, InterruptedException {
        Await.until("process " + pid + " ends", () -> ProcessHandle.of(pid).isEmpty(), cluster::toString);
    }

    private static List<String> labels(Json task) {
        return task.at("statuses").list().stream()
                .flatMap(status -> status.at("labels").at("labels").list().stream())
                .map(label -> label.at("key").text() + "=" + label.at("value").text())
                .toList();
    }
}
