// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Amounts by resource name, in thousandths, for sums over agents where it does not matter which port or which disk is
 * meant: totals, shares, quotas. Zero and absent are the same. Immutable, in the order of the names.
 */
public final class Quantities {
    private static final Quantities EMPTY = new Quantities(new String[0], new long[0]);

    private final String[] names;
    private final long[] amounts;

    private Quantities(String[] names, long[] amounts) {
        this.names = names;
        this.amounts = amounts;
    }

    /** Nothing. */
    public static Quantities empty() {
        return EMPTY;
    }

    /**
     * Amounts by name.
     *
     * @param thousandths zero or more each
     * @throws IllegalArgumentException if one is negative
     */
    public static Quantities of(Map<String, Long> thousandths) {
        TreeMap<String, Long> sorted = new TreeMap<>(thousandths);
        sorted.values().removeIf(amount -> amount == 0);
        String[] names = new String[sorted.size()];
        long[] amounts = new long[sorted.size()];
        int i = 0;
        for (Map.Entry<String, Long> entry : sorted.entrySet()) {
            if (entry.getValue() < 0) {
                throw new IllegalArgumentException(
                        "amount " + Scalar.format(entry.getValue()) + " of '" + entry.getKey() + "' is negative");
            }
            names[i] = entry.getKey();
            amounts[i++] = entry.getValue();
        }
        return new Quantities(names, amounts);
    }

    /**
     * Reads scalars in the text form of resources: {@code cpus:0.01;mem:32}.
     *
     * @throws IllegalArgumentException naming position, text and what is allowed
     */
    public static Quantities parse(String text) {
        Resources resources = Resources.parse(text);
        for (Resource resource : resources) {
            if (resource.identity().type() != ValueType.SCALAR || !resource.isUnreserved()) {
                throw new IllegalArgumentException(
                        "'" + resource + "' is not allowed here: only amounts such as cpus:0.01");
            }
        }
        return resources.quantities();
    }

    /** The amounts of a bundle, in which entries of one name stand together. */
    static Quantities of(Resources resources) {
        String[] names = new String[resources.size()];
        long[] amounts = new long[resources.size()];
        int size = 0;
        for (Resource resource : resources) {
            if (size > 0 && names[size - 1].equals(resource.name())) {
                amounts[size - 1] = Math.addExact(amounts[size - 1], resource.thousandths());
            } else {
                names[size] = resource.name();
                amounts[size++] = resource.thousandths();
            }
        }
        return size == 0 ? EMPTY : new Quantities(Arrays.copyOf(names, size), Arrays.copyOf(amounts, size));
    }

    /** How many names there are. */
    public int size() {
        return names.length;
    }

    /** Whether there is nothing. */
    public boolean isEmpty() {
        return names.length == 0;
    }

    /** The name at a place, counted from 0. */
    public String name(int index) {
        return names[index];
    }

    /** The amount at a place, counted from 0, in thousandths. */
    public long thousandths(int index) {
        return amounts[index];
    }

    /** The amount of a name in thousandths, zero if it is absent. */
    public long thousandths(String name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return amounts[i];
            }
        }
        return 0;
    }

    /** Whether there is at least as much of everything here as there. */
    public boolean contains(Quantities other) {
        for (int i = 0; i < other.names.length; i++) {
            if (thousandths(other.names[i]) < other.amounts[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Both together.
     *
     * @throws ArithmeticException if a sum does not fit 64 bits
     */
    public Quantities add(Quantities other) {
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        return merge(other, 1);
    }

    /** This without the other; what would be negative is zero. */
    public Quantities subtractAvailable(Quantities other) {
        return isEmpty() || other.isEmpty() ? this : merge(other, -1);
    }

    private Quantities merge(Quantities other, int sign) {
        TreeMap<String, Long> merged = new TreeMap<>(toMap());
        for (int i = 0; i < other.names.length; i++) {
            long before = merged.getOrDefault(other.names[i], 0L);
            merged.put(other.names[i], Math.max(0, Math.addExact(before, sign * other.amounts[i])));
        }
        return of(merged);
    }

    /** The amounts in thousandths by name. */
    public Map<String, Long> toMap() {
        TreeMap<String, Long> map = new TreeMap<>();
        for (int i = 0; i < names.length; i++) {
            map.put(names[i], amounts[i]);
        }
        return map;
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Quantities other
                && Arrays.equals(names, other.names)
                && Arrays.equals(amounts, other.amounts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(names) + Arrays.hashCode(amounts);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < names.length; i++) {
            text.append(i == 0 ? "" : ";").append(names[i]).append(':').append(Scalar.format(amounts[i]));
        }
        return text.toString();
    }
}
