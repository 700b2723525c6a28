// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Instant;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.transport.Exchange;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.Metric;
import org.tepui.v1.VersionInfo;
import org.tepui.v1.master.Call;
import org.tepui.v1.master.Response;

/** The calls of the v1 operator API. Those that are not built are refused by name. */
final class OperatorCallHandler {
    private final MasterContext context;
    private final ClusterView view;
    private final RoleCallHandler roles;
    private final Reserver reserver;
    private final Maintenance maintenance;
    private final MetricRegistry metrics;
    private final MasterFiles files;
    private final Instant startTime;
    private final Instant electedTime;

    OperatorCallHandler(
            MasterContext context,
            ClusterView view,
            RoleCallHandler roles,
            Reserver reserver,
            Maintenance maintenance,
            MetricRegistry metrics,
            MasterFiles files,
            Instant startTime,
            Instant electedTime) {
        this.context = context;
        this.view = view;
        this.roles = roles;
        this.reserver = reserver;
        this.maintenance = maintenance;
        this.metrics = metrics;
        this.files = files;
        this.startTime = startTime;
        this.electedTime = electedTime;
    }

    void handle(Call call, Exchange exchange) {
        context.figures().operatorCalls.increment();
        Response.Builder response = Response.newBuilder();
        switch (call.getType()) {
            case GET_HEALTH ->
                response.setType(Response.Type.GET_HEALTH)
                        .setGetHealth(Response.GetHealth.newBuilder().setHealthy(true));
            case GET_VERSION ->
                response.setType(Response.Type.GET_VERSION)
                        .setGetVersion(Response.GetVersion.newBuilder()
                                .setVersionInfo(VersionInfo.newBuilder()
                                        .setVersion(context.info().getVersion())));
            case GET_METRICS -> response.setType(Response.Type.GET_METRICS).setGetMetrics(metrics());
            case GET_STATE -> response.setType(Response.Type.GET_STATE).setGetState(view.state());
            case GET_AGENTS -> response.setType(Response.Type.GET_AGENTS).setGetAgents(view.agents());
            case GET_FRAMEWORKS ->
                response.setType(Response.Type.GET_FRAMEWORKS).setGetFrameworks(view.frameworks());
            case GET_TASKS -> response.setType(Response.Type.GET_TASKS).setGetTasks(view.tasks());
            case GET_ROLES -> response.setType(Response.Type.GET_ROLES).setGetRoles(view.roles());
            case GET_MASTER -> response.setType(Response.Type.GET_MASTER).setGetMaster(master());
            case GET_QUOTA -> response = roles.quotas().toBuilder();
            case GET_MAINTENANCE_SCHEDULE -> response = maintenance.showSchedule().toBuilder();
            case GET_MAINTENANCE_STATUS -> response = maintenance.showStatus().toBuilder();
            case GET_WEIGHTS -> response = roles.weights().toBuilder();
            case LIST_FILES -> {
                files.list(call.getListFiles(), exchange);
                return;
            }
            case READ_FILE -> {
                files.read(call.getReadFile(), exchange);
                return;
            }
            default -> {
                change(call, exchange);
                return;
            }
        }
        exchange.reply(response.build());
    }

    /** The calls that change something, and answer once that is durable. */
    private void change(Call call, Exchange exchange) {
        switch (call.getType()) {
            case UPDATE_QUOTA -> roles.updateQuota(call.getUpdateQuota(), exchange);
            case SET_QUOTA -> setQuota(call, exchange);
            case REMOVE_QUOTA -> removeQuota(call, exchange);
            case UPDATE_MAINTENANCE_SCHEDULE ->
                maintenance.update(call.getUpdateMaintenanceSchedule().getSchedule(), exchange);
            case RESERVE_RESOURCES -> reserver.reserve(call.getReserveResources(), exchange);
            case UNRESERVE_RESOURCES -> reserver.unreserve(call.getUnreserveResources(), exchange);
            case UPDATE_WEIGHTS -> roles.updateWeights(call.getUpdateWeights(), exchange);
            default -> exchange.refuse(Kind.NOT_IMPLEMENTED, "Call " + call.getType() + " is not supported");
        }
    }

    // superseded by UPDATE_QUOTA and in use
    @SuppressWarnings("deprecation")
    private void setQuota(Call call, Exchange exchange) {
        roles.setQuota(call.getSetQuota(), exchange);
    }

    @SuppressWarnings("deprecation")
    private void removeQuota(Call call, Exchange exchange) {
        roles.removeQuota(call.getRemoveQuota(), exchange);
    }

    private Response.GetMetrics metrics() {
        Response.GetMetrics.Builder answer = Response.GetMetrics.newBuilder();
        metrics.snapshot()
                .forEach((name, value) ->
                        answer.addMetrics(Metric.newBuilder().setName(name).setValue(value)));
        return answer.build();
    }

    private Response.GetMaster master() {
        return Response.GetMaster.newBuilder()
                .setMasterInfo(context.info())
                .setStartTime(Statuses.seconds(startTime))
                .setElectedTime(Statuses.seconds(electedTime))
                .build();
    }
}
