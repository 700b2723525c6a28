// SPDX-License-Identifier: Apache-2.0
package org.tepui.examples.wordcount;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;

/**
 * The number of words in the input, counted in one pass over whole files. It shares nothing with the tasks but the
 * definition of a word, so that it is a check on how the input was cut and on what the tasks added up.
 */
final class InputTotal {
    private static final int BUFFER_BYTES = 1 << 16;

    private InputTotal() {}

    static long count(List<Piece> files) throws IOException {
        long words = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        for (Piece file : files) {
            long left = file.length();
            boolean inside = false;
            try (InputStream in = Files.newInputStream(file.file())) {
                int n;
                while (left > 0 && (n = in.read(buffer, 0, (int) Math.min(buffer.length, left))) > 0) {
                    for (int i = 0; i < n; i++) {
                        boolean word = WordBytes.isWord(buffer[i]);
                        if (word && !inside) {
                            words++;
                        }
                        inside = word;
                    }
                    left -= n;
                }
            }
        }
        return words;
    }
}
