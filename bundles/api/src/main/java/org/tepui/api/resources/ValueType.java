// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

/** The kinds of values, in the words and numbers of the v1 API. */
public enum ValueType {
    /** An amount with three decimals. */
    SCALAR(0),
    /** Whole numbers, given as inclusive intervals. */
    RANGES(1),
    /** Names. */
    SET(2),
    /** A text, for attributes only. */
    TEXT(3);

    private final int number;

    ValueType(int number) {
        this.number = number;
    }

    /** The value of this type in the v1 API. */
    public int number() {
        return number;
    }
}
