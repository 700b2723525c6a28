// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.architecture.bad;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.util.Map;
import java.util.Set;

final class Undisciplined {
    private Undisciplined() {}

    static int buffered(ByteBuf buffer) {
        return buffer.readableBytes();
    }

    static synchronized long time() {
        return System.nanoTime();
    }

    static double chance() {
        return Math.random();
    }

    static Thread thread(Runnable action) {
        return new Thread(action);
    }

    static Set<String> set() {
        return Set.of("a", "b");
    }

    static Map<String, String> map(Map<String, String> other) {
        return Map.copyOf(other);
    }

    static Object read(InputStream stream) throws IOException, ClassNotFoundException {
        return new ObjectInputStream(stream).readObject();
    }
}
