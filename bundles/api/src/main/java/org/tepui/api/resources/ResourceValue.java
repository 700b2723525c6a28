// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

/**
 * The value of a resource: something that can be added up and divided. The operations take a value of the same kind,
 * and answer one.
 */
public sealed interface ResourceValue extends Value permits Scalar, Ranges, ItemSet {
    /** Whether nothing is there. */
    boolean isEmpty();

    /** Both together. For ranges and sets this is the union. */
    ResourceValue plus(ResourceValue other);

    /** This value without what both have in common: never negative, and not an error where the other has more. */
    ResourceValue minus(ResourceValue other);

    /** Whether the other value is a part of this one. */
    boolean contains(ResourceValue other);

    /** The amount in thousandths: of a scalar its value, of ranges and sets a thousand for each member. */
    long thousandths();
}
