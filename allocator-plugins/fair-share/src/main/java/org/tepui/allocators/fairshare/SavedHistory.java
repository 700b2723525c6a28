// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.tepui.allocator.PolicyState;

/**
 * A usage history as {@link HistoryWriter} wrote it.
 *
 * @param savedAt the time of day, in milliseconds since 1970
 * @param usages by path, then by resource, more than zero thousandths
 */
record SavedHistory(long savedAt, Map<String, Map<String, Double>> usages) {
    private static final int UNSIGNED = 0xffff;

    /** Takes over the map. */
    SavedHistory {
        usages = Collections.unmodifiableMap(usages);
    }

    /**
     * Reads a state.
     *
     * @throws IllegalArgumentException saying what is wrong, if it is of another version or damaged
     */
    static SavedHistory read(PolicyState state) {
        if (state.version() != HistoryWriter.VERSION) {
            throw new IllegalArgumentException(
                    "a usage history of version " + state.version() + " is not known, only " + HistoryWriter.VERSION);
        }
        ByteBuffer bytes = checked(state.bytes());
        try {
            return read(bytes);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the usage history is damaged: it ends early", e);
        }
    }

    private static ByteBuffer checked(byte[] bytes) {
        int size = bytes.length - HistoryWriter.BYTES_OF_CHECKSUM;
        require(size >= 0, "it is too short");
        CRC32 checksum = new CRC32();
        checksum.update(bytes, 0, size);
        require(ByteBuffer.wrap(bytes).getInt(size) == (int) checksum.getValue(), "the checksum is another");
        return ByteBuffer.wrap(bytes, 0, size);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("the usage history is damaged: " + otherwise);
        }
    }

    private static SavedHistory read(ByteBuffer bytes) {
        long savedAt = bytes.getLong();
        require(savedAt >= 0, "it is from before 1970");
        int count = bytes.getShort() & UNSIGNED;
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < count; i++) {
            String name = text(bytes);
            require(seen.add(name), "a resource is named twice");
            names.add(name);
        }
        Map<String, Map<String, Double>> usages = new LinkedHashMap<>();
        while (bytes.hasRemaining()) {
            String path = text(bytes);
            require(usages.put(path, amounts(bytes, names)) == null, "a node is named twice");
        }
        return new SavedHistory(savedAt, usages);
    }

    private static String text(ByteBuffer bytes) {
        byte[] encoded = new byte[bytes.getShort() & UNSIGNED];
        require(encoded.length > 0, "a name is empty");
        bytes.get(encoded);
        return new String(encoded, StandardCharsets.UTF_8);
    }

    private static Map<String, Double> amounts(ByteBuffer bytes, List<String> names) {
        Map<String, Double> amounts = new LinkedHashMap<>();
        int count = bytes.getShort() & UNSIGNED;
        for (int i = 0; i < count; i++) {
            int resource = bytes.getShort() & UNSIGNED;
            double amount = bytes.getDouble();
            require(resource < names.size(), "a resource has no name");
            require(amount > 0 && amount <= Long.MAX_VALUE, "an amount is out of range");
            require(amounts.put(names.get(resource), amount) == null, "a resource is named twice");
        }
        return amounts;
    }
}
