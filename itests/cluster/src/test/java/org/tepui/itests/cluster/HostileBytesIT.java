// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that no client of ours sends, on the ports of a master and an agent with work in progress. */
class HostileBytesIT {
    private static final String PREFACE = "TEPUI/1\n";
    private static final int TEN_MEGABYTES = 10 << 20;
    private static final int SOCKET_TIMEOUT_MILLISECONDS = 15_000;
    private static final int RANDOM_INPUTS = 30;

    private final Random random = new Random(20_260_101);

    @TempDir
    Path directory;

    @TempDir
    Path files;

    @Test
    void servicesGoOnAndTasksFinish() throws Exception {
        try (Cluster cluster = Cluster.start(directory)) {
            try (Program run = cluster.tepui()
                    .start(
                            "run",
                            "--instances",
                            "3",
                            "--cpus",
                            "1",
                            "--mem",
                            "32",
                            "--env",
                            "FILES=" + files,
                            "--",
                            "until [ -e $FILES/end ]; do sleep 0.05; done")) {
                for (int number = 1; number <= 3; number++) {
                    cluster.awaitTask(number, "TASK_RUNNING");
                }
                for (String address : List.of(cluster.masterAddress(), cluster.agentAddress())) {
                    attack(address);
                    assertThat(new Api(address)
                                    .call("GET_HEALTH")
                                    .at("get_health")
                                    .at("healthy")
                                    .value())
                            .isEqualTo(true);
                }
                Files.createFile(files.resolve("end"));
                Outcome outcome = run.await();

                assertThat(outcome.code()).as("%s", outcome).isZero();
                assertThat(outcome.out()).startsWith("3 of 3 tasks finished");
            }
            cluster.stop();
            assertThat(cluster.master().err() + cluster.agent().err()).doesNotContain("\tat ", "ERROR");
        }
    }

    private void attack(String address) throws IOException {
        for (Map.Entry<String, byte[]> request : refused().entrySet()) {
            assertThat(exchange(address, request.getValue(), false))
                    .as(request.getKey() + " on " + address)
                    .matches("(?s)HTTP/1.1 4\\d\\d .*");
        }
        for (int i = 0; i < RANDOM_INPUTS; i++) {
            byte[] junk = new byte[1 + random.nextInt(5_000)];
            random.nextBytes(junk);
            exchange(address, junk, true);
            exchange(address, join(PREFACE, junk), true);
            // a length that fits, and a content that does not
            exchange(address, join(PREFACE, new byte[] {0, 0, 1, 0}, junk), true);
            // the connection ends within a message
            exchange(address, PREFACE.substring(0, 1 + random.nextInt(7)).getBytes(StandardCharsets.US_ASCII), true);
        }
        exchange(address, join(PREFACE, new byte[] {0x7f, -1, -1, -1}, new byte[TEN_MEGABYTES]), true);
        exchange(address, join(PREFACE, new byte[] {-1, -1, -1, -1}), true);
        exchange(address, new byte[TEN_MEGABYTES], true);
    }

    /** What gets an answer that says what is wrong. */
    private static Map<String, byte[]> refused() {
        Map<String, byte[]> requests = new LinkedHashMap<>();
        requests.put("no request line", bytes("HELLO\r\n\r\n"));
        requests.put("binary method", bytes("\u0001\u0002 / HTTP/1.1\r\n\r\n"));
        requests.put("long target", bytes("GET /" + "a".repeat(TEN_MEGABYTES) + " HTTP/1.1\r\n\r\n"));
        requests.put("long header", bytes("GET / HTTP/1.1\r\nA: " + "a".repeat(TEN_MEGABYTES) + "\r\n\r\n"));
        requests.put("many headers", bytes("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(TEN_MEGABYTES / 6) + "\r\n"));
        requests.put("no such page", bytes("GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
        requests.put("negative length", post("application/json", "-1", ""));
        requests.put("length without end", post("application/json", "99999999999999999999", ""));
        requests.put("length beyond any limit", post("application/json", "8000000000", "{"));
        requests.put("unknown type", post("text/html", "2", "{}"));
        requests.put("no JSON", post("application/json", "5", "{\"a\":"));
        String deep = "[".repeat(100_000);
        requests.put("deep JSON", post("application/json", String.valueOf(deep.length()), deep));
        String object = "{\"type\":".repeat(20_000);
        requests.put("deep JSON of objects", post("application/json", String.valueOf(object.length()), object));
        requests.put("no protobuf", post("application/x-protobuf", "4", "\u007f\u007f\u007f\u007f"));
        requests.put("unknown call", post("application/json", "18", "{\"type\":\"NOTHING\"}"));
        requests.put(
                "chunk without length",
                bytes("POST /api/v1 HTTP/1.1\r\nHost: a\r\nContent-Type: application/json"
                        + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"));
        return requests;
    }

    private static byte[] post(String type, String length, String body) {
        return bytes("POST /api/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: " + type
                + "\r\nContent-Length: " + length + "\r\n\r\n" + body);
    }

    /** Sends all, as far as it is taken, ends the output if told so, and returns the beginning of the answer. */
    private static String exchange(String address, byte[] request, boolean end) throws IOException {
        int colon = address.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(SOCKET_TIMEOUT_MILLISECONDS);
            socket.connect(
                    new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
            try {
                socket.getOutputStream().write(request);
                if (end) {
                    socket.shutdownOutput();
                }
            } catch (SocketException e) {
                // it does not want to hear more; it may have said why
            }
            return new String(socket.getInputStream().readNBytes(1_000), StandardCharsets.ISO_8859_1);
        } catch (SocketTimeoutException e) {
            throw new AssertionError(address + " neither answers nor closes the connection", e);
        } catch (SocketException e) {
            return "";
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(String text, byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(bytes(text));
        List.of(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }
}
