// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.SortedMap;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.runtime.EventLoop;
import org.tepui.transport.HttpServer;
import org.tepui.transport.HttpServer.Request;
import org.tepui.transport.HttpServer.Responder;

/**
 * {@code /metrics/snapshot}: every metric of the service as one JSON object, read on the service's loop so that the
 * figures belong together.
 */
final class MetricsApi implements HttpServer.Handler {
    private static final JsonFactory JSON = new JsonFactory();

    private final MetricRegistry metrics;
    private final EventLoop loop;

    MetricsApi(MetricRegistry metrics, EventLoop loop) {
        this.metrics = metrics;
        this.loop = loop;
    }

    @Override
    public void handle(Request request, Responder responder) {
        if (!request.method().equals("GET")) {
            responder.respond(Answers.methodNotAllowed(request.method(), "GET"));
            return;
        }
        loop.execute(
                "metrics snapshot", () -> responder.respond(Answers.body(MediaType.JSON, toJson(metrics.snapshot()))));
    }

    private static byte[] toJson(SortedMap<String, Double> snapshot) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            for (Map.Entry<String, Double> metric : snapshot.entrySet()) {
                double value = metric.getValue();
                json.writeFieldName(metric.getKey());
                if (value == Math.rint(value) && Math.abs(value) <= Long.MAX_VALUE / 2.0) {
                    json.writeNumber((long) value);
                } else {
                    json.writeNumber(value);
                }
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
