// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tepui.api.service.Leadership;
import org.tepui.api.service.PluginException;
import org.tepui.api.service.PluginException.Kind;
import org.tepui.api.service.PluginInfo;
import org.tepui.api.service.PluginInfo.Origin;
import org.tepui.api.service.PluginRefusal;
import org.tepui.api.service.PluginService;
import org.tepui.http.FakeService.Answer;
import org.tepui.proto.json.JsonCodec;
import org.tepui.proto.operator.Call;
import org.tepui.proto.operator.Response;

/** The calls about plug-ins, on masters and agents. */
class PluginCallsTest {
    private static final PluginInfo INFO = new PluginInfo(
            "a.policy", "1.1.0", 42, Origin.DEPLOY, "a.jar", Instant.ofEpochSecond(5, 6), "ab12", "", List.of("1.0.0"));

    private final FakeService node = new FakeService();
    private final FakePlugins plugins = new FakePlugins();
    private Optional<PluginService> present = Optional.of(plugins);

    @BeforeEach
    void serve() {
        HttpApi.ofMaster(node, node, node, node.metrics, node, node, () -> present);
    }

    @ParameterizedTest
    @EnumSource
    void installs(MediaType type) throws Exception {
        Call call = Call.newBuilder()
                .setType(Call.Type.PLUGIN_INSTALL)
                .setPluginInstall(Call.PluginInstall.newBuilder()
                        .setJar(ByteString.copyFromUtf8("bytes"))
                        .setDowngrade(true))
                .build();
        Answer answer = send("/tepui/v1", call, type);
        assertThat(answer.status).isEqualTo(200);
        Response.Plugin plugin = read(answer, type).getPluginInstall();
        assertThat(plugin.getName()).isEqualTo("a.policy");
        assertThat(plugin.getVersion()).isEqualTo("1.1.0");
        assertThat(plugin.getBundleId()).isEqualTo(42);
        assertThat(plugin.getOrigin()).isEqualTo(Response.Plugin.Origin.DEPLOY);
        assertThat(plugin.getSinceNs()).isEqualTo(5_000_000_006L);
        assertThat(plugin.getEarlierList()).containsExactly("1.0.0");
        assertThat(plugin.hasUse()).isFalse();
        assertThat(plugins.calls).containsExactly("install bytes true");
        assertThat(node.delivered).as("the service's own loop").isEmpty();
    }

    @Test
    void listsRemovesAndRollsBack() throws Exception {
        Response list = read(send("/tepui/v1", call(Call.Type.PLUGIN_LIST).build(), MediaType.JSON), MediaType.JSON);
        assertThat(list.getPluginList().getPluginsCount()).isEqualTo(1);
        assertThat(list.getPluginList().getRefused(0).getReason()).isEqualTo("it is empty");
        Call.Builder remove = call(Call.Type.PLUGIN_REMOVE);
        remove.getPluginRemoveBuilder().setName("a.policy").setVersion("1.1.0");
        assertThat(read(send("/tepui/v1", remove.build(), MediaType.JSON), MediaType.JSON)
                        .hasPluginRemove())
                .isTrue();
        Call.Builder rollback = call(Call.Type.PLUGIN_ROLLBACK);
        rollback.getPluginRollbackBuilder().setName("a.policy");
        assertThat(read(send("/tepui/v1", rollback.build(), MediaType.JSON), MediaType.JSON)
                        .hasPluginRollback())
                .isTrue();
        assertThat(plugins.calls).containsExactly("remove a.policy Optional[1.1.0]", "rollback a.policy");
    }

    @ParameterizedTest
    @CsvSource({"INVALID,400", "ELSEWHERE,400", "NOT_FOUND,404", "CONFLICT,409", "FAILED,409"})
    void refusesWithTheReason(Kind kind, int status) {
        plugins.failure = Optional.of(new PluginException(kind, "what is wrong"));
        Answer answer = send("/tepui/v1", call(Call.Type.PLUGIN_LIST).build(), MediaType.JSON);
        assertThat(answer.status).isEqualTo(status);
        assertThat(new String(answer.body, StandardCharsets.UTF_8)).isEqualTo("what is wrong\n");
    }

    @Test
    void isForTheNodeThatIsAskedAlsoIfItDoesNotLead() {
        node.state = Leadership.State.STANDBY;
        assertThat(send("/tepui/v1", call(Call.Type.PLUGIN_LIST).build(), MediaType.JSON).status)
                .isEqualTo(200);
        assertThat(send("/tepui/v1", call(Call.Type.GET_OFFERS).build(), MediaType.JSON).status)
                .isEqualTo(307);
    }

    @Test
    void servesAgentsToo() {
        FakeService agent = new FakeService();
        HttpApi.ofAgent(agent, agent, agent.metrics, agent, () -> present);
        Answer answer = agent.request(
                "POST",
                "/tepui/v1",
                Map.of("content-type", MediaType.JSON.text()),
                Calls.write(MediaType.JSON, call(Call.Type.PLUGIN_LIST).build()));
        assertThat(answer.status).isEqualTo(200);
    }

    @Test
    void saysThatPlugInsAreNotUpYet() {
        present = Optional.empty();
        assertThat(send("/tepui/v1", call(Call.Type.PLUGIN_LIST).build(), MediaType.JSON).status)
                .isEqualTo(503);
    }

    @Test
    void refusesACallWithoutItsArguments() {
        Answer answer = send("/tepui/v1", call(Call.Type.PLUGIN_REMOVE).build(), MediaType.JSON);
        assertThat(answer.status).isEqualTo(400);
        assertThat(new String(answer.body, StandardCharsets.UTF_8)).contains("plugin_remove");
        assertThat(plugins.calls).isEmpty();
    }

    private static Call.Builder call(Call.Type type) {
        return Call.newBuilder().setType(type);
    }

    private Answer send(String path, Call call, MediaType type) {
        return node.request(
                "POST", path, Map.of("content-type", type.text(), "accept", type.text()), Calls.write(type, call));
    }

    private static Response read(Answer answer, MediaType type) throws Exception {
        return type == MediaType.JSON
                ? JsonCodec.standard().read(answer.body, Response.getDefaultInstance())
                : Response.parseFrom(answer.body);
    }

    private static final class FakePlugins implements PluginService {
        private final List<String> calls = new ArrayList<>();
        private Optional<PluginException> failure = Optional.empty();

        private <T> CompletableFuture<T> answer(T value) {
            return failure.isPresent()
                    ? CompletableFuture.failedFuture(failure.get())
                    : CompletableFuture.completedFuture(value);
        }

        @Override
        public CompletableFuture<PluginInfo> install(byte[] jar, boolean downgrade) {
            calls.add("install " + new String(jar, StandardCharsets.UTF_8) + " " + downgrade);
            return answer(INFO);
        }

        @Override
        public CompletableFuture<List<PluginInfo>> list() {
            return answer(List.of(INFO));
        }

        @Override
        public CompletableFuture<List<PluginRefusal>> refused() {
            return answer(List.of(new PluginRefusal("bad.jar", "it is empty")));
        }

        @Override
        public CompletableFuture<PluginInfo> remove(String name, Optional<String> version) {
            calls.add("remove " + name + " " + version);
            return answer(INFO);
        }

        @Override
        public CompletableFuture<PluginInfo> rollback(String name) {
            calls.add("rollback " + name);
            return answer(INFO);
        }
    }
}
