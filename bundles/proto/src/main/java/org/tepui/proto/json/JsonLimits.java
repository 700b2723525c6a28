// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.json;

/**
 * How much JSON a reader takes before it refuses the document.
 *
 * @param maximumBytes the length of a document, at least 1
 * @param maximumDepth how deep objects and arrays nest, 1 to 1000; unknown fields count too
 */
public record JsonLimits(int maximumBytes, int maximumDepth) {
    /** 64 MiB and 100 levels: as deep as protobuf nests in binary. */
    public static final JsonLimits DEFAULT = new JsonLimits(64 << 20, 100);

    private static final int DEEPEST = 1000;

    /** @throws IllegalArgumentException if a limit is out of its range */
    public JsonLimits {
        if (maximumBytes < 1) {
            throw new IllegalArgumentException("maximumBytes is " + maximumBytes + ": at least 1 is allowed");
        }
        if (maximumDepth < 1 || maximumDepth > DEEPEST) {
            throw new IllegalArgumentException("maximumDepth is " + maximumDepth + ": 1 to " + DEEPEST + " is allowed");
        }
    }
}
