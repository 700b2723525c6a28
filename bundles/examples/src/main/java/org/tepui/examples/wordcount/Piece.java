// SPDX-License-Identifier: Apache-2.0
package org.tepui.examples.wordcount;

import java.nio.file.Path;

/**
 * A range of one file.
 *
 * @param offset of the first byte
 * @param length in bytes
 * @param fileLength length of the whole file when the job began: what was appended later is not read
 */
record Piece(Path file, long offset, long length, long fileLength) {
    /** A line of a chunk description; a path with a line break has none. */
    String toLine() {
        return offset + "\t" + length + "\t" + fileLength + "\t" + file;
    }

    static Piece parse(String line) {
        String[] fields = line.split("\t", 4);
        if (fields.length != 4) {
            throw new IllegalArgumentException(
                    "'" + line + "' is no piece: OFFSET, LENGTH, FILE LENGTH and PATH are expected");
        }
        return new Piece(
                Path.of(fields[3]), Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2]));
    }
}
