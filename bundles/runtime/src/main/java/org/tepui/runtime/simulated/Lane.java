// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

/**
 * Where events happen one after the other: a loop, a worker, one end of a link. Events of one lane at the same time
 * keep their order; those of different lanes are mixed by the seed.
 */
final class Lane {
    private final String name;
    private final int ordinal;
    private final Life life;
    private long lastStart = Long.MIN_VALUE;

    Lane(String name, int ordinal, Life life) {
        this.name = name;
        this.ordinal = ordinal;
        this.life = life;
    }

    String name() {
        return name;
    }

    int ordinal() {
        return ordinal;
    }

    /** When this ended, the events of the lane do not happen. */
    Life life() {
        return life;
    }

    /** The earliest start for an event that comes after all that were queued: the wanted one, or that of the last. */
    long startInOrder(long wanted) {
        lastStart = Math.max(lastStart, wanted);
        return lastStart;
    }
}
