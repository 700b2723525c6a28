// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The message types that an endpoint can read, found by the bytes of their name, so that no text is made for each
 * message. Safe to use from any thread.
 */
final class TypeTable {
    private final ConcurrentHashMap<Descriptor, MessageType> byDescriptor = new ConcurrentHashMap<>();
    /** Open addressing, never more than half full; replaced as a whole. */
    private volatile @Nullable MessageType[] byName = new MessageType[16];

    /** The type of a message, added if it is new. */
    MessageType of(Message message) {
        Descriptor descriptor = message.getDescriptorForType();
        MessageType known = byDescriptor.get(descriptor);
        return known != null ? known : add(descriptor, message);
    }

    private synchronized MessageType add(Descriptor descriptor, Message message) {
        MessageType known = byDescriptor.get(descriptor);
        if (known != null) {
            return known;
        }
        MessageType type = new MessageType(message.getDefaultInstanceForType());
        byDescriptor.put(descriptor, type);
        @Nullable MessageType[] table = new MessageType[Integer.highestOneBit(byDescriptor.size()) * 4 + 16];
        for (MessageType each : byDescriptor.values()) {
            insert(table, each);
        }
        byName = table;
        return type;
    }

    private static void insert(@Nullable MessageType[] table, MessageType type) {
        byte[] name = type.encodedName();
        int slot = slot(hash(name, 0, name.length), table.length);
        while (table[slot] != null) {
            slot = (slot + 1) % table.length;
        }
        table[slot] = type;
    }

    /** The type whose name is in a range of an array, or null. */
    @Nullable
    MessageType find(byte[] frame, int start, int length) {
        @Nullable MessageType[] table = byName;
        int slot = slot(hash(frame, start, length), table.length);
        MessageType type = table[slot];
        while (type != null) {
            if (type.hasName(frame, start, length)) {
                return type;
            }
            slot = (slot + 1) % table.length;
            type = table[slot];
        }
        return null;
    }

    /** All types. */
    Collection<MessageType> all() {
        return byDescriptor.values();
    }

    /**
     * Names of one package differ at their end, so the last bytes and the length decide where a name is looked for.
     */
    private static int hash(byte[] frame, int start, int length) {
        int hash = length;
        for (int i = Math.max(0, length - 12); i < length; i++) {
            hash = hash * 31 + frame[start + i];
        }
        return hash;
    }

    private static int slot(int hash, int length) {
        return Math.floorMod(hash * 0x9E3779B9, length);
    }
}
