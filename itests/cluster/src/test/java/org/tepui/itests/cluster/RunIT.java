// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tepui run} against a local cluster, which at the end stops with a run in progress. */
class RunIT {
    @TempDir
    static Path directory;

    private static Program local;
    private static Installation tepui;

    @BeforeAll
    static void startCluster() throws Exception {
        Installation installation = Installation.built(directory);
        local = installation.start("local", "--agents", "2", "--port", "0");
        tepui = installation.with("TEPUI_MASTER", Installation.awaitReady(local));
    }

    @AfterAll
    static void stopCluster() throws Exception {
        try (Program running = local) {
            running.signal("TERM");
            assertThat(running.await().code()).as("%s", running).isZero();
        }
    }

    @Test
    void endsWithZeroAndOneObjectWhenAllTasksFinished() throws Exception {
        Outcome outcome = tepui.run(small("--json", "--instances", "3", "--env", "A=b c", "--", "test \"$A\" = 'b c'"));

        assertThat(outcome.code()).as("%s", outcome).isZero();
        assertThat(outcome.out().lines()).hasSize(1);
        Json report = Json.parse(outcome.out());
        assertThat(keys(report))
                .containsExactlyInAnyOrder("tasks", "finished", "failed", "killed", "lost", "seconds", "task_list");
        assertThat(counts(report)).isEqualTo("3 tasks: 3 finished, 0 failed, 0 killed, 0 lost");
        assertThat(report.at("seconds").number()).isBetween(0.0, 60.0);
        assertThat(report.at("task_list").list()).hasSize(3).allSatisfy(task -> {
            assertThat(task.at("id").text()).startsWith("small-");
            assertThat(task.at("agent").text()).isEqualTo("127.0.0.1");
            assertThat(task.at("agent_id").text()).isNotEmpty();
            assertThat(task.at("state").text()).isEqualTo("TASK_FINISHED");
            assertThat(task.at("exit_status").text()).isEqualTo("0");
        });
    }

    @Test
    void endsWithOneAndShowsWhatFailedTasksWrote() throws Exception {
        Outcome outcome = tepui.run(small(
                "--json",
                "--instances",
                "2",
                "--",
                "case $MESOS_TASK_ID in *-1) echo to out; echo to err >&2; exit 3;; esac"));

        assertThat(outcome.code()).as("%s", outcome).isEqualTo(1);
        assertThat(outcome.err()).contains("exit status 3", "to out\n", "to err\n");
        Json report = Json.parse(outcome.out());
        assertThat(counts(report)).isEqualTo("2 tasks: 1 finished, 1 failed, 0 killed, 0 lost");
        assertThat(report.at("task_list").list())
                .extracting(task ->
                        task.at("state").text() + " " + task.at("exit_status").text())
                .containsExactly("TASK_FAILED 3", "TASK_FINISHED 0");
    }

    @Test
    void endsWithOneWhereACommandIsNotThere() throws Exception {
        Outcome outcome = tepui.run(small("--", "/no/such/program", "argument"));

        assertThat(outcome.code()).as("%s", outcome).isEqualTo(1);
        assertThat(outcome.err()).contains("/no/such/program");
        assertThat(outcome.lastLine()).startsWith("0 of 1 tasks finished");
    }

    @Test
    void killsWhatRunsTooLong() throws Exception {
        Outcome outcome = tepui.run(small("--json", "--kill-after", "100ms", "--", "sleep 1000"));

        assertThat(outcome.code()).as("%s", outcome).isEqualTo(1);
        Json report = Json.parse(outcome.out());
        assertThat(counts(report)).isEqualTo("1 tasks: 0 finished, 0 failed, 1 killed, 0 lost");
        assertThat(report.at("task_list").list().get(0).at("state").text()).isEqualTo("TASK_KILLED");
    }

    @Test
    void endsWithThreeAndSaysWhatWouldFit() throws Exception {
        Outcome outcome = tepui.run("run", "--cpus", "100", "--mem", "64", "--", "true");

        assertThat(outcome.code()).as("%s", outcome).isEqualTo(3);
        int cpus = Math.max(2, Runtime.getRuntime().availableProcessors());
        assertThat(outcome.err())
                .contains("nothing fits", "cpus:100 mem:64", "the most", "2 agents", "cpus:" + cpus + " mem:2048");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--cpus much -- true",
                "--instances 0 --kill-after 5 -- true",
                "--name a/b -- true",
                "--no-such-option -- true",
                "--master nowhere -- true",
                "--cpus 1"
            })
    void endsWithTwoOnBadUsage(String arguments) throws Exception {
        Outcome outcome = tepui.run(("run " + arguments).split(" "));

        assertThat(outcome.code()).as("%s", outcome).isEqualTo(2);
        assertThat(outcome.err()).startsWith("tepui run: ").doesNotContain("\tat ");
    }

    @Test
    void saysThatNoMasterIsThere() throws Exception {
        for (String verb : List.of("run", "tasks")) {
            List<String> arguments = new ArrayList<>(List.of(verb, "--master", "127.0.0.1:1"));
            arguments.addAll(verb.equals("run") ? List.of("--", "true") : List.of());
            Outcome outcome = tepui.run(arguments.toArray(new String[0]));

            assertThat(outcome.code()).as("%s", outcome).isEqualTo(1);
            assertThat(outcome.err())
                    .startsWith("tepui " + verb + ": cannot reach 127.0.0.1:1")
                    .hasLineCount(1);
        }
    }

    @Test
    void endsItsTasksWhenItIsInterrupted() throws Exception {
        try (Program run = tepui.start(small("--", "echo $$ is here; exec sleep 1234"))) {
            Await.until("it runs", () -> sleepers("1234").size() == 1, local::toString);
            run.signal(ProcessTable.interrupt());
            run.await();
            Await.until("its task is gone", () -> sleepers("1234").isEmpty(), local::toString);
        }
    }

    private static List<String> sleepers(String seconds) throws IOException {
        return ProcessTable.of(directory).stream()
                .filter(line -> line.strip().matches("\\d+ sleep " + seconds))
                .toList();
    }

    private static String[] small(String... arguments) {
        List<String> all = new ArrayList<>(List.of("run", "--name", "small", "--cpus", "0.1", "--mem", "32"));
        all.addAll(List.of(arguments));
        return all.toArray(new String[0]);
    }

    private static Iterable<String> keys(Json object) {
        return object.value() instanceof Map<?, ?> map
                ? map.keySet().stream().map(String::valueOf).toList()
                : List.of();
    }

    private static String counts(Json report) {
        return report.at("tasks").text() + " tasks: " + report.at("finished").text() + " finished, "
                + report.at("failed").text() + " failed, " + report.at("killed").text() + " killed, "
                + report.at("lost").text() + " lost";
    }
}
