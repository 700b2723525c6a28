// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tepui.runtime.Address;
import org.tepui.transport.EndpointLimits;
import org.tepui.transport.HttpLimits;
import org.tepui.transport.HttpServer;

@SuppressWarnings("StringConcatToTextBlock") // what is sent has line ends of HTTP
@ExtendWith(LeakCheck.class)
class NettyHttpServerTest {
    private static final HttpLimits LIMITS = new HttpLimits(
            1000,
            2000,
            100_000,
            1_000_000,
            500_000,
            50,
            Duration.ofMillis(700),
            Duration.ofMillis(900),
            Duration.ofSeconds(20),
            Duration.ofMillis(1500));

    private Service service = new Service("master", new Transport.Config(EndpointLimits.DEFAULTS, LIMITS, 100));
    private Address address = new Address("127.0.0.1", 0);
    private final BlockingQueue<HttpServer.Request> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<HttpServer.Stream> streams = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> streamClosed = new CompletableFuture<>();

    @BeforeEach
    void listen() throws IOException {
        HttpServer http = service.transport.http();
        http.serve("/echo/*", (request, responder) -> {
            requests.add(request);
            responder.respond(
                    new HttpServer.Response(200, Map.of("Content-Type", "application/octet-stream"), request.body()));
        });
        http.serve(
                "/late",
                (request, responder) -> service.loop.schedule(
                        "answer late",
                        Duration.ofMillis(100),
                        () -> responder.respond(HttpConnection.text(
                                200, "late " + request.parameter("n").orElse("")))));
        http.serve("/early", (request, responder) -> responder.respond(HttpConnection.text(200, "early")));
        http.serve(
                "/long",
                (request, responder) -> responder.respond(HttpConnection.text(
                        200,
                        "long ".repeat(Integer.parseInt(request.parameter("n").orElse("1000"))))));
        http.serve(
                "/stream",
                (request, responder) -> streams.add(responder.stream(
                        200, Map.of("Content-Type", "application/json"), () -> streamClosed.complete(""))));
        http.serve("/bug", (request, responder) -> {
            throw new IllegalStateException("a bug");
        });
        http.serve(
                "/split",
                (request, responder) -> responder.respond(
                        new HttpServer.Response(200, Map.of("X-Test", "a\r\nX-Forged: b"), new byte[0])));
        address = service.listen();
    }

    @AfterEach
    void close() {
        service.close();
    }

    private RawHttpClient client() throws IOException {
        return new RawHttpClient(address);
    }

    @Test
    void handsOverWholeRequests() throws IOException {
        try (RawHttpClient client = client()) {
            RawHttpClient.Answer answer = client.send("POST /echo/a%20b/%C3%A9?x=1&y=a+b%26&x=2&z HTTP/1.1\r\n"
                            + "Host: test\r\nX-Test: one\r\nx-test: two\r\nContent-Length: 4\r\n\r\nbody")
                    .answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("body");
            assertThat(answer.headers()).containsEntry("content-type", "application/octet-stream");
            assertThat(answer.headers()).containsKey("date");
        }
        HttpServer.Request request = Service.await(requests);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/echo/a b/é");
        assertThat(request.query()).isEqualTo(Map.of("x", List.of("1", "2"), "y", List.of("a b&"), "z", List.of("")));
        assertThat(request.rawTarget()).isEqualTo("/echo/a%20b/%C3%A9?x=1&y=a+b%26&x=2&z");
        assertThat(request.headers()).containsEntry("x-test", List.of("one", "two"));
        assertThat(request.remote().host()).isEqualTo("127.0.0.1");
    }

    @Test
    void takesChunkedBodiesAndAbsoluteForm() throws IOException {
        try (RawHttpClient client = client()) {
            client.send("POST http://some.host:5050/echo/x?q=1 HTTP/1.1\r\nHost: test\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n");
            assertThat(client.answer().text()).isEqualTo("abcdefg");
            assertThat(Service.await(requests).rawTarget()).isEqualTo("/echo/x?q=1");
            assertThat(client.get("HTTP://some.host?q=1").status()).isEqualTo(404);
        }
    }

    @Test
    void answersPipelinedRequestsInOrderOnOneConnection() throws IOException {
        try (RawHttpClient client = client()) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 5; i++) {
                text.append("GET /late?n=").append(i).append(" HTTP/1.1\r\nHost: test\r\n\r\n");
                text.append("GET /early HTTP/1.1\r\nHost: test\r\n\r\n");
            }
            client.send(text.toString());
            for (int i = 0; i < 5; i++) {
                assertThat(client.answer().text()).isEqualTo("late " + i + "\n");
                assertThat(client.answer().text()).isEqualTo("early\n");
            }
        }
    }

    @Test
    void readsAheadOnlySoFar() throws IOException {
        try (RawHttpClient client = client()) {
            String body = "b".repeat(90_000);
            String request = "POST /echo/x HTTP/1.1\r\nHost: test\r\nContent-Length: 90000\r\n\r\n" + body;
            client.send("GET /late?n=1 HTTP/1.1\r\nHost: test\r\n\r\n" + request + request + request);
            assertThat(client.answer().text()).isEqualTo("late 1\n");
            for (int i = 0; i < 3; i++) {
                assertThat(client.answer().text()).isEqualTo(body);
            }
        }
    }

    @Test
    void closesWhenTheClientAsksForIt() throws IOException {
        try (RawHttpClient client = client()) {
            RawHttpClient.Answer answer = client.get("/early", "Connection: close");
            assertThat(answer.headers()).containsEntry("connection", "close");
            assertThat(client.isClosed()).isTrue();
        }
        try (RawHttpClient client = client()) {
            assertThat(client.send("GET /early HTTP/1.0\r\n\r\n").answer().text())
                    .isEqualTo("early\n");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void answersHeadWithoutBody() throws IOException {
        try (RawHttpClient client = client()) {
            client.send("HEAD /early HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(client.answer(false).headers()).containsEntry("content-length", "6");
            assertThat(client.get("/early").text()).isEqualTo("early\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip|1000|true",
                "gzip|100000|true",
                "deflate, GZIP;q=0.5|1000|true",
                "*|1000|true",
                "gzip;q=0|1000|false",
                "gzip;q=0.0, *|1000|false",
                "identity|1000|false",
                "gzip|10|false"
            })
    void compressesLongResponsesWhenAsked(String acceptEncoding, int count, boolean compressed) throws IOException {
        try (RawHttpClient client = client()) {
            RawHttpClient.Answer answer = client.get("/long?n=" + count, "Accept-Encoding: " + acceptEncoding);
            assertThat("gzip".equals(answer.headers().get("content-encoding"))).isEqualTo(compressed);
            byte[] body = compressed
                    ? new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes()
                    : answer.body();
            assertThat(new String(body, StandardCharsets.UTF_8)).isEqualTo("long ".repeat(count) + "\n");
            assertThat(client.get("/early").text()).isEqualTo("early\n");
        }
    }

    @Test
    void tellsClientsToContinue() throws IOException {
        try (RawHttpClient client = client()) {
            client.send("POST /echo/x HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(client.head().status()).isEqualTo(100);
            assertThat(client.send("body").answer().text()).isEqualTo("body");
        }
        try (RawHttpClient client = client()) {
            client.send("POST /echo/x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 100001\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(413);
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void sendsEachWriteOfAStreamAsAChunk() throws IOException {
        try (RawHttpClient client = client()) {
            client.send("GET /stream HTTP/1.1\r\nHost: test\r\nAccept-Encoding: gzip\r\n\r\n");
            RawHttpClient.Answer head = client.head();
            assertThat(head.headers())
                    .containsEntry("transfer-encoding", "chunked")
                    .doesNotContainKey("content-encoding");
            HttpServer.Stream stream = Service.await(streams);
            for (String text : List.of("one", "two", "three")) {
                assertThat(stream.write(text.getBytes(StandardCharsets.UTF_8))).isTrue();
            }
            assertThat(client.chunk()).asString().isEqualTo("one");
            assertThat(client.chunk()).asString().isEqualTo("two");
            assertThat(client.chunk()).asString().isEqualTo("three");
            stream.close();
            assertThat(stream.write(new byte[1])).isFalse();
            assertThat(client.chunk()).isEmpty();
            assertThat(client.isClosed()).isTrue();
        }
        Service.await(streamClosed);
    }

    @Test
    void saysThatAClientOfAStreamIsGone() throws IOException {
        try (RawHttpClient client = client()) {
            client.send("GET /stream HTTP/1.1\r\nHost: test\r\n\r\n").head();
        }
        Service.await(streamClosed);
        assertThat(Service.await(streams).write(new byte[1])).isFalse();
    }

    @Test
    void closesTheStreamOfASlowReader() throws IOException {
        try (RawHttpClient client = client()) {
            client.send("GET /stream HTTP/1.1\r\nHost: test\r\n\r\n").head();
            HttpServer.Stream stream = Service.await(streams);
            int writes = 0;
            while (stream.write(new byte[10_000])) {
                writes++;
                assertThat(writes).isLessThan(100_000);
            }
            Service.await(streamClosed);
            assertThat(service.count("http_stream_overflows")).isEqualTo(1);
        }
    }

    @Test
    void endsStreamsWhenTheServiceEnds() throws IOException {
        try (RawHttpClient client = client()) {
            client.send("GET /stream HTTP/1.1\r\nHost: test\r\n\r\n").head();
            Service.await(streams).write("last".getBytes(StandardCharsets.UTF_8));
            service.close();
            assertThat(client.chunk()).asString().isEqualTo("last");
            assertThat(client.chunk()).isEmpty();
        }
        Service.await(streamClosed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /nothing HTTP/1.1|404",
                "GET /echo HTTP/1.1|200",
                "GET /echoes HTTP/1.1|404",
                "GET /bug HTTP/1.1|500",
                "GET /split HTTP/1.1|500"
            })
    void answersForPathsAndGoesOn(String requestLine, int status) throws IOException {
        try (RawHttpClient client = client()) {
            assertThat(client.send(requestLine + "\r\nHost: test\r\n\r\n")
                            .answer()
                            .status())
                    .isEqualTo(status);
            assertThat(client.get("/early").text()).isEqualTo("early\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /echo/../early HTTP/1.1|400",
                "GET /echo/%2e%2E/early HTTP/1.1|400",
                "GET /echo/..%2fearly HTTP/1.1|400",
                "GET /echo/%zz HTTP/1.1|400",
                "GET /echo/%2 HTTP/1.1|400",
                "GET /echo/x% HTTP/1.1|400",
                "GET /echo/%ff HTTP/1.1|400",
                "GET /echo/%00 HTTP/1.1|400",
                "GET /echo/x?y=%f HTTP/1.1|400",
                "GET * HTTP/1.1|400",
                "GET echo HTTP/1.1|400",
                "GET /early HTTP/2.0|505",
                "GET /early|400",
                "nonsense|400",
                "GET /early HTTP/1.1;Content-Length: 1;Content-Length: 2|400",
                "GET /early HTTP/1.1;Content-Length: -1|400",
                "GET /early HTTP/1.1;Content-Length: x|400",
                "GET /early HTTP/1.1;bad header: x|400",
                "POST /early HTTP/1.1;Content-Length: 100001|413",
                "POST /early HTTP/1.1;Content-Encoding: gzip;Content-Length: 1|415",
                "POST /early HTTP/1.1;Transfer-Encoding: gzip, chunked|501",
                "POST /early HTTP/1.1;Expect: miracles|417"
            })
    void rejectsWhatIsWrongAndCloses(String head, int status) throws IOException {
        try (RawHttpClient client = client()) {
            RawHttpClient.Answer answer =
                    client.send(head.replace(";", "\r\n") + "\r\n\r\n").answer();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.headers()).containsEntry("connection", "close");
            assertThat(client.isClosed()).isTrue();
        }
        assertThat(requests).isEmpty();
        assertThat(service.count("http_rejected")).isEqualTo(1);
    }

    @Test
    void rejectsHeadsAndBodiesThatAreTooLong() throws IOException {
        try (RawHttpClient client = client()) {
            assertThat(client.send("GET /" + "x".repeat(1001)).answer().status())
                    .isEqualTo(414);
            assertThat(client.isClosed()).isTrue();
        }
        try (RawHttpClient client = client()) {
            client.send("GET /early HTTP/1.1\r\nX-Long: " + "x".repeat(2001));
            assertThat(client.answer().status()).isEqualTo(431);
        }
        try (RawHttpClient client = client()) {
            client.send("POST /echo/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
            client.send(chunk.repeat(25));
            assertThat(client.answer().status()).isEqualTo(413);
        }
    }

    @Test
    void dropsClientsThatAreTooSlow() throws IOException {
        try (RawHttpClient client = client()) {
            assertThat(client.send("GET /ear").answer().status()).isEqualTo(408);
        }
        try (RawHttpClient client = client()) {
            client.send("POST /echo/x HTTP/1.1\r\nContent-Length: 10\r\n\r\nx");
            assertThat(client.answer().status()).isEqualTo(408);
        }
        try (RawHttpClient client = client()) {
            assertThat(client.get("/early").status()).isEqualTo(200);
            assertThat(client.isClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void doesNotCareHowBytesAreCut(int step) throws IOException {
        byte[] bytes = "POST /echo/x HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody"
                .getBytes(StandardCharsets.US_ASCII);
        try (RawHttpClient client = client()) {
            for (int at = 0; at < bytes.length; at += step) {
                client.send(java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step)));
            }
            assertThat(client.answer().text()).isEqualTo("body");
        }
    }

    @Test
    void turnsClientsAwayAboveTheLimitOfConnections() throws IOException {
        RawHttpClient[] clients = new RawHttpClient[51];
        try {
            for (int i = 0; i < clients.length; i++) {
                clients[i] = client();
                assertThat(clients[i].get("/early").status()).isEqualTo(i < 50 ? 200 : 503);
            }
        } finally {
            for (RawHttpClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void servesAPathOnceAndNoMoreAfterItsRegistrationEnds() throws IOException {
        HttpServer http = service.transport.http();
        HttpServer.Registration registration =
                http.serve("/once", (request, responder) -> responder.respond(HttpConnection.text(200, "once")));
        assertThatThrownBy(() -> http.serve("/once", (request, responder) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/once");
        try (RawHttpClient client = client()) {
            assertThat(client.get("/once").status()).isEqualTo(200);
            registration.close();
            assertThat(client.get("/once").status()).isEqualTo(404);
        }
    }

    @Test
    void prefersTheLongestPath() throws IOException {
        HttpServer http = service.transport.http();
        http.serve("/*", (request, responder) -> responder.respond(HttpConnection.text(200, "all")));
        http.serve("/a/b/*", (request, responder) -> responder.respond(HttpConnection.text(200, "b")));
        http.serve("/a/b/c", (request, responder) -> responder.respond(HttpConnection.text(200, "c")));
        try (RawHttpClient client = client()) {
            assertThat(client.get("/").text()).isEqualTo("all\n");
            assertThat(client.get("/a").text()).isEqualTo("all\n");
            assertThat(client.get("/a/b").text()).isEqualTo("b\n");
            assertThat(client.get("/a/b/c").text()).isEqualTo("c\n");
            assertThat(client.get("/a/b/c/d").text()).isEqualTo("b\n");
        }
    }
}
