// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The target of a request line, decoded.
 *
 * @param path starts with a slash and has no segment {@code .} or {@code ..}
 * @param query parameters in order
 * @param raw path and query as sent, without scheme and host
 */
record HttpTarget(String path, Map<String, List<String>> query, String raw) {
    private static final int MAXIMUM_PARAMETERS = 1000;

    /**
     * Reads a target in origin form or absolute form.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static HttpTarget parse(String target) {
        String raw = withoutAuthority(target);
        if (!raw.startsWith("/")) {
            throw new IllegalArgumentException("the request target is no path");
        }
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '#') {
                throw new IllegalArgumentException("the request target has a character that must be percent-encoded");
            }
        }
        int question = raw.indexOf('?');
        String path = decode(question < 0 ? raw : raw.substring(0, question), false);
        for (String segment : path.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                throw new IllegalArgumentException("the path has a segment '" + segment + "'");
            }
        }
        if (path.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the path has a control character");
        }
        return new HttpTarget(path, question < 0 ? Map.of() : query(raw.substring(question + 1)), raw);
    }

    private static String withoutAuthority(String target) {
        String scheme = target.substring(0, Math.min(8, target.length())).toLowerCase(Locale.ROOT);
        int authority = scheme.startsWith("http://") ? 7 : scheme.equals("https://") ? 8 : 0;
        if (authority == 0) {
            return target;
        }
        int end = authority;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        String rest = target.substring(end);
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    private static Map<String, List<String>> query(String text) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        int count = 0;
        for (String pair : text.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            if (++count > MAXIMUM_PARAMETERS) {
                throw new IllegalArgumentException("the query has more than " + MAXIMUM_PARAMETERS + " parameters");
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
            parameters.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        }
        return parameters;
    }

    private static String decode(String text, boolean plusIsSpace) {
        if (text.indexOf('%') < 0) {
            return plusIsSpace ? text.replace('+', ' ') : text;
        }
        ByteBuffer bytes = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw new IllegalArgumentException("the request target has a % that two hex digits do not follow");
                }
                bytes.put((byte) (high << 4 | low));
                i += 2;
            } else {
                bytes.put((byte) (plusIsSpace && c == '+' ? ' ' : c));
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the request target is not UTF-8 where it is percent-encoded", e);
        }
    }
}
