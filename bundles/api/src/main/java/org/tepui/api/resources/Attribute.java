// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that an agent says about itself, for frameworks to choose by: {@code rack:r12}. Not consumed by anybody.
 *
 * @param name 1 to 255 characters, without control characters, {@code :} and {@code ;}
 * @param value a number, intervals, names or a text
 */
public record Attribute(String name, Value value) {
    private static final int MAXIMUM_NAME_LENGTH = 255;
    private static final int MAXIMUM_ATTRIBUTES = 1000;

    /** @throws IllegalArgumentException if the name breaks the rules */
    public Attribute {
        boolean fits = !name.isEmpty() && name.length() <= MAXIMUM_NAME_LENGTH;
        if (!fits || name.chars().anyMatch(c -> c == ':' || c == ';' || Character.isISOControl(c))) {
            throw new IllegalArgumentException("attribute name '" + ResourceText.shown(name) + "' is not allowed: 1 to "
                    + MAXIMUM_NAME_LENGTH + " characters, without control characters, ':' and ';'");
        }
    }

    /**
     * Reads {@code rack:r12;speed:2.5;lanes:[1-4];zones:{a,b}}. What is neither a number nor in brackets is a text. A
     * name may come twice.
     *
     * @throws IllegalArgumentException naming the position, what is there and what is allowed
     */
    public static List<Attribute> parse(String text) {
        List<Attribute> attributes = new ArrayList<>();
        for (ResourceText.Part part : ResourceText.split(text, ';')) {
            try {
                int colon = part.text().indexOf(':');
                if (colon < 0) {
                    throw new IllegalArgumentException("a colon is missing: name:value, such as rack:r12");
                }
                String value = part.text().substring(colon + 1).strip();
                attributes.add(new Attribute(part.text().substring(0, colon).strip(), value(value)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "attributes, position " + part.position() + " ('" + ResourceText.shown(part.text()) + "'): "
                                + e.getMessage(),
                        e);
            }
        }
        if (attributes.size() > MAXIMUM_ATTRIBUTES) {
            throw new IllegalArgumentException(
                    attributes.size() + " attributes are too many: at most " + MAXIMUM_ATTRIBUTES);
        }
        return List.copyOf(attributes);
    }

    private static Value value(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the value is missing: name:value, such as rack:r12");
        }
        if (text.startsWith("[") || text.startsWith("{")) {
            return ResourceText.value(text);
        }
        boolean number = text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.')
                && text.chars().filter(c -> c == '.').count() < 2
                && text.length() < 12
                && !text.equals(".");
        return number ? Scalar.parse(text) : new TextValue(text);
    }

    @Override
    public String toString() {
        return name + ":" + value;
    }
}
