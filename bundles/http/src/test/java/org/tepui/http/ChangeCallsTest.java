// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tepui.http.FakeService.Answer;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.master.Call;

/** Calls that change something, in JSON as operators and schedulers send them, and the status they get when taken. */
class ChangeCallsTest {
    private final FakeService service = new FakeService();

    @BeforeEach
    void serve() {
        HttpApi.ofMaster(service, service, service, service.metrics, service, service, Optional::empty);
    }

    private Answer post(String path, String body) {
        return service.request(
                "POST", path, Map.of("content-type", "application/json"), body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "200|{\"type\":\"UPDATE_QUOTA\",\"update_quota\":{\"force\":false,\"quota_configs\":[{\"role\":\"eng\","
                        + "\"guarantees\":{\"cpus\":{\"value\":4}},\"limits\":{\"cpus\":{\"value\":8}}}]}}",
                "200|{\"type\":\"UPDATE_WEIGHTS\",\"update_weights\":{\"weight_infos\":[{\"role\":\"eng\","
                        + "\"weight\":2}]}}",
                "200|{\"type\":\"REMOVE_QUOTA\",\"remove_quota\":{\"role\":\"eng\"}}",
                "200|{\"type\":\"UPDATE_MAINTENANCE_SCHEDULE\",\"update_maintenance_schedule\":{\"schedule\":{}}}",
                "202|{\"type\":\"RESERVE_RESOURCES\",\"reserve_resources\":{\"agent_id\":{\"value\":\"a\"}}}",
                "202|{\"type\":\"UNRESERVE_RESOURCES\",\"unreserve_resources\":{\"agent_id\":{\"value\":\"a\"}}}"
            })
    void operatorsGetTheStatusThatMesosDocuments(int status, String body) {
        Answer answer = post("/api/v1", body);
        service.delivered.get(0).exchange().accept();
        assertThat(answer.status).isEqualTo(status);
        assertThat(answer.body).isEmpty();
    }

    @Test
    void readsAQuotaWithEverythingInIt() {
        post(
                "/api/v1",
                "{\"type\":\"UPDATE_QUOTA\",\"update_quota\":{\"force\":true,\"quota_configs\":[{\"role\":\"eng/web\","
                        + "\"guarantees\":{\"cpus\":{\"value\":4.5}},\"limits\":{\"mem\":{\"value\":0}}}]}}");
        Call.UpdateQuota call = ((Call) service.delivered.get(0).message()).getUpdateQuota();
        assertThat(call.getForce()).isTrue();
        assertThat(call.getQuotaConfigs(0).getGuaranteesOrThrow("cpus").getValue())
                .isEqualTo(4.5);
        assertThat(call.getQuotaConfigs(0).containsLimits("mem")).isTrue();
    }

    @Test
    void aRefusedChangeHasItsStatusAndASentence() {
        Answer answer = post("/api/v1", "{\"type\":\"UPDATE_QUOTA\",\"update_quota\":{}}");
        service.delivered.get(0).exchange().refuse(Kind.BAD_REQUEST, "Invalid QuotaConfig: it is so");
        assertThat(answer.status).isEqualTo(400);
        assertThat(new String(answer.body, StandardCharsets.UTF_8)).isEqualTo("Invalid QuotaConfig: it is so\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"UPDATE_QUOTA\"}|update_quota",
                "{\"type\":\"UPDATE_QUOTA\",\"update_quota\":{\"quota_configs\":[{}]}}|role",
                "{\"type\":\"UPDATE_WEIGHTS\",\"update_weights\":{\"weight_infos\":[{\"role\":\"eng\"}]}}|weight"
            })
    void whatIsMissingIsNamed(String body, String field) {
        Answer answer = post("/api/v1", body);
        assertThat(answer.status).isEqualTo(400);
        assertThat(new String(answer.body, StandardCharsets.UTF_8)).contains(field);
        assertThat(service.delivered).isEmpty();
    }

    @Test
    void aFrameworkThatChangesItselfGets200AndOtherCalls202() {
        String framework = "\"framework_id\":{\"value\":\"f\"}";
        Answer update = post(
                "/api/v1/scheduler",
                "{\"type\":\"UPDATE_FRAMEWORK\"," + framework
                        + ",\"update_framework\":{\"framework_info\":{\"user\":\"u\",\"name\":\"n\","
                        + "\"id\":{\"value\":\"f\"}}}}");
        service.delivered.get(0).exchange().accept();
        assertThat(update.status).isEqualTo(200);
        Answer suppress = post("/api/v1/scheduler", "{\"type\":\"SUPPRESS\"," + framework + "}");
        service.delivered.get(1).exchange().accept();
        assertThat(suppress.status).isEqualTo(202);
    }
}
