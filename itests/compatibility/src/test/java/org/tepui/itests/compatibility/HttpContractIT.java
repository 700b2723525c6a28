// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tepui.itests.cluster.Await;
import org.tepui.itests.cluster.Installation;
import org.tepui.itests.cluster.Json;
import org.tepui.itests.cluster.Program;

/** The v1 HTTP API of a master and an agent in processes of theirs, down to status codes and bytes. */
@Timeout(120)
class HttpContractIT {
    private static final String SCHEDULER = "/api/v1/scheduler";
    private static final String SUBSCRIBE =
            "{\"type\":\"SUBSCRIBE\",\"subscribe\":{\"framework_info\":{\"user\":\"root\",\"name\":\"contract\"}}}";

    private static Program master;
    private static Program agent;
    private static String address;
    private static String agentAddress;

    @TempDir
    static Path directory;

    @BeforeAll
    static void start() throws Exception {
        Installation installation = Installation.built(directory);
        master = installation.start("master", "--port", "0", "--scheduler-heartbeat-interval", "500ms");
        address = Installation.awaitReady(master);
        agent = installation.start(
                "agent",
                "--master",
                address,
                "--port",
                "0",
                "--resources",
                "cpus:1;mem:256;disk:256;ports:[31000-31009]",
                "--stop-tasks",
                "--runtime-dir",
                directory.resolve("run").toString());
        agentAddress = Installation.awaitReady(agent);
    }

    @AfterAll
    static void stop() throws Exception {
        for (Program service : Arrays.asList(agent, master)) {
            service.signal("TERM");
            assertThat(service.await().code()).isZero();
        }
    }

    /** Whatever was sent, the service goes on. */
    @AfterEach
    void isHealthy() throws IOException {
        try (RawHttp health = RawHttp.post(address, "/api/v1", "{\"type\":\"GET_HEALTH\"}")) {
            assertThat(health.status()).isEqualTo(200);
            assertThat(Json.parse(health.text()).at("get_health").at("healthy").value())
                    .isEqualTo(true);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "GET;  application/json;                {};                                              405",
                "PUT;  ;                                {;                                               405",
                "POST; ;                                {;                                               400",
                "POST; text/plain;                      {;                                               415",
                "POST; application/json;                {;                                               400",
                "POST; application/json;                {};                                              400",
                "POST; application/json;                {\"type\":\"NOVEL\"};                            400",
                "POST; application/json;                {\"type\":\"SUBSCRIBE\"};                        400",
                "POST; application/json;                {\"type\":\"TEARDOWN\"};                         400",
                "POST; application/json; {\"type\":\"TEARDOWN\",\"framework_id\":{\"value\":\"none\"}};  400",
                "POST; application/json; {\"type\":\"TEARDOWN\",\"framework_id\":{\"value\":\"a/b\"}};   400",
                "POST; application/json; {\"type\":\"TEARDOWN\",\"framework_id\":{\"value\":\"a\\u0000\"}}; 400",
                "POST; application/x-protobuf;          garbage;                                         400",
            })
    void refusesWhatIsMalformed(String method, String type, String body, int status) throws IOException {
        String[] headers = type == null ? new String[0] : new String[] {"Content-Type: " + type};
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (RawHttp answer = RawHttp.send(address, method, SCHEDULER, bytes, headers)) {
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.text()).isNotBlank();
            assertThat(answer.header("allow")).isEqualTo(answer.status() == 405 ? "POST" : "");
        }
    }

    @Test
    void refusesSubscriptionsByTheirHeaders() throws IOException {
        try (RawHttp both = RawHttp.post(address, SCHEDULER, SUBSCRIBE, "Accept: text/html", "Mesos-Stream-Id: x");
                RawHttp stream = RawHttp.post(address, SCHEDULER, SUBSCRIBE, "Mesos-Stream-Id: x")) {
            assertThat(both.status()).isEqualTo(406);
            assertThat(stream.status()).isEqualTo(400);
        }
    }

    @Test
    void takesNullsUnknownFieldsAndUnknownNamesOfEnums() throws IOException {
        String call = "{\"type\":\"SUBSCRIBE\",\"framework_id\":null,\"novel\":{\"a\":[1]},\"subscribe\":"
                + "{\"suppressed_roles\":null,\"framework_info\":{\"user\":\"root\",\"name\":\"nulls\","
                + "\"roles\":null,\"webui_url\":null,\"capabilities\":[{\"type\":\"NOVEL\"}]}}}";
        try (RawHttp stream = RawHttp.post(address, SCHEDULER, call)) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(Json.parse(stream.record()).at("type").text()).isEqualTo("SUBSCRIBED");
        }
    }

    @Test
    void saysWhyAFrameworkIsNotTakenInItsStream() throws IOException {
        String call = SUBSCRIBE.replace("\"root\"", "\"root\",\"role\":\"a//b\"");
        try (RawHttp stream = RawHttp.post(address, SCHEDULER, call)) {
            assertThat(stream.status()).isEqualTo(200);
            Json event = Json.parse(stream.record());
            assertThat(event.at("type").text()).isEqualTo("ERROR");
            assertThat(event.at("error").at("message").text()).contains("a//b");
            assertThat(stream.record()).isEmpty();
        }
    }

    @Test
    void announcesAndSendsHeartbeats() throws IOException {
        try (RawHttp stream = RawHttp.post(address, SCHEDULER, SUBSCRIBE)) {
            Json subscribed = Json.parse(stream.record()).at("subscribed");
            assertThat(subscribed.at("heartbeat_interval_seconds").number()).isEqualTo(0.5);
            int heartbeats = 0;
            while (heartbeats < 2) {
                String record = stream.record();
                heartbeats += record.equals("{\"type\":\"HEARTBEAT\"}") ? 1 : 0;
            }
        }
    }

    @Test
    void knowsASchedulerByItsStream() throws Exception {
        String id;
        try (RawHttp stream =
                RawHttp.post(address, SCHEDULER, SUBSCRIBE.replace("\"root\"", "\"root\",\"failover_timeout\":60"))) {
            id = Json.parse(stream.record())
                    .at("subscribed")
                    .at("framework_id")
                    .at("value")
                    .text();
            String streamId = stream.header("mesos-stream-id");
            assertThat(streamId).hasSizeBetween(1, 128);
            assertThat(call("REVIVE", id)).isEqualTo(400);
            assertThat(call("REVIVE", id, "Mesos-Stream-Id: forged")).isEqualTo(400);
            assertThat(call("REVIVE", id, "Mesos-Stream-Id: " + streamId)).isEqualTo(202);

            String again = SUBSCRIBE
                    .replace("{\"type\"", "{\"framework_id\":{\"value\":\"" + id + "\"},\"type\"")
                    .replace("\"root\"", "\"root\",\"failover_timeout\":60,\"id\":{\"value\":\"" + id + "\"}");
            try (RawHttp second = RawHttp.post(address, SCHEDULER, again)) {
                assertThat(second.status()).isEqualTo(200);
                assertThat(Json.parse(second.record()).at("type").text()).isEqualTo("SUBSCRIBED");
                assertThat(lastOf(stream)).contains("ERROR").contains("failed over");
                assertThat(call("REVIVE", id, "Mesos-Stream-Id: " + streamId)).isEqualTo(400);
                assertThat(call("REVIVE", id, "Mesos-Stream-Id: " + second.header("mesos-stream-id")))
                        .isEqualTo(202);
            }
        }
        Await.until("the framework is disconnected", () -> call("REVIVE", id, "Mesos-Stream-Id: x") == 403, () -> "");
    }

    /** The event before the stream ends. */
    private static String lastOf(RawHttp stream) throws IOException {
        String last = "";
        for (String record = stream.record(); !record.isEmpty(); record = stream.record()) {
            last = record;
        }
        return last;
    }

    private static int call(String type, String framework, String... headers) throws IOException {
        String call = "{\"type\":\"" + type + "\",\"framework_id\":{\"value\":\"" + framework + "\"}}";
        try (RawHttp answer = RawHttp.post(address, SCHEDULER, call, headers)) {
            assertThat(answer.text()).matches(text -> text.isEmpty() == (answer.status() == 202));
            return answer.status();
        }
    }

    @Test
    void refusesCallsThatAreNotBuiltByName() throws IOException {
        try (RawHttp stream = RawHttp.post(address, SCHEDULER, SUBSCRIBE)) {
            Json id = Json.parse(stream.record())
                    .at("subscribed")
                    .at("framework_id")
                    .at("value");
            String call = "{\"type\":\"RECONCILE_OPERATIONS\",\"framework_id\":{\"value\":\"" + id.text()
                    + "\"},\"reconcile_operations\":{\"operations\":[]}}";
            try (RawHttp answer =
                    RawHttp.post(address, SCHEDULER, call, "Mesos-Stream-Id: " + stream.header("mesos-stream-id"))) {
                assertThat(answer.status()).isEqualTo(501);
                assertThat(answer.text()).contains("RECONCILE_OPERATIONS");
            }
        }
        for (String service : Set.of(address, agentAddress)) {
            try (RawHttp answer = RawHttp.post(service, "/api/v1", "{\"type\":\"GET_FLAGS\"}")) {
                assertThat(answer.status()).isEqualTo(501);
                assertThat(answer.text()).contains("GET_FLAGS");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET_HEALTH",
                "GET_VERSION",
                "GET_STATE",
                "GET_AGENTS",
                "GET_FRAMEWORKS",
                "GET_TASKS",
                "GET_MASTER",
                "LIST_FILES",
                "READ_FILE"
            })
    void masterAnswersOperators(String type) throws IOException {
        assertAnswered(address, type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET_HEALTH", "GET_VERSION", "GET_STATE", "GET_AGENT", "GET_FRAMEWORKS", "GET_TASKS"})
    void agentAnswersOperators(String type) throws IOException {
        assertAnswered(agentAddress, type);
    }

    private static void assertAnswered(String service, String type) throws IOException {
        String name = type.toLowerCase(java.util.Locale.ROOT);
        String call = "{\"type\":\"" + type + "\"}";
        if (type.endsWith("_FILES")) {
            call = "{\"type\":\"" + type + "\",\"list_files\":{\"path\":\"/master\"}}";
        } else if (type.endsWith("_FILE")) {
            call = "{\"type\":\"" + type + "\",\"read_file\":{\"path\":\"/master/log\",\"offset\":0}}";
        }
        try (RawHttp answer = RawHttp.post(service, "/api/v1", call)) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).isEqualTo("application/json");
            Json response = Json.parse(answer.text());
            assertThat(response.at("type").text()).isEqualTo(type);
            assertThat(response.at(name).value()).isNotNull();
        }
    }

    @Test
    void agentRefusesFilesThatAreNotInASandbox() throws IOException {
        String list = "{\"type\":\"LIST_FILES\",\"list_files\":{\"path\":\"/etc\"}}";
        String read = "{\"type\":\"READ_FILE\",\"read_file\":{\"path\":\"/etc/passwd\",\"offset\":0}}";
        for (String call : Set.of(list, read)) {
            try (RawHttp answer = RawHttp.post(agentAddress, "/api/v1", call)) {
                assertThat(answer.status()).isEqualTo(404);
            }
        }
    }

    @Test
    void compressesWhenAskedTo() throws IOException {
        String call = "{\"type\":\"GET_METRICS\",\"get_metrics\":{}}";
        try (RawHttp plain = RawHttp.post(address, "/api/v1", call);
                RawHttp zipped = RawHttp.post(address, "/api/v1", call, "Accept-Encoding: gzip")) {
            assertThat(plain.header("content-encoding")).isEmpty();
            assertThat(Json.parse(plain.text()).at("type").text()).isEqualTo("GET_METRICS");
            assertThat(zipped.header("content-encoding")).isEqualTo("gzip");
            byte[] body = new GZIPInputStream(new ByteArrayInputStream(zipped.bytes())).readAllBytes();
            assertThat(Json.parse(new String(body, StandardCharsets.UTF_8))
                            .at("type")
                            .text())
                    .isEqualTo("GET_METRICS");
        }
    }

    @Test
    void redirectsToTheLeader() throws IOException {
        for (String path : Set.of("/redirect", "/master/redirect")) {
            try (RawHttp answer = RawHttp.send(address, "GET", path, new byte[0])) {
                assertThat(answer.status()).isEqualTo(307);
                assertThat(answer.header("location")).isEqualTo("//" + address);
            }
        }
        try (RawHttp answer = RawHttp.send(address, "GET", "/redirect/x", new byte[0])) {
            assertThat(answer.status()).isEqualTo(404);
        }
    }

    @Test
    void takesRequestLinesInAbsoluteForm() throws IOException {
        try (RawHttp stream = RawHttp.post(address, "http://" + address + SCHEDULER, SUBSCRIBE)) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.record()).contains("SUBSCRIBED");
        }
    }

    @Test
    void refusesWhatIsTooDeepOrTooLong() throws IOException {
        String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        try (RawHttp answer = RawHttp.post(address, SCHEDULER, deep)) {
            assertThat(answer.status()).isEqualTo(400);
        }
        String longId = "{\"type\":\"TEARDOWN\",\"framework_id\":{\"value\":\"" + "x".repeat(10_000_000) + "\"}}";
        try (RawHttp answer = RawHttp.post(address, SCHEDULER, longId)) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).hasSizeLessThan(1000);
        }
        try (RawHttp answer = RawHttp.post(address, SCHEDULER, "x".repeat(11 << 20))) {
            assertThat(answer.status()).isEqualTo(413);
        }
    }
}
