// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.util.List;
import java.util.Locale;

/**
 * One key of a configuration, as a bundle's metatype describes it.
 *
 * @param pid the configuration that it belongs to, {@code org.tepui.master} for instance
 * @param key {@code agent.ping.timeout} for instance
 * @param type how its text is read
 * @param multiple whether it is a list, written with commas
 * @param defaults one text, several for a list, none where nothing is the default
 * @param choices the texts that are allowed; empty if any is
 * @param description sentences for users, units and ranges included
 */
record Option(
        String pid,
        String key,
        Type type,
        boolean multiple,
        List<String> defaults,
        List<String> choices,
        String description) {

    /** What the text of a value stands for. */
    enum Type {
        TEXT("TEXT", "any text"),
        BOOLEAN("true|false", "true or false"),
        INTEGER("N", "a whole number"),
        DECIMAL("X", "a number");

        private final String placeholder;
        private final String allowed;

        Type(String placeholder, String allowed) {
            this.placeholder = placeholder;
            this.allowed = allowed;
        }

        String placeholder() {
            return placeholder;
        }

        String allowed() {
            return allowed;
        }
    }

    /** Without the two hyphens: {@code agent-ping-timeout}. */
    String flag() {
        return key.replace('.', '-');
    }

    /** {@code TEPUI_AGENT_PING_TIMEOUT}. */
    String variable() {
        return "TEPUI_" + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** The default as a file would hold it. */
    String defaultText() {
        return String.join(",", defaults);
    }
}
