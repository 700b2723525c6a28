// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.AgentId;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Worker;
import org.tepui.transport.Exchange;
import org.tepui.transport.Refusal;
import org.tepui.v1.Metric;
import org.tepui.v1.VersionInfo;
import org.tepui.v1.agent.Call;
import org.tepui.v1.agent.Response;

/** Answers the calls of the agent's operator API. What is not built is refused by its name. */
final class OperatorCalls {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorCalls.class);

    private final EventLoop loop;
    private final AgentConfig config;
    private final AgentIdentity identity;
    private final AgentViews views;
    private final MetricRegistry metrics;
    private final SandboxFiles files;
    private final Worker worker;
    private int openReads;

    /** @param worker reads files */
    OperatorCalls(
            EventLoop loop,
            AgentConfig config,
            AgentIdentity identity,
            AgentViews views,
            MetricRegistry metrics,
            Worker worker) {
        this.loop = loop;
        this.config = config;
        this.identity = identity;
        this.views = views;
        this.metrics = metrics;
        this.worker = worker;
        this.files = new SandboxFiles(config.workDirectory(), config.bounds().readBytes());
    }

    /** Answers a call, at once or later. */
    void handle(Call call, Exchange exchange) {
        loop.assertInLoop();
        Response.Builder response = Response.newBuilder();
        switch (call.getType()) {
            case GET_HEALTH ->
                response.setType(Response.Type.GET_HEALTH)
                        .setGetHealth(Response.GetHealth.newBuilder().setHealthy(true));
            case GET_VERSION ->
                response.setType(Response.Type.GET_VERSION)
                        .setGetVersion(Response.GetVersion.newBuilder()
                                .setVersionInfo(VersionInfo.newBuilder().setVersion(config.version())));
            case GET_METRICS -> response.setType(Response.Type.GET_METRICS).setGetMetrics(metrics());
            case GET_AGENT ->
                response.setType(Response.Type.GET_AGENT)
                        .setGetAgent(Response.GetAgent.newBuilder().setAgentInfo(identity.info()));
            case GET_FRAMEWORKS ->
                response.setType(Response.Type.GET_FRAMEWORKS).setGetFrameworks(views.frameworks());
            case GET_TASKS -> response.setType(Response.Type.GET_TASKS).setGetTasks(views.tasks());
            case GET_STATE ->
                response.setType(Response.Type.GET_STATE)
                        .setGetState(Response.GetState.newBuilder()
                                .setGetTasks(views.tasks())
                                .setGetExecutors(Response.GetExecutors.getDefaultInstance())
                                .setGetFrameworks(views.frameworks()));
            case LIST_FILES -> {
                listFiles(call.getListFiles(), exchange);
                return;
            }
            case READ_FILE -> {
                readFile(call.getReadFile(), exchange);
                return;
            }
            default -> {
                exchange.refuse(
                        Refusal.Kind.NOT_IMPLEMENTED, "the call " + call.getType() + " is not supported by this agent");
                return;
            }
        }
        exchange.reply(response.build());
    }

    private Response.GetMetrics metrics() {
        Response.GetMetrics.Builder all = Response.GetMetrics.newBuilder();
        metrics.snapshot()
                .forEach((name, value) ->
                        all.addMetrics(Metric.newBuilder().setName(name).setValue(value)));
        return all.build();
    }

    private void listFiles(Call.ListFiles call, Exchange exchange) {
        onFiles(
                "list files",
                exchange,
                agent -> Response.newBuilder()
                        .setType(Response.Type.LIST_FILES)
                        .setListFiles(files.list(agent, call.getPath()))
                        .build());
    }

    private void readFile(Call.ReadFile call, Exchange exchange) {
        long length = call.hasLength() ? call.getLength() : -1L;
        onFiles(
                "read file",
                exchange,
                agent -> Response.newBuilder()
                        .setType(Response.Type.READ_FILE)
                        .setReadFile(files.read(agent, call.getPath(), call.getOffset(), length))
                        .build());
    }

    /** What is asked of files. */
    @FunctionalInterface
    private interface FileWork {
        Response of(AgentId agent) throws IOException, SandboxFiles.RefusedException;
    }

    private void onFiles(String what, Exchange exchange, FileWork work) {
        if (identity.id().isEmpty()) {
            exchange.refuse(Refusal.Kind.NOT_FOUND, "this agent has no id yet, and no sandboxes");
            return;
        }
        if (openReads >= config.bounds().openReads()) {
            exchange.refuse(
                    Refusal.Kind.UNAVAILABLE,
                    openReads + " calls wait for files already: "
                            + config.bounds().openReads() + " may");
            return;
        }
        AgentId agent = identity.id().get();
        openReads++;
        worker.submit(what, () -> work.of(agent), loop, (response, failure) -> {
            openReads--;
            if (response != null) {
                exchange.reply(response);
            } else if (failure instanceof SandboxFiles.RefusedException refused) {
                exchange.refuse(refused.refusal());
            } else {
                LOG.warn("Could not {}: {}", what, String.valueOf(failure));
                exchange.refuse(Refusal.Kind.UNAVAILABLE, "could not " + what + ": " + failure);
            }
        });
    }
}
