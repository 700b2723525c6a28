// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tepui.proto.operator.Call;
import org.tepui.proto.operator.Response;
import org.tepui.proto.operator.Response.Plugin;

@Timeout(60)
class PluginCommandTest {
    private static final Plugin PLUGIN = Plugin.newBuilder()
            .setName("a.policy")
            .setVersion("1.1.0")
            .setBundleId(42)
            .setOrigin(Plugin.Origin.CALL)
            .setSinceNs(1_700_000_000_123_000_000L)
            .setDigest("ab12")
            .setUse("it is the allocation policy in use")
            .addEarlier("1.0.0")
            .build();

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private HttpServer node;
    private String refusal = "";

    @BeforeEach
    void start() throws IOException {
        node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.createContext("/tepui/v1", this::answer);
        node.start();
    }

    @AfterEach
    void stop() {
        node.stop(0);
    }

    @Test
    void listsWhatIsInstalledAndSaysWhatWasRefused() {
        assertThat(run("plugin")).isZero();
        assertThat(text(out).lines())
                .containsExactly(
                        "NAME      VERSION  ORIGIN  SINCE                 USE                                 EARLIER",
                        "a.policy  1.1.0    call    2023-11-14T22:13:20Z  it is the allocation policy in use  1.0.0");
        assertThat(text(err)).isEqualTo("bad.jar was not installed: it is empty\n");
    }

    @Test
    void listsAsJson() {
        assertThat(run("plugin", "list", "--json")).isZero();
        assertThat(text(out))
                .isEqualTo("[{\"name\":\"a.policy\",\"version\":\"1.1.0\",\"bundle_id\":42,\"origin\":\"call\","
                        + "\"file\":\"\",\"since_ms\":1700000000123,\"digest\":\"ab12\","
                        + "\"use\":\"it is the allocation policy in use\",\"earlier\":[\"1.0.0\"]}]\n");
    }

    @Test
    void installsAFile() throws IOException {
        Path jar = Files.writeString(directory.resolve("a.jar"), "bytes");
        assertThat(run("plugin", "install", "--downgrade", jar.toString())).isZero();
        assertThat(text(out)).isEqualTo("a.policy 1.1.0 is installed: it is the allocation policy in use\n");
        assertThat(calls.get(0).getPluginInstall().getJar().toStringUtf8()).isEqualTo("bytes");
        assertThat(calls.get(0).getPluginInstall().getDowngrade()).isTrue();
    }

    @Test
    void saysWhereALargeFileMayGo() throws IOException {
        Path jar = directory.resolve("large.jar");
        try (RandomAccessFile file = new RandomAccessFile(jar.toFile(), "rw")) {
            file.setLength(11 << 20);
        }
        assertThat(run("plugin", "install", jar.toString())).isEqualTo(1);
        assertThat(text(err)).contains("deploy/");
        assertThat(run("plugin", "install", "none.jar")).isEqualTo(1);
        assertThat(text(err)).contains("tepui plugin install: none.jar is no file");
        assertThat(calls).isEmpty();
    }

    @Test
    void removesAndRollsBack() {
        assertThat(run("plugin", "remove", "a.policy:1.1.0", "--json")).isZero();
        assertThat(calls.get(0).getPluginRemove().getName()).isEqualTo("a.policy");
        assertThat(calls.get(0).getPluginRemove().getVersion()).isEqualTo("1.1.0");
        assertThat(text(out)).startsWith("{\"name\":\"a.policy\"");
        assertThat(run("plugin", "remove", "a.policy")).isZero();
        assertThat(calls.get(1).getPluginRemove().hasVersion()).isFalse();
        assertThat(text(out)).contains("'tepui plugin rollback a.policy' brings it back");
        assertThat(run("plugin", "rollback", "a.policy")).isZero();
        assertThat(calls.get(2).getPluginRollback().getName()).isEqualTo("a.policy");
    }

    @Test
    void printsARefusal() {
        refusal = "there is no plug-in a.policy: installed are []";
        assertThat(run("plugin", "rollback", "a.policy")).isEqualTo(1);
        assertThat(text(err))
                .startsWith("tepui plugin rollback: 127.0.0.1:")
                .endsWith(" refused the call: there is no plug-in a.policy: installed are []\n");
    }

    @Test
    void explainsMisuse() {
        assertThat(run("plugin", "remove")).isEqualTo(2);
        assertThat(text(err)).contains("'tepui plugin remove --help' lists what can be said");
        assertThat(run("plugin", "install", "--help")).isZero();
        assertThat(text(out)).contains("--downgrade", "Example:");
    }

    private void answer(HttpExchange exchange) throws IOException {
        Call call = Call.parseFrom(exchange.getRequestBody().readAllBytes());
        calls.add(call);
        Response.Builder response = Response.newBuilder().setType(call.getType());
        switch (call.getType()) {
            case PLUGIN_INSTALL -> response.setPluginInstall(PLUGIN);
            case PLUGIN_REMOVE -> response.setPluginRemove(PLUGIN);
            case PLUGIN_ROLLBACK -> response.setPluginRollback(PLUGIN);
            default ->
                response.getPluginListBuilder()
                        .addPlugins(PLUGIN)
                        .addRefused(Response.RefusedPlugin.newBuilder()
                                .setFile("bad.jar")
                                .setReason("it is empty"));
        }
        boolean refused = !refusal.isEmpty();
        byte[] body = refused
                ? refusal.getBytes(StandardCharsets.UTF_8)
                : response.build().toByteArray();
        exchange.getResponseHeaders()
                .set("Content-Type", refused ? "text/plain; charset=utf-8" : "application/x-protobuf");
        exchange.sendResponseHeaders(refused ? 404 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private int run(String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--master";
        all[arguments.length + 1] = "127.0.0.1:" + node.getAddress().getPort();
        Terminal terminal = new Terminal(print(out), print(err), 0);
        return Main.run(terminal, all);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
