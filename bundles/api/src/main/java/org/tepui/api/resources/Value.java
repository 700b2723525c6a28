// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

/** What a resource or an attribute holds. Immutable. */
public sealed interface Value permits ResourceValue, TextValue {
    /** The kind of value. */
    ValueType type();
}
