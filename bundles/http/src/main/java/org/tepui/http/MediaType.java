// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import java.util.Locale;
import java.util.Optional;

/** The two forms in which messages travel over HTTP. */
enum MediaType {
    /** Mesos' own JSON mapping. */
    JSON("application/json"),
    /** Serialized protobuf. */
    PROTOBUF("application/x-protobuf");

    private final String text;

    MediaType(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** Reads a Content-Type: the bare name, exactly, as Mesos demands. */
    static Optional<MediaType> ofContentType(String value) {
        for (MediaType type : values()) {
            if (type.text.equals(value)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /**
     * Chooses the form of a response. JSON is asked for first, so that it is the answer to no Accept header and to
     * {@code *}{@code /*}.
     *
     * @return empty if the client accepts neither
     */
    static Optional<MediaType> accepted(Optional<String> accept) {
        if (accept.isEmpty()) {
            return Optional.of(JSON);
        }
        for (MediaType type : values()) {
            for (String range : accept.get().split(",", -1)) {
                if (type.matches(range)) {
                    return Optional.of(type);
                }
            }
        }
        return Optional.empty();
    }

    private boolean matches(String range) {
        String[] parts = range.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].strip().matches("q=0(\\.0{0,3})?")) {
                return false;
            }
        }
        String name = parts[0].strip().toLowerCase(Locale.ROOT);
        return name.equals("*/*") || name.equals("application/*") || name.equals(text);
    }
}
