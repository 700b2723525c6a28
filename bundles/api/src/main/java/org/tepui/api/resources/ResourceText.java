// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tepui.api.Role;

/**
 * Reads the text forms of resources and of the values in them. Every refusal names the position, the text there and
 * what is allowed.
 */
final class ResourceText {
    private static final int MAXIMUM_LENGTH = 1 << 20;
    private static final int SHOWN_CHARACTERS = 40;
    private static final String FORM = "name:value or name(role):value, such as cpus:4 or ports:[31000-32000]";

    private ResourceText() {}

    static Resources parse(String text, Role defaultRole) {
        List<Resource> resources = new ArrayList<>();
        Set<ResourceIdentity> seen = new HashSet<>();
        Map<String, ValueType> types = new HashMap<>();
        for (Part part : split(text, ';')) {
            try {
                Resource resource = entry(part, defaultRole);
                if (!seen.add(resource.identity())) {
                    throw new IllegalArgumentException(
                            "'" + resource.identity() + "' is given twice: each name and role once");
                }
                ValueType type =
                        types.putIfAbsent(resource.name(), resource.identity().type());
                if (type != null && type != resource.identity().type()) {
                    throw new IllegalArgumentException("'" + resource.name() + "' is of type " + type + " before");
                }
                resources.add(resource);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "resources, position " + part.position + " ('" + shown(part.text) + "'): " + e.getMessage(), e);
            }
        }
        return Resources.of(resources);
    }

    private static Resource entry(Part part, Role defaultRole) {
        String text = part.text;
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("a colon is missing: " + FORM);
        }
        String name = text.substring(0, colon).strip();
        Role role = defaultRole;
        int bracket = name.indexOf('(');
        if (bracket >= 0) {
            if (!name.endsWith(")")) {
                throw new IllegalArgumentException("a closing bracket is missing before the colon: " + FORM);
            }
            role = new Role(name.substring(bracket + 1, name.length() - 1).strip());
            name = name.substring(0, bracket).strip();
        }
        ResourceValue value = value(text.substring(colon + 1).strip());
        ResourceIdentity identity = ResourceIdentity.of(name, value.type());
        if (!role.equals(Role.ANY)) {
            identity = identity.withReservations(List.of(Reservation.fixed(role)));
        }
        return Resource.of(identity, value);
    }

    /** A number, intervals in square brackets or names in braces. */
    static ResourceValue value(String text) {
        if (text.startsWith("[")) {
            return ranges(inside(text, ']'));
        }
        if (text.startsWith("{")) {
            List<String> items = new ArrayList<>();
            for (Part part : split(inside(text, '}'), ',')) {
                items.add(part.text);
            }
            return ItemSet.of(items);
        }
        return Scalar.parse(text);
    }

    private static String inside(String text, char closing) {
        if (text.length() < 2 || text.charAt(text.length() - 1) != closing) {
            throw new IllegalArgumentException("'" + shown(text) + "' is to end with '" + closing + "'");
        }
        return text.substring(1, text.length() - 1);
    }

    private static Ranges ranges(String text) {
        List<Part> parts = split(text, ',');
        if (parts.size() > Ranges.MAXIMUM_INTERVALS) {
            throw new IllegalArgumentException(
                    parts.size() + " ranges are too many: at most " + Ranges.MAXIMUM_INTERVALS);
        }
        long[] bounds = new long[2 * parts.size()];
        int size = 0;
        for (Part part : parts) {
            int hyphen = part.text.indexOf('-');
            if (hyphen <= 0) {
                throw new IllegalArgumentException("'" + shown(part.text) + "' is not a range such as 31000-32000");
            }
            bounds[size++] = bound(part.text.substring(0, hyphen).strip());
            bounds[size++] = bound(part.text.substring(hyphen + 1).strip());
        }
        return Ranges.of(bounds);
    }

    private static long bound(String text) {
        boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || text.length() > 12) {
            throw new IllegalArgumentException("'" + shown(text) + "' is not allowed as the bound of a range: a whole"
                    + " number from 0 to " + Ranges.MAXIMUM_BOUND);
        }
        return Long.parseLong(text);
    }

    /** The parts between separators that are not blank, each with its position in the text, counted from 0. */
    static List<Part> split(String text, char separator) {
        if (text.length() > MAXIMUM_LENGTH) {
            throw new IllegalArgumentException(
                    "text of " + text.length() + " characters is too long: at most " + MAXIMUM_LENGTH);
        }
        List<Part> parts = new ArrayList<>();
        int start = 0;
        while (start <= text.length()) {
            int next = text.indexOf(separator, start);
            int end = next < 0 ? text.length() : next;
            String raw = text.substring(start, end);
            if (!raw.isBlank()) {
                parts.add(new Part(start + raw.length() - raw.stripLeading().length(), raw.strip()));
            }
            start = end + 1;
        }
        return parts;
    }

    static String shown(String text) {
        String start = text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + "..." : text;
        return start.replaceAll("\\p{Cntrl}", "?");
    }

    /** A piece of text and where it begins. */
    record Part(int position, String text) {}
}
