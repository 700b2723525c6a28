// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What was found when a log was opened.
 *
 * @param outcome in one word
 * @param records how many intact records there were, up to the first that is not
 * @param bytesLeftOut length of what follows the last intact record
 * @param keptAside where a copy of the damaged file is
 * @param explanation a sentence for people
 */
public record LogRecovery(
        Outcome outcome, int records, long bytesLeftOut, Optional<Path> keptAside, String explanation) {
    /** How a log was found. */
    public enum Outcome {
        /** There was no file: an empty one was made. */
        CREATED,
        /** Every byte was as written. */
        INTACT,
        /** The last write before a crash was not complete; it was never acknowledged, and was cut off. */
        TAIL_CUT,
        /** Bytes that had been written were changed; records may be lost. The intact ones before them are kept. */
        DAMAGED
    }
}
