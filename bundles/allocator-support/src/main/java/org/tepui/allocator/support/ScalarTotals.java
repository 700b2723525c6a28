// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.tepui.api.resources.Resource;
import org.tepui.api.resources.Resources;
import org.tepui.api.resources.Scalar;

/**
 * Numbers the names of scalar resources, so that amounts are arrays, and sums up what the cluster has. A shared
 * volume counts for nobody, because its users do not take it from each other.
 */
final class ScalarTotals {
    private static final int FEW = 4;

    private final Map<String, Integer> numbers = new HashMap<>();
    private String[] names = new String[4];
    private long[] totals = new long[4];

    int size() {
        return numbers.size();
    }

    String name(int number) {
        return names[number];
    }

    long total(int number) {
        return totals[number];
    }

    /** The totals by number. */
    long[] totals() {
        return Arrays.copyOf(totals, size());
    }

    void add(Resources resources) {
        change(resources, 1);
    }

    void subtract(Resources resources) {
        change(resources, -1);
    }

    private void change(Resources resources, int sign) {
        for (Resource resource : resources) {
            if (counts(resource)) {
                int number = number(resource.name());
                totals[number] = Math.addExact(totals[number], sign * resource.thousandths());
            }
        }
    }

    /** Adds (sign 1) or subtracts (sign -1) amounts in an array by number, and returns it or a longer one. */
    long[] accumulate(long[] amounts, Resources resources, int sign) {
        long[] changed = amounts;
        for (Resource resource : resources) {
            if (counts(resource)) {
                int number = number(resource.name());
                if (number >= changed.length) {
                    changed = Arrays.copyOf(changed, names.length);
                }
                changed[number] = Math.addExact(changed[number], sign * resource.thousandths());
            }
        }
        return changed;
    }

    private static boolean counts(Resource resource) {
        return resource.value() instanceof Scalar && !resource.identity().isShared();
    }

    private int number(String name) {
        // almost everything has one of the first few names
        for (int i = 0; i < FEW && i < size(); i++) {
            if (name.equals(names[i])) {
                return i;
            }
        }
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        int number = numbers.size();
        if (number == names.length) {
            names = Arrays.copyOf(names, 2 * number);
            totals = Arrays.copyOf(totals, 2 * number);
        }
        names[number] = name;
        numbers.put(name, number);
        return number;
    }
}
