// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tepui.v1.Offer;
import org.tepui.v1.Resource;
import org.tepui.v1.Value;

/**
 * What is left of an offer while tasks are cut out of it. Reservations and allocation stay on what is taken, and what
 * may be revoked is not used.
 */
final class OfferRoom {
    private static final BigDecimal NOTHING = BigDecimal.ZERO;

    private final List<Resource> resources = new ArrayList<>();

    OfferRoom(Offer offer) {
        offer.getResourcesList().stream()
                .filter(resource -> resource.getType() == Value.Type.SCALAR && !resource.hasRevocable())
                .forEach(resources::add);
    }

    /** Whether there is at least so much. */
    boolean has(Map<String, BigDecimal> amounts) {
        Map<String, BigDecimal> left = ResourceText.scalars(resources);
        return amounts.entrySet().stream()
                .allMatch(amount -> left.getOrDefault(amount.getKey(), NOTHING).compareTo(amount.getValue()) >= 0);
    }

    /** Takes so much out; it has to be there. */
    List<Resource> take(Map<String, BigDecimal> amounts) {
        Map<String, BigDecimal> missing = new TreeMap<>(amounts);
        List<Resource> taken = new ArrayList<>();
        for (int i = 0; i < resources.size(); i++) {
            Resource resource = resources.get(i);
            BigDecimal wanted = missing.getOrDefault(resource.getName(), NOTHING);
            BigDecimal present = BigDecimal.valueOf(resource.getScalar().getValue());
            BigDecimal part = wanted.min(present);
            if (part.signum() > 0) {
                taken.add(withAmount(resource, part));
                resources.set(i, withAmount(resource, present.subtract(part)));
                missing.put(resource.getName(), wanted.subtract(part));
            }
        }
        return taken;
    }

    private static Resource withAmount(Resource resource, BigDecimal amount) {
        return resource.toBuilder()
                .setScalar(Value.Scalar.newBuilder().setValue(amount.doubleValue()))
                .build();
    }
}
