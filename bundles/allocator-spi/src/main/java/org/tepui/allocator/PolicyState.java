// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator;

import java.util.Arrays;

/**
 * What a policy remembers beyond what the master can tell it: a history of usage, for example. Kept by the master
 * over restarts and handed to the policy's successor of the same name.
 *
 * @param version of the form that the bytes have, 1 or more; a policy reads those of its earlier versions
 * @param bytes at most {@link #MAXIMUM_BYTES}; not changed by anybody once given
 */
@SuppressWarnings("ArrayRecordComponent")
public record PolicyState(int version, byte[] bytes) {
    /** The most that a policy may have the master keep: 1 MiB. */
    public static final int MAXIMUM_BYTES = 1 << 20;

    /** @throws IllegalArgumentException if the version is below 1 or there are too many bytes */
    public PolicyState {
        if (version < 1) {
            throw new IllegalArgumentException("version " + version + " of a policy's state is not allowed: 1 or more");
        }
        if (bytes.length > MAXIMUM_BYTES) {
            throw new IllegalArgumentException(
                    "a policy's state of " + bytes.length + " bytes is too large: at most " + MAXIMUM_BYTES);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PolicyState state && version == state.version && Arrays.equals(bytes, state.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * version + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes of version " + version;
    }
}
