// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compression of responses, as {@code Accept-Encoding} asks for it. */
final class Gzip {
    /** Shorter bodies are sent as they are. */
    static final int MINIMUM_BYTES = 1024;

    private static final int BUFFER_BYTES = 8192;

    private Gzip() {}

    /**
     * Whether the values of {@code Accept-Encoding} allow gzip: it is named with a weight above zero, or all are
     * allowed.
     */
    static boolean accepted(List<String> acceptEncoding) {
        boolean all = false;
        for (String value : acceptEncoding) {
            for (String element : value.split(",", -1)) {
                String[] parts = element.toLowerCase(Locale.ROOT).split(";", -1);
                String coding = parts[0].strip();
                boolean allowed = parts.length < 2 || !isZero(parts[1].strip());
                if (coding.equals("gzip") || coding.equals("x-gzip")) {
                    return allowed;
                }
                all |= coding.equals("*") && allowed;
            }
        }
        return all;
    }

    private static boolean isZero(String weight) {
        return weight.matches("q\\s*=\\s*0(\\.0*)?");
    }

    /** Compresses, fast rather than small: the network that this is for is near. */
    static byte[] compress(byte[] body) {
        ByteArrayOutputStream target = new ByteArrayOutputStream(Math.max(64, body.length / 4));
        try (GZIPOutputStream gzip = new GZIPOutputStream(target, BUFFER_BYTES) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        }) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("compressing in memory failed", e);
        }
        return target.toByteArray();
    }
}
