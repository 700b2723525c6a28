// SPDX-License-Identifier: Apache-2.0
package org.tepui.examples.wordcount;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;

/**
 * Counts the words of pieces. A word belongs to the piece in which it begins: a piece that begins inside a word
 * leaves that to its predecessor, and one that ends inside a word reads on to the word's end.
 */
final class ChunkCounter {
    private static final int BUFFER_BYTES = 1 << 16;

    private final WordTable table;
    private byte[] word = new byte[64];
    private int wordLength;

    ChunkCounter(WordTable table) {
        this.table = table;
    }

    void count(Piece piece) throws IOException {
        try (FileChannel file = FileChannel.open(piece.file(), StandardOpenOption.READ)) {
            boolean skipping = piece.offset() > 0 && isWordAt(file, piece.offset() - 1);
            long end = piece.offset() + piece.length();
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            long position = piece.offset();
            while (position < piece.fileLength() && (position < end || wordLength > 0)) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), piece.fileLength() - position));
                int n = file.read(buffer, position);
                if (n <= 0) {
                    break;
                }
                for (int i = 0; i < n; i++, position++) {
                    byte b = buffer.get(i);
                    if (!WordBytes.isWord(b)) {
                        skipping = false;
                        finishWord();
                    } else if (!skipping && (position < end || wordLength > 0)) {
                        append(WordBytes.lowerCase(b));
                    }
                    if (position >= end && wordLength == 0) {
                        return;
                    }
                }
            }
            finishWord();
        }
    }

    private static boolean isWordAt(FileChannel file, long position) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        return file.read(one, position) == 1 && WordBytes.isWord(one.get(0));
    }

    private void append(byte b) {
        if (wordLength == word.length) {
            word = java.util.Arrays.copyOf(word, wordLength * 2);
        }
        word[wordLength++] = b;
    }

    private void finishWord() {
        if (wordLength > 0) {
            table.add(new String(word, 0, wordLength, StandardCharsets.ISO_8859_1), 1);
            wordLength = 0;
        }
    }
}
