// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tepui.api.Quota;
import org.tepui.api.Role;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.QuotaConversion;
import org.tepui.proto.convert.ReservationFormat;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.transport.Exchange;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.Resource;
import org.tepui.v1.Value;
import org.tepui.v1.WeightInfo;
import org.tepui.v1.master.Call;
import org.tepui.v1.master.Response;
import org.tepui.v1.quota.QuotaConfig;
import org.tepui.v1.quota.QuotaInfo;
import org.tepui.v1.quota.QuotaRequest;
import org.tepui.v1.quota.QuotaStatus;

/** The calls of the v1 operator API about quotas and weights, in the new form and in the one it supersedes. */
final class RoleCallHandler {
    private static final String SET = "Failed to validate set quota request: ";

    private final RoleSettings settings;

    RoleCallHandler(RoleSettings settings) {
        this.settings = settings;
    }

    void updateQuota(Call.UpdateQuota call, Exchange exchange) {
        settings.updateQuotas(call.getQuotaConfigsList(), call.getForce(), exchange);
    }

    /** The old form: what is guaranteed is also the limit, and a quota is removed before it is set anew. */
    void setQuota(Call.SetQuota call, Exchange exchange) {
        QuotaRequest request = call.getQuotaRequest();
        SortedMap<Role, Quota> change = new TreeMap<>();
        try {
            Role role = new Role(request.getRole());
            if (settings.quotas().byRole().containsKey(role)) {
                exchange.refuse(
                        Kind.BAD_REQUEST, SET + "Cannot set quota for role '" + role + "' which already has quota");
                return;
            }
            Quantities guarantee = guarantee(request.getGuaranteeList());
            change.put(role, new Quota(guarantee, new TreeMap<>(guarantee.toMap())));
        } catch (IllegalArgumentException e) {
            exchange.refuse(Kind.BAD_REQUEST, SET + e.getMessage());
            return;
        }
        settings.set(change, request.getForce(), Kind.CONFLICT, SET, exchange);
    }

    private static Quantities guarantee(List<Resource> resources) {
        if (resources.isEmpty()) {
            throw new IllegalArgumentException("'guarantee' is empty");
        }
        SortedMap<String, Value.Scalar> amounts = new TreeMap<>();
        for (Resource resource : resources) {
            if (resource.getType() != Value.Type.SCALAR) {
                throw new IllegalArgumentException(
                        "resource '" + FrameworkRules.shown(resource.getName()) + "' is no scalar");
            }
            if (amounts.put(resource.getName(), resource.getScalar()) != null) {
                throw new IllegalArgumentException(
                        "resource '" + FrameworkRules.shown(resource.getName()) + "' is named twice");
            }
        }
        if (ResourceConversion.toApi(resources).hasReserved()) {
            throw new IllegalArgumentException("a guarantee is not of reserved resources");
        }
        return QuotaConversion.toApi(QuotaConfig.newBuilder()
                        .setRole("*")
                        .putAllGuarantees(amounts)
                        .build())
                .guarantees();
    }

    void removeQuota(Call.RemoveQuota call, Exchange exchange) {
        Role role;
        try {
            role = new Role(call.getRole());
        } catch (IllegalArgumentException e) {
            exchange.refuse(Kind.BAD_REQUEST, "Failed to remove quota: " + e.getMessage());
            return;
        }
        if (!settings.quotas().byRole().containsKey(role)) {
            exchange.refuse(Kind.BAD_REQUEST, "Failed to remove quota: Role '" + role + "' has no quota set");
            return;
        }
        settings.set(Map.of(role, Quota.NONE), false, Kind.CONFLICT, "Failed to remove quota: ", exchange);
    }

    void updateWeights(Call.UpdateWeights call, Exchange exchange) {
        settings.updateWeights(call.getWeightInfosList(), exchange);
    }

    Response quotas() {
        QuotaStatus.Builder status = QuotaStatus.newBuilder();
        settings.quotas().byRole().forEach((role, quota) -> status.addConfigs(QuotaConversion.toWire(role, quota)));
        oldForm().forEach(info -> addInfo(status, info));
        return Response.newBuilder()
                .setType(Response.Type.GET_QUOTA)
                .setGetQuota(Response.GetQuota.newBuilder().setStatus(status))
                .build();
    }

    // clients from before Mesos 1.9 read the old form
    @SuppressWarnings("deprecation")
    private static void addInfo(QuotaStatus.Builder status, QuotaInfo info) {
        status.addInfos(info);
    }

    private List<QuotaInfo> oldForm() {
        List<QuotaInfo> infos = new ArrayList<>();
        settings.quotas().byRole().forEach((role, quota) -> {
            QuotaInfo.Builder info = QuotaInfo.newBuilder().setRole(role.name());
            Quantities guarantees = quota.guarantees();
            for (int i = 0; i < guarantees.size(); i++) {
                Resources one = Resources.parse(
                        guarantees.name(i) + ":" + org.tepui.api.resources.Scalar.format(guarantees.thousandths(i)));
                info.addAllGuarantee(ResourceConversion.toWire(one, ReservationFormat.SINGLE));
            }
            infos.add(info.build());
        });
        return infos;
    }

    Response weights() {
        Response.GetWeights.Builder weights = Response.GetWeights.newBuilder();
        settings.weights()
                .byRole()
                .forEach((role, weight) -> weights.addWeightInfos(
                        WeightInfo.newBuilder().setRole(role.name()).setWeight(weight)));
        return Response.newBuilder()
                .setType(Response.Type.GET_WEIGHTS)
                .setGetWeights(weights)
                .build();
    }
}
