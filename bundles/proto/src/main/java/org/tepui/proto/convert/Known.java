// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.convert;

import java.util.Map;

/** Looks up what a table has for every key. */
final class Known {
    private Known() {}

    static <K, V> V value(Map<K, V> table, K key) {
        V value = table.get(key);
        if (value == null) {
            throw new IllegalArgumentException("'" + key + "' is not known: one of " + table.keySet() + " is expected");
        }
        return value;
    }
}
