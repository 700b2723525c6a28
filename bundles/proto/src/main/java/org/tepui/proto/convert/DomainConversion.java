// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.convert;

import java.util.Optional;
import org.tepui.api.FaultDomain;
import org.tepui.v1.DomainInfo;

/** Fault domains. */
public final class DomainConversion {
    private DomainConversion() {}

    /**
     * Where a machine stands; empty if the message does not say it.
     *
     * @throws IllegalArgumentException if a name is empty
     */
    public static Optional<FaultDomain> toApi(DomainInfo domain) {
        if (!domain.hasFaultDomain()) {
            return Optional.empty();
        }
        DomainInfo.FaultDomain fault = domain.getFaultDomain();
        return Optional.of(
                new FaultDomain(fault.getRegion().getName(), fault.getZone().getName()));
    }

    /** The message that says where a machine stands. */
    public static DomainInfo toWire(FaultDomain domain) {
        DomainInfo.Builder message = DomainInfo.newBuilder();
        message.getFaultDomainBuilder().getRegionBuilder().setName(domain.region());
        message.getFaultDomainBuilder().getZoneBuilder().setName(domain.zone());
        return message.build();
    }
}
