// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.convert;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tepui.api.Quota;
import org.tepui.api.Role;
import org.tepui.api.resources.ResourceIdentity;
import org.tepui.api.resources.Scalar;
import org.tepui.api.resources.ValueType;
import org.tepui.v1.Value;
import org.tepui.v1.quota.QuotaConfig;

/** Quotas of roles. */
public final class QuotaConversion {
    private QuotaConversion() {}

    /**
     * What a role is guaranteed and may use at most. A guarantee of zero says nothing and is left out; a limit of zero
     * says a lot.
     *
     * @throws IllegalArgumentException naming the first amount that is negative, no number or too large, a name that
     *     is none of a resource, or a limit below the guarantee
     */
    public static Quota toApi(QuotaConfig config) {
        config.getGuaranteesMap().keySet().forEach(QuotaConversion::requireName);
        SortedMap<String, Long> limits = new TreeMap<>();
        for (Map.Entry<String, Value.Scalar> limit : config.getLimitsMap().entrySet()) {
            requireName(limit.getKey());
            try {
                limits.put(
                        limit.getKey(), ValueConversion.toApi(limit.getValue()).thousandths());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("limit of '" + limit.getKey() + "': " + e.getMessage(), e);
            }
        }
        return new Quota(ResourceConversion.quantities(config.getGuaranteesMap()), limits);
    }

    private static void requireName(String name) {
        ResourceIdentity.of(name, ValueType.SCALAR);
    }

    /** The quota of a role; without guarantees and limits for {@link Quota#NONE}. */
    public static QuotaConfig toWire(Role role, Quota quota) {
        QuotaConfig.Builder config = QuotaConfig.newBuilder()
                .setRole(role.name())
                .putAllGuarantees(ResourceConversion.quantities(quota.guarantees()));
        quota.limits().forEach((name, amount) -> config.putLimits(name, ValueConversion.toWire(new Scalar(amount))));
        return config.build();
    }
}
