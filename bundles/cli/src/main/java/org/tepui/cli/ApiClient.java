// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Sends calls to the HTTP APIs of one service, in protobuf, and follows a master that does not lead to its leader.
 */
final class ApiClient {
    private static final String PROTOBUF = "application/x-protobuf";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
    /** A plug-in may have to start and to be taken up first. */
    private static final Duration SLOW_ANSWER_TIMEOUT = Duration.ofMinutes(3);

    private static final int SHOWN_CHARACTERS = 1000;

    private final String address;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    /** @param address {@code HOST:PORT} */
    ApiClient(String address) {
        this.address = address;
    }

    String address() {
        return address;
    }

    /** Sends a call of Mesos' operator API to a master. */
    org.tepui.v1.master.Response call(org.tepui.v1.master.Call call) throws CommandException {
        return post("/api/v1", call, org.tepui.v1.master.Response.parser());
    }

    /** Sends a call without arguments of Mesos' operator API to a master. */
    org.tepui.v1.master.Response call(org.tepui.v1.master.Call.Type type) throws CommandException {
        return call(org.tepui.v1.master.Call.newBuilder().setType(type).build());
    }

    /** Sends a call of Mesos' operator API to an agent. */
    org.tepui.v1.agent.Response call(org.tepui.v1.agent.Call call) throws CommandException {
        return post("/api/v1", call, org.tepui.v1.agent.Response.parser());
    }

    /** Sends a call of Tepui's own API to a master. */
    org.tepui.proto.operator.Response call(org.tepui.proto.operator.Call call) throws CommandException {
        return post("/tepui/v1", call, org.tepui.proto.operator.Response.parser());
    }

    /** Sends a call of Tepui's own API to a node, which may take its time to answer. */
    org.tepui.proto.operator.Response callSlowly(org.tepui.proto.operator.Call call) throws CommandException {
        return post("/tepui/v1", call, org.tepui.proto.operator.Response.parser(), SLOW_ANSWER_TIMEOUT);
    }

    private <R extends Message> R post(String path, Message call, Parser<R> parser) throws CommandException {
        return post(path, call, parser, ANSWER_TIMEOUT);
    }

    private <R extends Message> R post(String path, Message call, Parser<R> parser, Duration timeout)
            throws CommandException {
        HttpResponse<byte[]> response = send(path, call, timeout);
        if (response.statusCode() != 200 && response.statusCode() != 202) {
            throw refused(path, response);
        }
        if (response.body().length > 0
                && !response.headers().firstValue("content-type").orElse("").startsWith(PROTOBUF)) {
            throw stranger("its answer is no protobuf");
        }
        try {
            return parser.parseFrom(response.body());
        } catch (InvalidProtocolBufferException e) {
            throw stranger("its answer cannot be read: " + e.getMessage());
        }
    }

    private HttpResponse<byte[]> send(String path, Message call, Duration timeout) throws CommandException {
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(URI.create("http://" + address + path))
                    .header("Content-Type", PROTOBUF)
                    .header("Accept", PROTOBUF)
                    .timeout(timeout)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(call.toByteArray()))
                    .build();
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.MISUSED, "'" + address + "' is not an address: HOST:PORT is expected");
        }
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (HttpConnectTimeoutException e) {
            throw silent("it did not answer within " + CONNECT_TIMEOUT.toSeconds() + " s");
        } catch (HttpTimeoutException e) {
            throw silent("it took the call and did not answer within " + timeout.toSeconds() + " s");
        } catch (ConnectException e) {
            throw silent("nothing listens there");
        } catch (IOException e) {
            throw stranger(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted");
        }
    }

    private CommandException silent(String reason) {
        return new CommandException("cannot reach " + address + ": " + reason
                + ". Is it running? --master HOST:PORT or TEPUI_MASTER name another");
    }

    private CommandException stranger(String reason) {
        return new CommandException(address + " answers, but not as Tepui does: " + reason
                + ". --master HOST:PORT or TEPUI_MASTER name another");
    }

    private CommandException refused(String path, HttpResponse<byte[]> response) {
        String text = new String(response.body(), StandardCharsets.UTF_8).strip();
        String reason =
                text.isEmpty() ? "no reason given" : text.substring(0, Math.min(SHOWN_CHARACTERS, text.length()));
        return switch (response.statusCode()) {
            case 404 ->
                namesWhatIsMissing(response, text)
                        ? new CommandException(address + " refused the call: " + reason)
                        : stranger("it has no " + path);
            case 503 -> new CommandException(address + " cannot answer now: " + reason);
            default ->
                new CommandException(address + " refused the call (HTTP " + response.statusCode() + "): " + reason);
        };
    }

    /** Whether it is the answer of a service of ours that knows the call. */
    private static boolean namesWhatIsMissing(HttpResponse<byte[]> response, String text) {
        return response.headers().firstValue("content-type").orElse("").startsWith("text/plain")
                && !text.startsWith("nothing is served");
    }
}
