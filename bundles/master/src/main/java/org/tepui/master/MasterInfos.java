// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.Optional;
import org.tepui.api.FaultDomain;
import org.tepui.proto.convert.DomainConversion;
import org.tepui.runtime.Address;
import org.tepui.v1.MasterInfo;

/** How a master introduces itself to agents and schedulers. */
final class MasterInfos {
    private static final int BYTES = 4;
    private static final int MAXIMUM = 255;

    private MasterInfos() {}

    static MasterInfo of(String id, Address address, String version, Optional<FaultDomain> domain) {
        MasterInfo.Builder info = MasterInfo.newBuilder()
                .setId(id)
                .setIp(inNetworkOrder(address.host()))
                .setPort(address.port())
                .setPid("master@" + address)
                .setHostname(address.host())
                .setVersion(version)
                .setAddress(org.tepui.v1.Address.newBuilder()
                        .setHostname(address.host())
                        .setPort(address.port()));
        domain.map(DomainConversion::toWire).ifPresent(info::setDomain);
        return info.build();
    }

    /**
     * A numeric address as one number, the first byte lowest, as network order reads on common machines; 0 for a
     * name, which stands beside it.
     */
    static int inNetworkOrder(String host) {
        String[] parts = host.split("\\.", -1);
        if (parts.length != BYTES) {
            return 0;
        }
        int address = 0;
        for (int i = 0; i < BYTES; i++) {
            int part;
            try {
                part = Integer.parseInt(parts[i]);
            } catch (NumberFormatException e) {
                return 0;
            }
            if (part < 0 || part > MAXIMUM) {
                return 0;
            }
            address |= part << (8 * i);
        }
        return address;
    }
}
