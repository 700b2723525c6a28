// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.configuration;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what was probably meant by a name that nobody knows. */
public final class NearestName {
    private static final int LONGEST_NAME = 100;

    private NearestName() {}

    /**
     * The known name with the fewest edits, case aside, if at most a third of its letters differ (one in short names);
     * the first in alphabetical order among equals.
     */
    public static Optional<String> of(String name, Collection<String> known) {
        if (name.length() > LONGEST_NAME) {
            return Optional.empty();
        }
        String wanted = name.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(candidate -> distance(wanted, candidate) <= Math.max(1, candidate.length() / 3))
                .min(Comparator.comparingInt((String candidate) -> distance(wanted, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static int distance(String wanted, String candidate) {
        String other = candidate.toLowerCase(Locale.ROOT);
        int[] previous = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= wanted.length(); i++) {
            int[] current = new int[other.length() + 1];
            current[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int substitution = previous[j - 1] + (wanted.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[other.length()];
    }
}
