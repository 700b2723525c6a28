// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tepui.v1.Resource;
import org.tepui.v1.Value;

/** Resources as users read them: what has the same name is taken together, whoever it is reserved for. */
final class ResourceText {
    private static final int DECIMALS = 3;

    private ResourceText() {}

    /** Name to amount of all that are numbers, in alphabetical order. */
    static Map<String, BigDecimal> scalars(List<Resource> resources) {
        Map<String, BigDecimal> scalars = new TreeMap<>();
        for (Resource resource : resources) {
            if (resource.getType() == Value.Type.SCALAR) {
                BigDecimal value = BigDecimal.valueOf(resource.getScalar().getValue());
                scalars.merge(resource.getName(), value, BigDecimal::add);
            }
        }
        scalars.replaceAll((name, value) -> rounded(value));
        return scalars;
    }

    /** {@code cpus:2 mem:256 ports:[31000-31999]}; {@code -} for none. */
    static String of(List<Resource> resources) {
        List<String> parts = new ArrayList<>();
        scalars(resources).forEach((name, value) -> parts.add(name + ":" + value.toPlainString()));
        for (Resource resource : resources) {
            if (resource.getType() == Value.Type.RANGES) {
                parts.add(resource.getName()
                        + resource.getRanges().getRangeList().stream()
                                .map(range -> range.getBegin() + "-" + range.getEnd())
                                .collect(Collectors.joining(",", ":[", "]")));
            } else if (resource.getType() == Value.Type.SET) {
                parts.add(resource.getName() + ":{"
                        + String.join(",", resource.getSet().getItemList()) + "}");
            }
        }
        return parts.isEmpty() ? "-" : String.join(" ", parts);
    }

    private static BigDecimal rounded(BigDecimal value) {
        BigDecimal rounded = value.setScale(DECIMALS, RoundingMode.HALF_UP).stripTrailingZeros();
        return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
    }
}
