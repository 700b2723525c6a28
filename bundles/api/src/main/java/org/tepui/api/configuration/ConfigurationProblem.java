// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.configuration;

/**
 * One thing that is wrong in a configuration.
 *
 * @param key the key as in a file, {@code agent.ping.timeout} for instance
 * @param value what was given, control characters replaced and cut to a readable length
 * @param allowed what is allowed instead, as the end of a sentence
 */
public record ConfigurationProblem(String key, String value, String allowed) {
    private static final int SHOWN_CHARACTERS = 80;

    /** Cuts and cleans the value. */
    public ConfigurationProblem {
        String start = value.length() > SHOWN_CHARACTERS ? value.substring(0, SHOWN_CHARACTERS) + "..." : value;
        value = start.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public String toString() {
        return key + "=" + value + ": " + allowed;
    }
}
