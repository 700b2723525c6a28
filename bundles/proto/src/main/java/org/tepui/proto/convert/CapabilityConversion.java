// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.convert;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tepui.api.AgentCapability;
import org.tepui.api.FaultDomain;
import org.tepui.api.FrameworkCapability;
import org.tepui.v1.AgentInfo;
import org.tepui.v1.DomainInfo;
import org.tepui.v1.FrameworkInfo;

/** What frameworks and agents say of themselves: capabilities and fault domains. */
public final class CapabilityConversion {
    private CapabilityConversion() {}

    /** The capabilities of a framework, in the order of their numbers. Those that Tepui does not know are left out. */
    public static Set<FrameworkCapability> toApi(FrameworkInfo info) {
        EnumSet<FrameworkCapability> known = EnumSet.noneOf(FrameworkCapability.class);
        for (FrameworkInfo.Capability capability : info.getCapabilitiesList()) {
            for (FrameworkCapability each : FrameworkCapability.values()) {
                if (each.number() == capability.getType().getNumber()) {
                    known.add(each);
                }
            }
        }
        return known;
    }

    /** The capabilities of an agent, in the order of their numbers. Those that Tepui does not know are left out. */
    public static Set<AgentCapability> toApi(Collection<AgentInfo.Capability> capabilities) {
        EnumSet<AgentCapability> known = EnumSet.noneOf(AgentCapability.class);
        for (AgentInfo.Capability capability : capabilities) {
            for (AgentCapability each : AgentCapability.values()) {
                if (each.number() == capability.getType().getNumber()) {
                    known.add(each);
                }
            }
        }
        return known;
    }

    /** The capabilities of a framework, in the order of the collection. */
    public static List<FrameworkInfo.Capability> frameworkToWire(Collection<FrameworkCapability> capabilities) {
        return capabilities.stream()
                .map(each -> FrameworkInfo.Capability.newBuilder()
                        .setType(FrameworkInfo.Capability.Type.forNumber(each.number()))
                        .build())
                .toList();
    }

    /** The capabilities of an agent, in the order of the collection. */
    public static List<AgentInfo.Capability> agentToWire(Collection<AgentCapability> capabilities) {
        return capabilities.stream()
                .map(each -> AgentInfo.Capability.newBuilder()
                        .setType(AgentInfo.Capability.Type.forNumber(each.number()))
                        .build())
                .toList();
    }

    /** The fault domain, or null where none is given. */
    public static @Nullable FaultDomain toApi(DomainInfo domain) {
        if (!domain.hasFaultDomain()) {
            return null;
        }
        return new FaultDomain(
                domain.getFaultDomain().getRegion().getName(),
                domain.getFaultDomain().getZone().getName());
    }

    /** The fault domain. */
    public static DomainInfo toWire(FaultDomain domain) {
        return DomainInfo.newBuilder()
                .setFaultDomain(DomainInfo.FaultDomain.newBuilder()
                        .setRegion(
                                DomainInfo.FaultDomain.RegionInfo.newBuilder().setName(domain.region()))
                        .setZone(DomainInfo.FaultDomain.ZoneInfo.newBuilder().setName(domain.zone())))
                .build();
    }
}
