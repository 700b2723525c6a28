// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.convert;

import java.util.List;
import org.tepui.api.resources.ItemSet;
import org.tepui.api.resources.Ranges;
import org.tepui.api.resources.Scalar;
import org.tepui.v1.Value;

/** The values that resources and attributes share. */
final class ValueConversion {
    private ValueConversion() {}

    static Scalar toApi(Value.Scalar scalar) {
        return Scalar.of(scalar.getValue());
    }

    static Ranges toApi(Value.Ranges ranges) {
        List<Value.Range> intervals = ranges.getRangeList();
        if (intervals.size() > Ranges.MAXIMUM_INTERVALS) {
            throw new IllegalArgumentException(
                    intervals.size() + " ranges are too many: at most " + Ranges.MAXIMUM_INTERVALS);
        }
        long[] bounds = new long[2 * intervals.size()];
        for (int i = 0; i < intervals.size(); i++) {
            Value.Range interval = intervals.get(i);
            if (interval.getBegin() < 0 || interval.getEnd() < 0) {
                // 2^63 and more on the wire, which has no sign
                throw new IllegalArgumentException("range " + Long.toUnsignedString(interval.getBegin()) + "-"
                        + Long.toUnsignedString(interval.getEnd()) + " is not allowed: bounds are 0 to "
                        + Ranges.MAXIMUM_BOUND);
            }
            bounds[2 * i] = interval.getBegin();
            bounds[2 * i + 1] = interval.getEnd();
        }
        return Ranges.of(bounds);
    }

    static ItemSet toApi(Value.Set set) {
        return ItemSet.of(set.getItemList());
    }

    static Value.Scalar toWire(Scalar scalar) {
        return Value.Scalar.newBuilder().setValue(scalar.units()).build();
    }

    static Value.Ranges toWire(Ranges ranges) {
        Value.Ranges.Builder wire = Value.Ranges.newBuilder();
        for (int i = 0; i < ranges.intervals(); i++) {
            wire.addRange(Value.Range.newBuilder().setBegin(ranges.begin(i)).setEnd(ranges.end(i)));
        }
        return wire.build();
    }

    static Value.Set toWire(ItemSet set) {
        return Value.Set.newBuilder().addAllItem(set.items()).build();
    }

    /** Refuses a value of another kind than the type says, or of several kinds. */
    static void requireKinds(Value.Type type, boolean fits, boolean others) {
        if (!fits || others) {
            throw new IllegalArgumentException(
                    "a value of type " + type + " is expected, and no other; given is " + (fits ? "more" : "none"));
        }
    }
}
