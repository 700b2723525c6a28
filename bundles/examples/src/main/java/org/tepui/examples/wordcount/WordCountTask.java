// SPDX-License-Identifier: Apache-2.0
package org.tepui.examples.wordcount;

import java.io.IOException;
import java.nio.file.Path;

/** What a map or reduce task runs: {@code map DIRECTORY MAP REDUCES} or {@code reduce DIRECTORY REDUCE MAPS}. */
public final class WordCountTask {
    private WordCountTask() {}

    /**
     * Does the work of one task. Doing it twice gives the same files.
     *
     * @throws IOException if a file cannot be read or written: the task fails
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            throw new IllegalArgumentException(
                    "expecting map|reduce DIRECTORY NUMBER COUNT, got " + arguments.length + " arguments");
        }
        JobDirectory job = new JobDirectory(Path.of(arguments[1]));
        int number = Integer.parseInt(arguments[2]);
        int others = Integer.parseInt(arguments[3]);
        switch (arguments[0]) {
            case "map" -> job.map(number, others);
            case "reduce" -> job.reduce(number, others);
            default -> throw new IllegalArgumentException("'" + arguments[0] + "' is neither map nor reduce");
        }
    }
}
