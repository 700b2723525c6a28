// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that look into a cluster and end tasks, while one task runs and after another has failed. */
class InspectionIT {
    @TempDir
    static Path directory;

    @TempDir
    static Path files;

    private static Program local;
    private static Program run;
    private static Installation tepui;

    @BeforeAll
    static void startCluster() throws Exception {
        Installation installation = Installation.built(directory);
        local = installation.start("local", "--agents", "2", "--port", "0", "--allocation-interval", "20ms");
        tepui = installation.with("TEPUI_MASTER", Installation.awaitReady(local));
        run = tepui.start(
                "run",
                "--json",
                "--name",
                "web",
                "--cpus",
                "0.5",
                "--mem",
                "64",
                "--instances",
                "2",
                "--env",
                "FILES=" + files,
                "--",
                "echo begun; echo aside >&2; case $MESOS_TASK_ID in *-1) exit 4;; esac;"
                        + " until [ -e $FILES/more ]; do sleep 0.05; done; echo more; exec sleep 1000");
        Await.until(
                "one runs, the other has failed",
                () -> states().equals(List.of("TASK_FAILED 4", "TASK_RUNNING null")),
                local::toString);
    }

    @AfterAll
    static void stopCluster() throws Exception {
        try (Program running = local;
                Program work = run) {
            running.signal("TERM");
            assertThat(running.await().code()).as("%s", running).isZero();
            work.kill();
        }
    }

    @Test
    void listsTasks() throws Exception {
        List<Json> live = list("tasks");
        assertThat(live).singleElement().satisfies(task -> {
            assertThat(task.at("id").text()).matches("web-[0-9a-f]+-2");
            assertThat(task.at("name").text()).isEqualTo("web");
            assertThat(task.at("framework").text()).isEqualTo("web");
            assertThat(task.at("agent").text()).isEqualTo("127.0.0.1");
            assertThat(task.at("resources").at("cpus").number()).isEqualTo(0.5);
        });
        assertThat(list("tasks", "--all"))
                .filteredOn(task -> task.at("name").text().equals("web"))
                .hasSize(2);

        assertTable("tasks", "TASK", "web-", "TASK_RUNNING", "cpus:0.5");
    }

    @Test
    void listsAgents() throws Exception {
        List<Json> agents = list("agents");
        assertThat(agents).hasSize(2).allSatisfy(agent -> {
            assertThat(agent.at("state").text()).isEqualTo("active");
            assertThat(agent.at("address").text()).matches("127\\.0\\.0\\.1:\\d+");
            assertThat(agent.at("total").at("mem").number()).isEqualTo(2048);
        });
        assertThat(agents.stream()
                        .filter(agent -> agent.at("allocated").at("mem").value() != null)
                        .map(agent -> agent.at("allocated").at("mem").number()))
                .containsExactly(64.0);

        assertTable("agents", "AGENT", "127.0.0.1:", "active", "mem:2048");
    }

    @Test
    void listsFrameworks() throws Exception {
        assertThat(list("frameworks")).singleElement().satisfies(framework -> {
            assertThat(framework.at("name").text()).isEqualTo("web");
            assertThat(framework.at("state").text()).isEqualTo("active");
            assertThat(framework.at("tasks").number()).isEqualTo(1);
        });

        assertTable("frameworks", "FRAMEWORK", "web", "active", "cpus:0.5");
    }

    @Test
    void listsOffers() throws Exception {
        assertThat(list("offers")).isEmpty();
        Outcome none = tepui.run("offers");
        assertThat(none.out() + none.err()).isEqualTo("no offers are held at present\n");
        assertThat(none.code()).isZero();
    }

    @Test
    void printsWhatATaskWrote() throws Exception {
        String task = list("tasks", "--all").stream()
                .map(each -> each.at("id").text())
                .filter(id -> id.endsWith("-1"))
                .findFirst()
                .orElseThrow();
        assertThat(tepui.run("logs", task)).isEqualTo(new Outcome(0, "begun\n", "aside\n"));
    }

    @Test
    void followsATaskUntilItIsKilled() throws Exception {
        String task = list("tasks").get(0).at("id").text();
        try (Program logs = tepui.start("logs", "-f", task)) {
            logs.awaitOut("begun\n");
            Files.createFile(files.resolve("more"));
            logs.awaitOut("more\n");
            Files.delete(files.resolve("more"));
        }
        try (Program other = tepui.start(
                "run", "--name", "other", "--cpus", "0.1", "--mem", "32", "--", "echo up; exec sleep 1000")) {
            String beginning = Await.present(
                    "the other task runs",
                    () -> list("tasks").stream()
                            .filter(each -> each.at("state").text().equals("TASK_RUNNING"))
                            .map(each -> each.at("id").text())
                            .filter(id -> id.startsWith("other-"))
                            .findFirst(),
                    other::toString);
            try (Program logs = tepui.start("logs", "--follow", beginning)) {
                logs.awaitOut("up\n");
                Outcome kill = tepui.run("kill", "--grace", "10s", "other-");
                assertThat(kill.code()).as("%s", kill).isZero();
                assertThat(kill.out()).startsWith("task " + beginning);
                assertThat(logs.await()).isEqualTo(new Outcome(0, "up\n", ""));
            }
            assertThat(other.await().code()).isEqualTo(1);
            Outcome again = tepui.run("kill", beginning);
            assertThat(again.code()).isEqualTo(1);
            assertThat(again.err()).contains(beginning + " has ended already: TASK_KILLED");
        }
    }

    @Test
    void saysThatThereIsNoSuchTask() throws Exception {
        for (String verb : List.of("logs", "kill")) {
            Outcome outcome = tepui.run(verb, "nobody");
            assertThat(outcome.code()).as("%s", outcome).isEqualTo(1);
            assertThat(outcome.err())
                    .startsWith("tepui " + verb + ": there is no task 'nobody'")
                    .hasLineCount(1);
        }
    }

    private static void assertTable(String verb, String... words) throws Exception {
        Outcome outcome = tepui.run(verb);
        assertThat(outcome.code()).as("%s", outcome).isZero();
        assertThat(outcome.out()).contains(words);
    }

    private static List<Json> list(String... arguments) throws IOException, InterruptedException {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--json";
        Outcome outcome = tepui.run(all);
        assertThat(outcome.code()).as("%s", outcome).isZero();
        assertThat(outcome.out().lines()).hasSize(1);
        return Json.parse(outcome.out()).list();
    }

    private static List<String> states() throws IOException, InterruptedException {
        return list("tasks", "--all").stream()
                .map(task ->
                        task.at("state").text() + " " + task.at("exit_status").text())
                .sorted()
                .toList();
    }
}
