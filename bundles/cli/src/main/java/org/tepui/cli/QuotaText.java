// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tepui.api.resources.Scalar;
import org.tepui.v1.Value;

/** The amounts of a quota as users read them. */
final class QuotaText {
    private QuotaText() {}

    /** {@code cpus:2 mem:256}; {@code -} for none. */
    static String of(Map<String, Value.Scalar> amounts) {
        List<String> parts = new ArrayList<>();
        new TreeMap<>(amounts)
                .forEach((name, amount) -> parts.add(
                        name + ":" + Scalar.format(Scalar.of(amount.getValue()).thousandths())));
        return parts.isEmpty() ? "-" : String.join(" ", parts);
    }

    /** By name, for JSON. */
    static Map<String, BigDecimal> numbers(Map<String, Value.Scalar> amounts) {
        Map<String, BigDecimal> numbers = new TreeMap<>();
        amounts.forEach((name, amount) -> numbers.put(
                name, new BigDecimal(Scalar.format(Scalar.of(amount.getValue()).thousandths()))));
        return numbers;
    }
}
