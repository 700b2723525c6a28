// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.util.Map;
import java.util.TreeMap;
import org.tepui.api.resources.Scalar;
import org.tepui.v1.Value;

/**
 * Amounts by resource name, zero included: a limit of zero says something.
 *
 * @param thousandths by name
 */
record Amounts(Map<String, Long> thousandths) {
    /** @throws IllegalArgumentException naming the part that is wrong */
    static Amounts parse(String text) {
        Map<String, Long> amounts = new TreeMap<>();
        for (String part : text.split("[,;]", -1)) {
            int colon = part.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("'" + part + "' is not NAME:AMOUNT");
            }
            String name = part.substring(0, colon).strip();
            long amount = Scalar.parse(part.substring(colon + 1).strip()).thousandths();
            if (amounts.put(name, amount) != null) {
                throw new IllegalArgumentException("'" + name + "' is named twice");
            }
        }
        return new Amounts(amounts);
    }

    static Amounts none() {
        return new Amounts(Map.of());
    }

    Map<String, Value.Scalar> toWire() {
        Map<String, Value.Scalar> wire = new TreeMap<>();
        thousandths.forEach((name, amount) -> wire.put(
                name, Value.Scalar.newBuilder().setValue(amount / 1000.0).build()));
        return wire;
    }
}
