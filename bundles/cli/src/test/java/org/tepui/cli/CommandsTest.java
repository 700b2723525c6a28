// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tepui.v1.Label;
import org.tepui.v1.Labels;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;

@Timeout(60)
class CommandsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private int columns;
    private FakeCluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = new FakeCluster();
        cluster.tasks.add(FakeCluster.task("sleep-1", TaskState.TASK_RUNNING));
        cluster.tasks.add(FakeCluster.task("sleep-2", TaskState.TASK_STAGING));
        cluster.completed.add(FakeCluster.task("done-1", TaskState.TASK_FAILED).toBuilder()
                .addStatuses(TaskStatus.newBuilder()
                        .setTaskId(TaskID.newBuilder().setValue("done-1"))
                        .setState(TaskState.TASK_FAILED)
                        .setLabels(Labels.newBuilder()
                                .addLabels(Label.newBuilder()
                                        .setKey("tepui.exit_status")
                                        .setValue("3"))))
                .build());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void listsTasksAsATable() {
        assertThat(run("tasks")).isZero();
        assertThat(text(out).lines())
                .containsExactly(
                        "TASK     NAME   STATE         FRAMEWORK  AGENT      RESOURCES",
                        "sleep-1  sleep  TASK_RUNNING  nightly    127.0.0.1  cpus:0.5 mem:64",
                        "sleep-2  sleep  TASK_STAGING  nightly    127.0.0.1  cpus:0.5 mem:64");
    }

    @Test
    void fitsATableToTheTerminal() {
        columns = 50;
        assertThat(run("tasks")).isZero();
        assertThat(text(out).lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(50));
        assertThat(text(out)).contains("..").contains("TASK_");
    }

    @Test
    void listsTasksAsJson() {
        assertThat(run("tasks", "--all", "--json")).isZero();
        assertThat(text(out))
                .startsWith(
                        "[{\"id\":\"sleep-1\",\"name\":\"sleep\",\"state\":\"TASK_RUNNING\",\"framework_id\":\"F-1\","
                                + "\"framework\":\"nightly\",\"agent_id\":\"A-1\",\"agent\":\"127.0.0.1\","
                                + "\"resources\":{\"cpus\":0.5,\"mem\":64}}")
                .contains("\"exit_status\":3")
                .endsWith("]\n");
    }

    @Test
    void saysWhatThereIsNotOfAnEmptyList() {
        cluster.tasks.clear();
        assertThat(run("tasks")).isZero();
        assertThat(text(err)).contains("no tasks at present");
        assertThat(run("tasks", "--json")).isZero();
        assertThat(text(out)).isEqualTo("[]\n");
    }

    @Test
    void listsAgentsFrameworksAndOffers() {
        assertThat(run("agents")).isZero();
        assertThat(run("frameworks")).isZero();
        assertThat(run("offers")).isZero();
        assertThat(text(out))
                .contains("A-1    " + cluster.address())
                .contains("F-1        nightly  active  batch  root  2      -")
                .contains("O-1    nightly    host");
    }

    @Test
    void killsATaskByTheBeginningOfItsId() {
        assertThat(run("kill", "--grace", "30s", "sleep-1")).isZero();
        assertThat(cluster.calls).singleElement().satisfies(call -> {
            assertThat(call.getKillTask().getTaskId().getValue()).isEqualTo("sleep-1");
            assertThat(call.getKillTask().getFrameworkId()).isEqualTo(FakeCluster.FRAMEWORK);
            assertThat(call.getKillTask().getKillPolicy().getGracePeriod().getNanoseconds())
                    .isEqualTo(30_000_000_000L);
        });
        assertThat(run("kill", "sleep")).isEqualTo(1);
        assertThat(text(err)).contains("2 tasks start with 'sleep'");
    }

    @Test
    void refusesToKillWhatHasEndedOrIsNotThere() {
        assertThat(run("kill", "done")).isEqualTo(1);
        assertThat(run("kill", "other")).isEqualTo(1);
        assertThat(text(err)).contains("has ended already: TASK_FAILED").contains("there is no task 'other'");
        assertThat(cluster.calls).isEmpty();
    }

    @Test
    void printsWhatATaskWrote() {
        String directory = "/frameworks/F-1/executors/sleep-1/runs/latest/";
        cluster.files.put(directory + "stdout", "x".repeat(700_000));
        cluster.files.put(directory + "stderr", "oh");
        assertThat(run("logs", "sleep-1")).isZero();
        assertThat(text(out)).hasSize(700_000);
        assertThat(text(err)).isEqualTo("oh");
    }

    @Test
    void followsATaskThatHasEndedToItsEnd() {
        String directory = "/frameworks/F-1/executors/done-1/runs/latest/";
        cluster.files.put(directory + "stdout", "all\n");
        cluster.files.put(directory + "stderr", "");
        assertThat(run("logs", "-f", "done-1")).isZero();
        assertThat(text(out)).isEqualTo("all\n");
    }

    @Test
    void saysThatNothingFitsAndWhatWould() {
        cluster.capacity.add(FakeCluster.scalar("cpus", 4));
        cluster.capacity.add(FakeCluster.scalar("mem", 1024));
        assertThat(run("run", "--cpus", "64", "--mem", "32", "--", "true")).isEqualTo(3);
        assertThat(text(err))
                .isEqualTo("tepui run: nothing fits: a task asks for cpus:64 mem:32, and the most that any of 1 agents"
                        + " could ever offer role * is cpus:4 mem:1024\n");
    }

    @Test
    void refusesBadUsage() {
        assertThat(run("run", "--cpus", "0", "--", "true")).isEqualTo(2);
        assertThat(run("run", "--instances", "many", "--", "true")).isEqualTo(2);
        assertThat(run("run")).isEqualTo(2);
        assertThat(run("run", "--kill-after", "5", "--", "true")).isEqualTo(2);
        assertThat(run("run", "--name", "a/b", "--", "true")).isEqualTo(2);
        assertThat(run("tasks", "--jsno")).isEqualTo(2);
        assertThat(text(err))
                .contains("--cpus: more than 0")
                .contains("'many' is not an int")
                .contains("Missing required parameter: 'COMMAND'")
                .contains("'5' is not allowed: a number with a unit is expected")
                .contains("--name: 1 to 100 letters")
                .contains("Unknown option: '--jsno'");
    }

    @Test
    void saysThatNothingListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(at("127.0.0.1:" + port, "tasks")).isEqualTo(1);
        assertThat(text(err)).contains("cannot reach 127.0.0.1:" + port + ": nothing listens there");
    }

    @Test
    void saysThatSomethingElseListens() throws IOException, InterruptedException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread stranger = new Thread(() -> {
                try (Socket accepted = socket.accept()) {
                    accepted.getOutputStream().write("220 mail ready\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    // the test is over
                }
            });
            stranger.start();
            assertThat(at("127.0.0.1:" + socket.getLocalPort(), "tasks")).isEqualTo(1);
            stranger.join();
        }
        assertThat(text(err)).contains("answers, but not as Tepui does");
    }

    @Test
    void saysThatAnotherWebServerListens() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        assertThat(at("127.0.0.1:" + server.getAddress().getPort(), "tasks")).isEqualTo(1);
        server.stop(0);
        assertThat(text(err)).contains("answers, but not as Tepui does: it has no /api/v1");
    }

    @Test
    void followsAMasterThatDoesNotLead() throws IOException {
        HttpServer follower = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        follower.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Location", "//" + cluster.address() + exchange.getRequestURI());
            exchange.sendResponseHeaders(307, -1);
            exchange.close();
        });
        follower.start();
        assertThat(at("127.0.0.1:" + follower.getAddress().getPort(), "tasks")).isZero();
        follower.stop(0);
        assertThat(text(out)).contains("sleep-1");
    }

    @Test
    void refusesAnAddressThatIsNone() {
        assertThat(at("localhost", "tasks")).isEqualTo(2);
        assertThat(text(err)).contains("'localhost' is not an address");
    }

    @Test
    void explainsEachVerb() {
        for (String verb : new String[] {"run", "tasks", "agents", "frameworks", "offers", "kill", "logs"}) {
            assertThat(run(verb, "--help")).isZero();
            assertThat(text(out))
                    .contains("Usage: tepui " + verb)
                    .contains("Example")
                    .contains("--master=HOST:PORT");
        }
    }

    @Test
    void printsACompletionScript() {
        assertThat(Main.run(terminal(), "completion")).isZero();
        assertThat(text(out)).contains("quickstart").contains("--instances").contains("complete -F");
    }

    private int run(String verb, String... arguments) {
        return at(cluster.address(), verb, arguments);
    }

    private int at(String address, String verb, String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = verb;
        all[1] = "--master";
        all[2] = address;
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return Main.run(terminal(), all);
    }

    private Terminal terminal() {
        return new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                columns);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
