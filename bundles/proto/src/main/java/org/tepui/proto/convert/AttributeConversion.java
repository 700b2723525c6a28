// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.convert;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.tepui.api.resources.ItemSet;
import org.tepui.api.resources.Ranges;
import org.tepui.api.resources.Scalar;
import org.tepui.api.resources.TextValue;
import org.tepui.api.resources.Value;
import org.tepui.v1.Attribute;

/** The attributes of agents. */
public final class AttributeConversion {
    private AttributeConversion() {}

    /**
     * The attributes in their order.
     *
     * @throws IllegalArgumentException naming the first that is not allowed by its place and name
     */
    public static List<org.tepui.api.resources.Attribute> toApi(List<Attribute> attributes) {
        List<org.tepui.api.resources.Attribute> converted = new ArrayList<>(attributes.size());
        for (int i = 0; i < attributes.size(); i++) {
            try {
                Attribute attribute = attributes.get(i);
                converted.add(new org.tepui.api.resources.Attribute(attribute.getName(), value(attribute)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("attributes[" + i + "]: " + e.getMessage(), e);
            }
        }
        return converted;
    }

    private static Value value(Attribute attribute) {
        boolean scalar = attribute.hasScalar();
        boolean ranges = attribute.hasRanges();
        boolean set = attribute.hasSet();
        boolean text = attribute.hasText();
        return switch (attribute.getType()) {
            case SCALAR -> {
                ValueConversion.requireKinds(attribute.getType(), scalar, ranges || set || text);
                yield ValueConversion.toApi(attribute.getScalar());
            }
            case RANGES -> {
                ValueConversion.requireKinds(attribute.getType(), ranges, scalar || set || text);
                yield ValueConversion.toApi(attribute.getRanges());
            }
            case SET -> {
                ValueConversion.requireKinds(attribute.getType(), set, scalar || ranges || text);
                yield ValueConversion.toApi(attribute.getSet());
            }
            case TEXT -> {
                ValueConversion.requireKinds(attribute.getType(), text, scalar || ranges || set);
                yield new TextValue(attribute.getText().getValue());
            }
        };
    }

    /** The attributes in their order. */
    public static List<Attribute> toWire(Collection<org.tepui.api.resources.Attribute> attributes) {
        return attributes.stream().map(AttributeConversion::toWire).toList();
    }

    private static Attribute toWire(org.tepui.api.resources.Attribute attribute) {
        Attribute.Builder wire = Attribute.newBuilder().setName(attribute.name());
        Value value = attribute.value();
        if (value instanceof Scalar scalar) {
            wire.setType(org.tepui.v1.Value.Type.SCALAR).setScalar(ValueConversion.toWire(scalar));
        } else if (value instanceof Ranges ranges) {
            wire.setType(org.tepui.v1.Value.Type.RANGES).setRanges(ValueConversion.toWire(ranges));
        } else if (value instanceof ItemSet set) {
            wire.setType(org.tepui.v1.Value.Type.SET).setSet(ValueConversion.toWire(set));
        } else if (value instanceof TextValue text) {
            wire.setType(org.tepui.v1.Value.Type.TEXT)
                    .setText(org.tepui.v1.Value.Text.newBuilder().setValue(text.text()));
        }
        return wire.build();
    }
}
