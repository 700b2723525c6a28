// SPDX-License-Identifier: Apache-2.0
package org.tepui.api;

import org.jspecify.annotations.Nullable;

/**
 * A share of the cluster that frameworks draw on: {@code *} for everybody, or a name. Roles form a tree by their
 * names: {@code eng/web} is a child of {@code eng}, and resources reserved for {@code eng} may be offered to it.
 *
 * <p>A name is 1 to 255 characters: components between slashes, none of them empty, {@code .}, {@code ..} or (in a
 * longer name) {@code *}, none beginning with a hyphen, and without white space or control characters. The rules are
 * those of Mesos, with a bound on the length.
 *
 * @param name as above
 */
public record Role(String name) implements Comparable<Role> {
    /** The role of those who have none: {@code *}. It has neither parent nor children. */
    public static final Role ANY = new Role("*");

    private static final int MAXIMUM_LENGTH = 255;
    private static final int SHOWN_CHARACTERS = 40;

    /** @throws IllegalArgumentException if the name breaks the rules, saying which */
    public Role {
        if (name.isEmpty() || name.length() > MAXIMUM_LENGTH) {
            throw refused(name, "1 to 255 characters are allowed, it has " + name.length());
        }
        if (!name.equals("*")) {
            checkComponents(name);
        }
    }

    private static void checkComponents(String name) {
        int start = 0;
        while (start <= name.length()) {
            int slash = name.indexOf('/', start);
            int end = slash < 0 ? name.length() : slash;
            String component = name.substring(start, end);
            if (component.isEmpty()) {
                throw refused(name, "a slash stands between two components, never first, last or twice");
            }
            if (component.equals(".") || component.equals("..") || component.equals("*")) {
                throw refused(name, "no component may be '.', '..' or '*'");
            }
            if (component.charAt(0) == '-') {
                throw refused(name, "no component may begin with a hyphen");
            }
            start = end + 1;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isWhitespace(c) || Character.isISOControl(c)) {
                throw refused(name, "white space and control characters are excluded, there is one at position " + i);
            }
        }
    }

    private static IllegalArgumentException refused(String name, String rule) {
        String start = name.length() > SHOWN_CHARACTERS ? name.substring(0, SHOWN_CHARACTERS) + "..." : name;
        return new IllegalArgumentException(
                "role '" + start.replaceAll("\\p{Cntrl}", "?") + "' is not allowed: " + rule);
    }

    /** The role above this one: {@code eng} for {@code eng/web}, and null for a role at the top. */
    public @Nullable Role parent() {
        int slash = name.lastIndexOf('/');
        return slash < 0 ? null : new Role(name.substring(0, slash));
    }

    /** The last component of the name. */
    public String leaf() {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** Whether the other role lies somewhere below this one. A role does not lie below itself. */
    public boolean isAncestorOf(Role other) {
        return other.name.length() > name.length()
                && other.name.charAt(name.length()) == '/'
                && other.name.startsWith(name);
    }

    /** Whether the other role is this one or lies below it. */
    public boolean covers(Role other) {
        return equals(other) || isAncestorOf(other);
    }

    @Override
    public int compareTo(Role other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
