// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tepui.itests.cluster.Api;
import org.tepui.itests.cluster.Await;
import org.tepui.itests.cluster.Installation;
import org.tepui.itests.cluster.Json;
import org.tepui.itests.cluster.Outcome;
import org.tepui.itests.cluster.Program;

/**
 * Two frameworks on published clients of Mesos, each in a process of its own, against a master and an agent in
 * processes of theirs. Both subscribe, launch a short and a long command, acknowledge, reconcile, kill and tear down.
 */
class MesosClientsIT {
    private static final double UPDATES_PER_FRAMEWORK = 4;

    private static Program master;
    private static Program agent;
    private static String address;
    private static Api api;

    @TempDir
    static Path directory;

    @BeforeAll
    static void startCluster() throws Exception {
        Installation installation = Installation.built(directory);
        master = installation.start("master", "--port", "0");
        address = Installation.awaitReady(master);
        agent = installation.start(
                "agent",
                "--master",
                address,
                "--port",
                "0",
                "--resources",
                "cpus:2;mem:1024;disk:1024;ports:[31000-31099]",
                "--stop-tasks",
                "--runtime-dir",
                directory.resolve("run").toString());
        Installation.awaitReady(agent);
        api = new Api(address);
    }

    @AfterAll
    static void stopCluster() throws Exception {
        for (Program service : List.of(agent, master)) {
            service.signal("TERM");
            assertThat(service.await().code()).isZero();
        }
    }

    @Test
    void servesTheProtobufClientMesosRxjava() throws Exception {
        double acknowledged = api.metric("master/valid_status_update_acknowledgements");
        String java = System.getProperty("tepui.test.jdk", System.getProperty("java.home")) + "/bin/java";
        ProcessBuilder builder = new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                "target/rxjava/*",
                "src/clients/rxjava/RxClient.java",
                address,
                System.getProperty("user.name", "root"));

        Outcome outcome;
        try (Program client = Program.start("rxjava client", builder)) {
            outcome = client.await();
        }

        assertThat(outcome.code()).as("%s", outcome).isZero();
        assertThat(outcome.out().lines())
                .containsSubsequence("update short TASK_RUNNING", "update short TASK_FINISHED")
                .containsSubsequence(
                        "update long TASK_RUNNING",
                        "update long TASK_RUNNING REASON_RECONCILIATION",
                        "update long TASK_RUNNING REASON_RECONCILIATION",
                        "accepted KILL",
                        "update long TASK_KILLED")
                .noneMatch(line -> line.startsWith("refused"));
        assertRan("rxjava client", acknowledged);
    }

    @Test
    void servesTheJsonClientMesosFramework() throws Exception {
        NodeClient.install();
        double acknowledged = api.metric("master/valid_status_update_acknowledgements");

        Outcome outcome;
        try (Program client = NodeClient.start(address)) {
            outcome = client.await();
        }

        assertThat(outcome.code()).as("%s", outcome).isZero();
        assertThat(outcome.out().lines().map(line -> line.replaceAll(",\"(acknowledged|id)\":[^,}]*", "")))
                .containsSubsequence(update("short", "TASK_RUNNING", ""), update("short", "TASK_FINISHED", ""))
                .containsSubsequence(
                        update("long", "TASK_RUNNING", ""),
                        update("long", "TASK_RUNNING", "REASON_RECONCILIATION"),
                        update("long", "TASK_RUNNING", "REASON_RECONCILIATION"),
                        "{\"what\":\"accepted\",\"call\":\"kill\"}",
                        update("long", "TASK_KILLED", ""),
                        "{\"what\":\"accepted\",\"call\":\"teardown\"}");
        assertRan("npm-client", acknowledged);
    }

    /** What NodeClientFaultsIT shows that the npm client depends on. */
    @Test
    void sendsEachRecordInAChunkOfItsOwnAndOffersWithAnAddress() throws Exception {
        String call = "{\"type\":\"SUBSCRIBE\",\"subscribe\":{\"framework_info\":"
                + "{\"user\":\"root\",\"name\":\"bytes\"}}}";
        Set<String> types = new HashSet<>();
        try (RawStream stream = RawStream.open(address, call)) {
            while (!types.contains("OFFERS")) {
                String chunk = stream.nextChunk();
                int border = chunk.indexOf('\n');
                String record = chunk.substring(border + 1);
                assertThat(chunk).isEqualTo(ScriptedMaster.record(record));
                Json event = Json.parse(record);
                types.add(event.at("type").text());
                for (Json offer : event.at("offers").at("offers").list()) {
                    assertThat(offer.at("url").at("address").at("ip").text()).isEqualTo("127.0.0.1");
                }
            }
        }
        assertThat(types).contains("SUBSCRIBED", "OFFERS");
    }

    private static String update(String task, String state, String reason) {
        return "{\"what\":\"update\",\"name\":\"" + task + "\",\"state\":\"" + state + "\""
                + (reason.isEmpty() ? "" : ",\"reason\":\"" + reason + "\"") + "}";
    }

    /** What the master knows of it afterwards. */
    private static void assertRan(String name, double acknowledgedBefore) throws IOException, InterruptedException {
        Await.until(
                "all updates of " + name + " are acknowledged",
                () -> api.metric("master/valid_status_update_acknowledgements")
                        >= acknowledgedBefore + UPDATES_PER_FRAMEWORK,
                () -> "");
        Json state = api.call("GET_STATE").at("get_state");
        Json framework = state.at("get_frameworks").at("completed_frameworks").list().stream()
                .filter(completed ->
                        completed.at("framework_info").at("name").text().equals(name))
                .findFirst()
                .orElseThrow()
                .at("framework_info");
        assertThat(state.at("get_tasks").at("tasks").list()).isEmpty();
        assertThat(state.at("get_tasks").at("completed_tasks").list())
                .filteredOn(task -> task.at("framework_id").equals(framework.at("id")))
                .extracting(task -> task.at("state").text())
                .containsExactlyInAnyOrder("TASK_FINISHED", "TASK_KILLED");
    }
}
