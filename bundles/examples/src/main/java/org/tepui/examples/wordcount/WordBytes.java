// SPDX-License-Identifier: Apache-2.0
package org.tepui.examples.wordcount;

/** Which bytes make words. */
final class WordBytes {
    private WordBytes() {}

    static boolean isWord(byte b) {
        return b < 0 || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
    }

    static byte lowerCase(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b;
    }
}
