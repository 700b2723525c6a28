// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A word that somebody attached to something, with a value if they gave one.
 *
 * @param key not interpreted
 * @param value not interpreted
 */
public record Label(String key, @Nullable String value) implements Comparable<Label> {
    /** How many labels one thing may have, and how long a key or value may be. */
    private static final int MAXIMUM = 1000;

    private static final int MAXIMUM_LENGTH = 65_536;

    private static final Comparator<Label> ORDER = Comparator.comparing(Label::key)
            .thenComparing(Label::value, Comparator.nullsFirst(Comparator.naturalOrder()));

    /** @throws IllegalArgumentException if key or value are too long */
    public Label {
        if (key.length() > MAXIMUM_LENGTH || (value != null && value.length() > MAXIMUM_LENGTH)) {
            throw new IllegalArgumentException(
                    "a label's key and value have at most " + MAXIMUM_LENGTH + " characters");
        }
    }

    /**
     * The labels in an order of their own, because theirs has no meaning.
     *
     * @throws IllegalArgumentException if there are too many
     */
    public static List<Label> sorted(Collection<Label> labels) {
        if (labels.size() > MAXIMUM) {
            throw new IllegalArgumentException(labels.size() + " labels are too many: at most " + MAXIMUM);
        }
        return labels.isEmpty() ? List.of() : labels.stream().sorted().toList();
    }

    @Override
    public int compareTo(Label other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return value == null ? key : key + ":" + value;
    }
}
