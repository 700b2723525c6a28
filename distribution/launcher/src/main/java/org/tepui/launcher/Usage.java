// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Prints what a service can be told. */
final class Usage {
    private static final String SOURCES = """
            Each option is also a key in etc/CONFIGURATION.cfg and an environment variable: --log-level is
            log.level and TEPUI_LOG_LEVEL. A flag wins over a variable, that over a file.
            """;
    private static final int WIDTH = 100;
    private static final int INDENT = 6;

    private Usage() {}

    /** The text of {@code --help}: a line of use, an explanation, and every option. */
    static String of(String synopsis, String explanation, OptionCatalog options) {
        StringBuilder text = new StringBuilder("Usage: ").append(synopsis).append("\n\n");
        wrap(explanation, 0, text);
        text.append('\n').append(SOURCES);
        String pid = "";
        List<Option> sorted = new ArrayList<>();
        options.pids().forEach(name -> sorted.addAll(options.ofPid(name).options()));
        for (Option option : sorted) {
            if (!option.pid().equals(pid)) {
                pid = option.pid();
                text.append('\n').append(pid).append(":\n");
            }
            text.append("  --")
                    .append(option.flag())
                    .append(' ')
                    .append(placeholder(option))
                    .append('\n');
            String fallback = option.defaultText().isEmpty() ? "" : " Default: " + option.defaultText() + ".";
            wrap(option.description() + fallback, INDENT, text);
        }
        return text.toString();
    }

    private static String placeholder(Option option) {
        String single = option.choices().isEmpty() ? option.type().placeholder() : String.join("|", option.choices());
        return option.multiple() ? single + ",..." : single;
    }

    private static void wrap(String sentences, int indent, StringBuilder text) {
        StringBuilder line = new StringBuilder(" ".repeat(indent));
        for (String word : Arrays.asList(sentences.trim().split("\\s+", -1))) {
            if (line.length() + word.length() + 1 > WIDTH && !line.toString().isBlank()) {
                text.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder(" ".repeat(indent));
            }
            line.append(word).append(' ');
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
