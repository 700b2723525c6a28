// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tepui.api.service.PluginException;
import org.tepui.api.service.PluginInfo;
import org.tepui.api.service.PluginRefusal;
import org.tepui.api.service.PluginService;
import org.tepui.proto.operator.Call;
import org.tepui.proto.operator.Response;
import org.tepui.transport.Exchange;
import org.tepui.transport.Refusal;

/** The calls about the plug-ins of this node: each becomes one call of {@link PluginService}. */
final class PluginCalls {
    private final Supplier<Optional<PluginService>> plugins;

    PluginCalls(Supplier<Optional<PluginService>> plugins) {
        this.plugins = plugins;
    }

    /** Answers a call for which {@code OperatorCalls.concernsPlugins} holds. */
    void handle(Call call, Exchange exchange) {
        Optional<PluginService> service = plugins.get();
        if (service.isEmpty()) {
            exchange.refuse(Refusal.Kind.UNAVAILABLE, "the plug-ins of this node are not up yet: try again");
            return;
        }
        Response.Builder response = Response.newBuilder().setType(call.getType());
        CompletableFuture<Response> unused = answer(call, service.get(), response)
                .whenComplete((answer, failure) -> {
                    if (failure == null) {
                        exchange.reply(answer);
                    } else {
                        exchange.refuse(refusal(failure));
                    }
                });
    }

    private static CompletableFuture<Response> answer(Call call, PluginService service, Response.Builder response) {
        return switch (call.getType()) {
            case PLUGIN_INSTALL ->
                service.install(
                                call.getPluginInstall().getJar().toByteArray(),
                                call.getPluginInstall().getDowngrade())
                        .thenApply(with(response::setPluginInstall));
            case PLUGIN_REMOVE -> {
                Call.PluginRemove remove = call.getPluginRemove();
                yield service.remove(
                                remove.getName(),
                                remove.hasVersion() ? Optional.of(remove.getVersion()) : Optional.empty())
                        .thenApply(with(response::setPluginRemove));
            }
            case PLUGIN_ROLLBACK ->
                service.rollback(call.getPluginRollback().getName()).thenApply(with(response::setPluginRollback));
            default ->
                service.list()
                        .thenCombine(
                                service.refused(),
                                (installed, refused) -> response.setPluginList(list(installed, refused))
                                        .build());
        };
    }

    private static Function<PluginInfo, Response> with(Function<Response.Plugin, Response.Builder> set) {
        return info -> set.apply(message(info)).build();
    }

    private static Response.PluginList list(List<PluginInfo> installed, List<PluginRefusal> refused) {
        Response.PluginList.Builder list = Response.PluginList.newBuilder();
        installed.forEach(info -> list.addPlugins(message(info)));
        refused.forEach(refusal -> list.addRefused(
                Response.RefusedPlugin.newBuilder().setFile(refusal.file()).setReason(refusal.reason())));
        return list.build();
    }

    private static Response.Plugin message(PluginInfo info) {
        Response.Plugin.Builder plugin = Response.Plugin.newBuilder()
                .setName(info.name())
                .setVersion(info.version())
                .setBundleId(info.bundleId())
                .setOrigin(
                        switch (info.origin()) {
                            case DISTRIBUTION -> Response.Plugin.Origin.DISTRIBUTION;
                            case DEPLOY -> Response.Plugin.Origin.DEPLOY;
                            case CALL -> Response.Plugin.Origin.CALL;
                        })
                .setSinceNs(nanoseconds(info.since()))
                .addAllEarlier(info.earlier());
        if (!info.file().isEmpty()) {
            plugin.setFile(info.file());
        }
        if (!info.digest().isEmpty()) {
            plugin.setDigest(info.digest());
        }
        if (!info.use().isEmpty()) {
            plugin.setUse(info.use());
        }
        return plugin.build();
    }

    private static long nanoseconds(Instant time) {
        return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
    }

    private static Refusal refusal(Throwable failure) {
        @Nullable Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (!(cause instanceof PluginException known)) {
            return new Refusal(Refusal.Kind.UNAVAILABLE, "a bug: " + failure);
        }
        Refusal.Kind kind = switch (known.kind()) {
            case INVALID, ELSEWHERE -> Refusal.Kind.BAD_REQUEST;
            case NOT_FOUND -> Refusal.Kind.NOT_FOUND;
            case CONFLICT, FAILED -> Refusal.Kind.CONFLICT;
        };
        return new Refusal(kind, String.valueOf(known.getMessage()));
    }
}
