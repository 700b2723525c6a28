// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/**
 * A regular expression of a scheduler, in the syntax of RE2: matched in time linear in the text. Its size is bounded
 * before it is compiled, because counted repetitions within each other grow without bound then.
 */
final class ConstraintRegex implements Predicate<String> {
    /** Bytes of memory in Mesos; here characters, of which each needs some. */
    static final int MAXIMUM_LENGTH = 4096;

    static final int MAXIMUM_PROGRAM_SIZE = 100;
    /** Far above what a program of the maximal size can come from. */
    private static final long MAXIMUM_ESTIMATE = 10_000;

    private static final int MAXIMUM_DEPTH = 200;
    private static final int MAXIMUM_COUNT = 1000;
    private static final int SHOWN_CHARACTERS = 60;

    private final Pattern pattern;

    private ConstraintRegex(Pattern pattern) {
        this.pattern = pattern;
    }

    /** @throws IllegalArgumentException if it is no expression, or too complex */
    static ConstraintRegex of(String regex) {
        if (regex.length() > MAXIMUM_LENGTH) {
            throw refused(
                    regex, "it has " + regex.length() + " characters, at most " + MAXIMUM_LENGTH + " are allowed");
        }
        new Estimate(regex).check();
        Pattern pattern;
        try {
            pattern = Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw refused(regex, e.getDescription());
        }
        if (pattern.programSize() > MAXIMUM_PROGRAM_SIZE) {
            throw refused(
                    regex,
                    "its program size is " + pattern.programSize() + ", at most " + MAXIMUM_PROGRAM_SIZE
                            + " is allowed");
        }
        return new ConstraintRegex(pattern);
    }

    private static IllegalArgumentException refused(String regex, String why) {
        String start = regex.length() > SHOWN_CHARACTERS ? regex.substring(0, SHOWN_CHARACTERS) + "..." : regex;
        return new IllegalArgumentException(
                "regular expression '" + start.replaceAll("\\p{Cntrl}", "?") + "' is not allowed: " + why);
    }

    /** Whether the whole text matches. */
    @Override
    public boolean test(String text) {
        return pattern.matches(text);
    }

    /** How large a program could become, by a look at its text: too high rather than too low. */
    private static final class Estimate {
        private final String regex;
        private final Deque<Long> groups = new ArrayDeque<>();
        private long sum;
        private long last;

        private Estimate(String regex) {
            this.regex = regex;
        }

        private void check() {
            for (int i = 0; i < regex.length(); i++) {
                switch (regex.charAt(i)) {
                    case '\\' -> {
                        item(1);
                        i++;
                    }
                    case '[' -> {
                        item(1);
                        i = endOfClass(i);
                    }
                    case '(' -> {
                        groups.push(sum);
                        sum = 0;
                        last = 0;
                    }
                    case ')' -> close();
                    case '{' -> repeat(i);
                    default -> item(1);
                }
                if (sum > MAXIMUM_ESTIMATE || groups.size() > MAXIMUM_DEPTH) {
                    throw refused(regex, "it is too complex");
                }
            }
        }

        private void item(long size) {
            sum += size;
            last = size;
        }

        private void close() {
            long inner = sum;
            sum = groups.isEmpty() ? 0 : groups.pop();
            item(inner + 1);
        }

        /** The last item as often as the braces say; what is not a count counts as a character. */
        private void repeat(int open) {
            int close = regex.indexOf('}', open);
            String[] bounds =
                    close < 0 ? new String[0] : regex.substring(open + 1, close).split(",", 2);
            long count = 0;
            for (String bound : bounds) {
                if (bound.matches("\\d{1,4}")) {
                    count = Math.max(count, Integer.parseInt(bound));
                }
            }
            if (count > 1 && count <= MAXIMUM_COUNT) {
                sum += last * (count - 1);
                last *= count;
            } else {
                item(1);
            }
        }

        private int endOfClass(int open) {
            int at = open + 1;
            if (at < regex.length() && regex.charAt(at) == '^') {
                at++;
            }
            if (at < regex.length() && regex.charAt(at) == ']') {
                at++;
            }
            while (at < regex.length() && regex.charAt(at) != ']') {
                at += regex.charAt(at) == '\\' ? 2 : 1;
            }
            return at;
        }
    }
}
