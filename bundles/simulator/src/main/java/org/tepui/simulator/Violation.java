// SPDX-License-Identifier: Apache-2.0
package org.tepui.simulator;

import java.time.Duration;

/**
 * An invariant that did not hold.
 *
 * @param invariant its name: {@code I1} to {@code I6}, {@code I15} or {@code I16}
 * @param at virtual time since the beginning
 * @param text what was seen
 */
public record Violation(String invariant, Duration at, String text) {
    @Override
    public String toString() {
        return invariant + " after " + at + ": " + text;
    }
}
