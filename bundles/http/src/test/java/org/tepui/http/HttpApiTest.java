// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tepui.api.service.Leadership;
import org.tepui.http.FakeService.Answer;
import org.tepui.transport.Refusal;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.scheduler.Call;
import org.tepui.v1.scheduler.Event;

class HttpApiTest {
    private static final String SCHEDULER = "/api/v1/scheduler";
    private static final Call SUBSCRIBE = Call.newBuilder()
            .setType(Call.Type.SUBSCRIBE)
            .setSubscribe(Call.Subscribe.newBuilder()
                    .setFrameworkInfo(FrameworkInfo.newBuilder().setUser("root").setName("f")))
            .build();
    private static final Call TEARDOWN = Call.newBuilder()
            .setType(Call.Type.TEARDOWN)
            .setFrameworkId(FrameworkID.newBuilder().setValue("f-0001"))
            .build();

    private final FakeService service = new FakeService();
    private HttpApi api;

    @BeforeEach
    void serve() {
        api = HttpApi.ofMaster(service, service, service, service.metrics, service, service, java.util.Optional::empty);
    }

    private Answer call(Call call, MediaType type, String... headers) {
        Map<String, String> all = new HashMap<>(Map.of("content-type", type.text()));
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return service.request("POST", SCHEDULER, all, Calls.write(type, call));
    }

    private static String text(Answer answer) {
        return new String(answer.body, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void subscribeOpensAStreamOfRecordsInTheAcceptedForm(MediaType type) throws Exception {
        Answer answer = call(SUBSCRIBE, type, "accept", type.text());
        assertThat(service.delivered).hasSize(1);
        assertThat(((Call) service.delivered.get(0).message())
                        .getSubscribe()
                        .getFrameworkInfo()
                        .getName())
                .isEqualTo("f");

        service.delivered.get(0).exchange().accept();
        Event heartbeat = Event.newBuilder().setType(Event.Type.HEARTBEAT).build();
        service.delivered.get(0).exchange().connection().send(heartbeat);

        assertThat(answer.status).isEqualTo(200);
        assertThat(answer.headers).containsEntry("content-type", type.text());
        assertThat(answer.headers.get("mesos-stream-id"))
                .isEqualTo(service.delivered.get(0).exchange().streamId().orElseThrow());
        byte[] body = Calls.write(type, heartbeat);
        assertThat(answer.writes).hasSize(1);
        assertThat(new String(answer.writes.get(0), StandardCharsets.ISO_8859_1))
                .isEqualTo(body.length + "\n" + new String(body, StandardCharsets.ISO_8859_1));
        assertThat(service.opened).hasSize(1);
    }

    @Test
    void aClosedStreamIsTheEndOfItsConnection() {
        Answer answer = call(SUBSCRIBE, MediaType.JSON);
        service.delivered.get(0).exchange().accept();

        answer.close();

        assertThat(service.closedReasons).hasSize(1);
        assertThat(service.opened.get(0).isOpen()).isFalse();
        assertThat(service.opened.get(0).send(SUBSCRIBE)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void otherCallsAreAnswered202WithTheirStreamId(MediaType type) {
        Answer answer = call(TEARDOWN, type, "mesos-stream-id", "abc");
        service.delivered.get(0).exchange().accept();

        assertThat(answer.status).isEqualTo(202);
        assertThat(answer.body).isEmpty();
        assertThat(service.delivered.get(0).exchange().streamId()).contains("abc");
    }

    @Test
    void theAcceptHeaderOfOtherCallsIsNotLookedAt() {
        call(TEARDOWN, MediaType.JSON, "accept", "image/png");
        assertThat(service.delivered).hasSize(1);
    }

    @Test
    void aRefusalBecomesItsStatusWithTheReason() {
        Answer answer = call(TEARDOWN, MediaType.JSON);
        service.delivered.get(0).exchange().refuse(Refusal.Kind.FORBIDDEN, "not subscribed");

        assertThat(answer.status).isEqualTo(403);
        assertThat(text(answer)).contains("not subscribed");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, application/json, {}, 405",
        "POST, , {}, 400",
        "POST, text/plain, {}, 415",
        "POST, application/json; charset=utf-8, {}, 415",
        "POST, Application/JSON, {}, 415",
        "POST, application/json, {, 400",
        "POST, application/json, {}, 400",
        "POST, application/json, '{\"type\":\"SUBSCRIBE\"}', 400",
        "POST, application/x-protobuf, garbage, 400",
    })
    void malformedRequestsAreRefusedInTheOrderOfTheContract(
            String method, String contentType, String body, int status) {
        Map<String, String> headers = contentType == null ? Map.of() : Map.of("content-type", contentType);
        Answer answer = service.request(method, SCHEDULER, headers, body.getBytes(StandardCharsets.UTF_8));

        assertThat(answer.status).isEqualTo(status);
        assertThat(text(answer)).isNotBlank();
        assertThat(service.delivered).isEmpty();
        if (status == 405) {
            assertThat(answer.headers).containsEntry("allow", "POST");
        }
    }

    @Test
    void subscribeWithAnUnacceptableAcceptIs406AndWithAStreamId400() {
        assertThat(call(SUBSCRIBE, MediaType.JSON, "accept", "image/png").status)
                .isEqualTo(406);
        assertThat(call(SUBSCRIBE, MediaType.JSON, "accept", "image/png", "mesos-stream-id", "x").status)
                .isEqualTo(406);
        assertThat(call(SUBSCRIBE, MediaType.JSON, "mesos-stream-id", "x").status)
                .isEqualTo(400);
        assertThat(service.delivered).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', application/json",
        "*/*, application/json",
        "application/x-protobuf, application/x-protobuf",
        "'application/x-protobuf, application/json', application/json",
        "'application/json;q=0, application/x-protobuf', application/x-protobuf",
        "'text/html, */*;q=0.1', application/json",
    })
    void jsonIsTheFirstChoiceOfResponses(String accept, String expected) {
        if (accept.isEmpty()) {
            call(SUBSCRIBE, MediaType.PROTOBUF);
        } else {
            call(SUBSCRIBE, MediaType.PROTOBUF, "accept", accept);
        }
        Answer answer = accept.isEmpty()
                ? call(SUBSCRIBE, MediaType.PROTOBUF)
                : call(SUBSCRIBE, MediaType.PROTOBUF, "accept", accept);
        service.delivered.get(service.delivered.size() - 1).exchange().accept();

        assertThat(answer.headers).containsEntry("content-type", expected);
    }

    @Test
    void aMasterThatDoesNotLeadSendsClientsToTheLeader() {
        service.state = Leadership.State.STANDBY;
        Answer answer = service.request("GET", SCHEDULER, Map.of(), new byte[0]);

        assertThat(answer.status).isEqualTo(307);
        assertThat(answer.headers).containsEntry("location", "//10.0.0.1:5050/api/v1/scheduler?a=b");
    }

    @Test
    void withoutALeaderOrWhileItRecoversTheServiceIsUnavailable() {
        service.state = Leadership.State.NONE;
        assertThat(call(SUBSCRIBE, MediaType.JSON).status).isEqualTo(503);
        service.state = Leadership.State.RECOVERING;
        assertThat(call(SUBSCRIBE, MediaType.JSON).status).isEqualTo(503);
        assertThat(service.request("POST", "/api/v1", Map.of(), new byte[0]).status)
                .isEqualTo(503);
    }

    @Test
    void redirectNamesTheLeaderAndNothingBelowIt() {
        Answer answer = service.request("GET", "/master/redirect", Map.of(), new byte[0]);
        assertThat(answer.status).isEqualTo(307);
        assertThat(answer.headers).containsEntry("location", "//10.0.0.1:5050");
        service.leader = java.util.Optional.empty();
        assertThat(service.request("GET", "/redirect", Map.of(), new byte[0]).headers)
                .containsEntry("location", "//127.0.0.1:5050");
        assertThat(service.request("GET", "/redirect/x", Map.of(), new byte[0]).status)
                .isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource
    void operatorCallsAreAnsweredInTheAcceptedForm(MediaType type) {
        org.tepui.v1.master.Call health = org.tepui.v1.master.Call.newBuilder()
                .setType(org.tepui.v1.master.Call.Type.GET_HEALTH)
                .build();
        Answer answer = service.request(
                "POST",
                "/api/v1",
                Map.of("content-type", type.text(), "accept", type.text()),
                Calls.write(type, health));
        org.tepui.v1.master.Response response = org.tepui.v1.master.Response.newBuilder()
                .setType(org.tepui.v1.master.Response.Type.GET_HEALTH)
                .setGetHealth(
                        org.tepui.v1.master.Response.GetHealth.newBuilder().setHealthy(true))
                .build();
        service.delivered.get(0).exchange().reply(response);

        assertThat(answer.status).isEqualTo(200);
        assertThat(answer.headers).containsEntry("content-type", type.text());
        assertThat(answer.body).isEqualTo(Calls.write(type, response));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, , '{', text/html, 405",
        "POST, , '{', text/html, 400",
        "POST, text/plain, '{', text/html, 415",
        "POST, application/json, '{', text/html, 400",
        "POST, application/json, '{}', text/html, 400",
        "POST, application/json, '{\"type\":\"GET_OFFERS\"}', text/html, 406",
    })
    void operatorCallsAreCheckedInTheOrderOfTheContract(
            String method, String contentType, String body, String accept, int status) {
        Map<String, String> headers = new HashMap<>(Map.of("accept", accept));
        if (contentType != null) {
            headers.put("content-type", contentType);
        }
        Answer answer = service.request(method, "/tepui/v1", headers, body.getBytes(StandardCharsets.UTF_8));
        assertThat(answer.status).isEqualTo(status);
        assertThat(service.delivered).isEmpty();
    }

    @Test
    void metricsAreOneJsonObject() {
        service.metrics.counter("master/a").add(3);
        service.metrics.gauge("master/b", () -> 0.5);

        assertThat(text(service.request("GET", "/metrics/snapshot", Map.of(), new byte[0])))
                .startsWith("{\"master/a\":3,\"master/b\":0.5,\"system/cpus_total\":")
                .endsWith("}");
        assertThat(service.request("POST", "/metrics/snapshot", Map.of(), new byte[0]).status)
                .isEqualTo(405);
    }

    @Test
    void nothingIsServedOnceTheApiIsClosed() {
        api.close();
        assertThat(service.request("GET", "/health", Map.of(), new byte[0]).status)
                .isEqualTo(404);
    }
}
