// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tepui.api.Role;

/**
 * Which class each role has. A role that is not named has that of the nearest role above it that is, or else 0. Classes
 * order siblings: what a role's children get they get in its turn, whatever classes they have among themselves.
 * Immutable.
 */
final class PriorityClasses {
    /** The highest class; the lowest is its negative. */
    static final int HIGHEST = 1_000_000;

    private static final int DEFAULT = 0;

    private final SortedMap<Role, Integer> named;
    private final int[] levels;

    PriorityClasses(Map<Role, Integer> classes) {
        this.named = Collections.unmodifiableSortedMap(new TreeMap<>(classes));
        int[] all = Arrays.copyOf(
                named.values().stream().mapToInt(Integer::intValue).toArray(), named.size() + 1);
        all[named.size()] = DEFAULT;
        this.levels = Arrays.stream(all).sorted().distinct().toArray();
    }

    /** The class of a role. */
    int of(Role role) {
        for (Role next = role; next != null; next = next.parent()) {
            Integer known = named.get(next);
            if (known != null) {
                return known;
            }
        }
        return DEFAULT;
    }

    /** How many different classes there are. */
    int levels() {
        return levels.length;
    }

    /** How many classes are below that of a role. */
    int level(Role role) {
        return Arrays.binarySearch(levels, of(role));
    }

    /** The classes of the roles above a role from the top, and its own at the end. */
    List<Integer> path(Role role) {
        return above(role).stream().map(this::of).toList();
    }

    /** Orders paths, the less important first. One that ends goes on as it ends: children inherit. */
    static int compare(List<Integer> one, List<Integer> other) {
        for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
            int order = one.get(Math.min(i, one.size() - 1)).compareTo(other.get(Math.min(i, other.size() - 1)));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** Whether one role goes before another by their classes: where their paths part, its side has the higher one. */
    boolean outranks(Role one, Role other) {
        if (one.equals(other)) {
            return false;
        }
        List<Role> first = above(one);
        List<Role> second = above(other);
        int parting = 0;
        while (parting < Math.min(first.size(), second.size())
                && first.get(parting).equals(second.get(parting))) {
            parting++;
        }
        return of(first.get(Math.min(parting, first.size() - 1)))
                > of(second.get(Math.min(parting, second.size() - 1)));
    }

    private static List<Role> above(Role role) {
        List<Role> path = new ArrayList<>(2);
        for (Role next = role; next != null; next = next.parent()) {
            path.add(next);
        }
        Collections.reverse(path);
        return path;
    }
}
