// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.convert;

import java.util.Set;
import org.tepui.api.FrameworkCapability;

/** How a message says that a resource is reserved. Both forms are read; which one is written depends on the reader. */
public enum ReservationFormat {
    /** The fields {@code role} and {@code reservation}: at most one reservation. */
    SINGLE,
    /** The field {@code reservations}: a stack of them. */
    STACK;

    /** The form that a framework with these capabilities reads. */
    public static ReservationFormat of(Set<FrameworkCapability> capabilities) {
        return capabilities.contains(FrameworkCapability.RESERVATION_REFINEMENT) ? STACK : SINGLE;
    }
}
