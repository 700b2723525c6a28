// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The HTTP API of a master or agent, in JSON. */
public final class Api {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();

    private final String address;

    /** Of the service at {@code HOST:PORT}. */
    public Api(String address) {
        this.address = address;
    }

    /** Answers an operator call that needs a type only. */
    public Json call(String type) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/api/v1"))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"" + type + "\"}"))
                .build();
        return json(request);
    }

    /** The value of a metric. */
    public double metric(String name) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/metrics/snapshot"))
                .timeout(LIMIT)
                .build();
        return json(request).at(name).number();
    }

    private static Json json(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(request.uri() + " answered " + response.statusCode() + ": " + response.body());
        }
        return Json.parse(response.body());
    }
}
