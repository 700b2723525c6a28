// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.random;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Makes random valid messages of any type: required fields always, others with a chance that falls with the depth.
 * The same seed gives the same messages.
 */
public final class RandomMessages {
    private static final String[] TEXTS = {
        "",
        "a",
        "task-1",
        "*",
        "eng/ads",
        "with space",
        "quote\"back\\slash",
        "\u0000\u0001\t\n",
        "äöü",
        "€",
        "\uD83D\uDE00",
        "</script>"
    };
    private static final double[] DOUBLES = {
        0.0,
        -0.0,
        1.0,
        0.1,
        -2.5,
        1e-9,
        1e300,
        Double.MAX_VALUE,
        Double.MIN_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
    };
    private static final long[] LONGS = {
        0, 1, -1, 42, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, (1L << 53) + 1, 0xFFFFFFFFL
    };

    private final RandomGenerator random;
    private final int maximumDepth;

    public RandomMessages(RandomGenerator random, int maximumDepth) {
        this.random = random;
        this.maximumDepth = maximumDepth;
    }

    /** A message of the type of the prototype. */
    public <T extends Message> T like(T prototype) {
        Message.Builder message = prototype.newBuilderForType();
        fill(message, 0);
        @SuppressWarnings("unchecked") // a builder of the prototype builds the prototype's type
        T built = (T) message.build();
        return built;
    }

    /** A message of the type, without generated classes. */
    public DynamicMessage of(Descriptor type) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        fill(message, 0);
        return message.build();
    }

    private void fill(Message.Builder message, int depth) {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            boolean nested = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            if (!field.isRequired() && ((nested && depth >= maximumDepth) || random.nextDouble() > chance(depth))) {
                continue;
            }
            if (field.isMapField()) {
                message.setField(field, entries(message, field, depth));
            } else if (field.isRepeated()) {
                List<Object> values = new ArrayList<>();
                for (int n = 1 + random.nextInt(2); n > 0; n--) {
                    values.add(value(message, field, depth));
                }
                message.setField(field, values);
            } else {
                message.setField(field, value(message, field, depth));
            }
        }
    }

    private static double chance(int depth) {
        return 0.8 / (1 + 0.6 * depth);
    }

    private List<Message> entries(Message.Builder holder, FieldDescriptor field, int depth) {
        List<Message> entries = new ArrayList<>();
        for (int n = random.nextInt(3); n >= 0; n--) {
            Message.Builder entry = holder.newBuilderForField(field);
            FieldDescriptor key = entry.getDescriptorForType().findFieldByNumber(1);
            FieldDescriptor value = entry.getDescriptorForType().findFieldByNumber(2);
            entry.setField(key, "key " + n);
            entry.setField(value, value(entry, value, depth));
            entries.add(entry.build());
        }
        return entries;
    }

    private Object value(Message.Builder holder, FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case BOOLEAN -> random.nextBoolean();
            case INT -> random.nextBoolean() ? random.nextInt() : (int) LONGS[random.nextInt(LONGS.length)];
            case LONG -> random.nextBoolean() ? random.nextLong() : LONGS[random.nextInt(LONGS.length)];
            case FLOAT -> (float) random.nextGaussian();
            case DOUBLE -> random.nextBoolean() ? random.nextGaussian() : DOUBLES[random.nextInt(DOUBLES.length)];
            case STRING -> TEXTS[random.nextInt(TEXTS.length)];
            case BYTE_STRING -> bytes();
            case ENUM ->
                field.getEnumType()
                        .getValues()
                        .get(random.nextInt(field.getEnumType().getValues().size()));
            case MESSAGE -> {
                Message.Builder nested = holder.newBuilderForField(field);
                fill(nested, depth + 1);
                yield nested.build();
            }
        };
    }

    private ByteString bytes() {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }
}
