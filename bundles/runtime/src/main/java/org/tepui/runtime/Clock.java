// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.time.Instant;

/** The two clocks of a machine. Safe to use from any thread. */
public interface Clock {
    /** The wall clock, for time stamps that people read: it may jump, so no decision rests on it. */
    Instant wallTime();

    /** A monotonic clock in nanoseconds with an arbitrary origin, for every timeout, lease and duration. */
    long nanoTime();
}
