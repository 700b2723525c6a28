// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.configuration;

import java.lang.annotation.Annotation;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads the values of a configuration with their types and collects what is wrong: unknown keys when it is made, wrong
 * values as they are read. {@link #finish} reports all of it at once. Until then a wrong value reads as its default.
 *
 * <pre>{@code
 * ConfigurationReader reader = ConfigurationReader.of(MasterConfiguration.class, properties);
 * Duration timeout = reader.duration("agent.ping.timeout", Duration.ofSeconds(1), Duration.ofMinutes(15));
 * int port = reader.integer("port", 0, 65535);
 * reader.finish();
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class ConfigurationReader {
    /** Keys that a container adds to every component. */
    private static final List<String> CONTAINER_KEYS =
            List.of("component.", "service.", "objectClass", "felix.", "osgi.", ".");

    private static final int HIGHEST_PORT = 65535;

    private final Map<String, String> defaults;
    private final Map<String, String> values = new TreeMap<>();
    private final List<ConfigurationProblem> problems = new ArrayList<>();

    private ConfigurationReader(Map<String, String> defaults) {
        this.defaults = defaults;
    }

    /**
     * Starts to read.
     *
     * @param declaration has a method per key, {@code agent_ping_timeout} for {@code agent.ping.timeout}, with its
     *     default
     * @param values text, numbers, booleans, arrays or lists of them, by key; keys that a container adds itself are
     *     passed over
     */
    public static ConfigurationReader of(Class<? extends Annotation> declaration, Map<String, ?> values) {
        ConfigurationReader reader =
                new ConfigurationReader(ConfigurationDeclaration.of(declaration).defaults());
        values.forEach((key, value) -> {
            if (reader.defaults.containsKey(key)) {
                reader.values.put(key, ConfigurationDeclaration.textOf(value));
            } else if (CONTAINER_KEYS.stream().noneMatch(key::startsWith)) {
                reader.problems.add(new ConfigurationProblem(
                        key, ConfigurationDeclaration.textOf(value), unknown(key, reader.defaults.keySet())));
            }
        });
        return reader;
    }

    /** The end of a sentence about a key that is not known. */
    public static String unknown(String key, Collection<String> known) {
        return NearestName.of(key, known)
                .map(nearest -> "this key is not known; did you mean " + nearest + "?")
                .orElseGet(() -> "this key is not known; known are "
                        + known.stream().sorted().collect(Collectors.joining(", ")));
    }

    /** A duration of any length. */
    public Duration duration(String key) {
        return duration(key, Duration.ZERO, Duration.ofNanos(Long.MAX_VALUE));
    }

    /** A duration within bounds, both included. */
    public Duration duration(String key, Duration minimum, Duration maximum) {
        return bounded(
                key,
                Durations::parse,
                minimum,
                maximum,
                "a duration from " + Durations.format(minimum) + " to " + Durations.format(maximum));
    }

    /** A number of bytes within bounds, both included. */
    public long size(String key, long minimum, long maximum) {
        return bounded(
                key,
                Sizes::parse,
                minimum,
                maximum,
                "a size from " + Sizes.format(minimum) + " to " + Sizes.format(maximum));
    }

    /** A whole number within bounds, both included. */
    public int integer(String key, int minimum, int maximum) {
        String allowed = "a whole number from " + minimum + " to " + maximum;
        return bounded(key, text -> parse(text, Integer::valueOf), minimum, maximum, allowed);
    }

    /** A number within bounds, both included. */
    public double decimal(String key, double minimum, double maximum) {
        String allowed = "a number from " + minimum + " to " + maximum;
        return bounded(key, text -> parse(text, Double::valueOf), minimum, maximum, allowed);
    }

    /** {@code true} or {@code false}. */
    public boolean flag(String key) {
        return read(key, text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("true or false is allowed");
        });
    }

    /** Any text, possibly empty. */
    public String text(String key) {
        return value(key);
    }

    /** Any text; none if it is empty. */
    public Optional<String> optionalText(String key) {
        return Optional.of(value(key)).filter(text -> !text.isEmpty());
    }

    /** Text that is not empty. Where it is missing, which {@link #finish} reports, an empty one. */
    public String requiredText(String key) {
        String text = value(key);
        if (text.isEmpty()) {
            reject(key, "a value is required");
        }
        return text;
    }

    /** A constant of an enum, written in any case and with hyphens for underscores. */
    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        return read(
                key,
                text -> Arrays.stream(type.getEnumConstants())
                        .filter(constant -> nameOf(constant).equalsIgnoreCase(text.replace('_', '-')))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("one of "
                                + Arrays.stream(type.getEnumConstants())
                                        .map(ConfigurationReader::nameOf)
                                        .collect(Collectors.joining(", "))
                                + " is allowed")));
    }

    /** Texts between commas, trimmed, empty ones left out. */
    public List<String> list(String key) {
        return Arrays.stream(value(key).split(","))
                .map(String::trim)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    /** {@code HOST:PORT}, an IPv6 host in brackets, not resolved; none if it is empty. */
    public Optional<InetSocketAddress> address(String key) {
        return read(key, text -> text.isEmpty() ? Optional.empty() : Optional.of(parseAddress(text)));
    }

    /** A path as it is given, relative or not; none if it is empty. */
    public Optional<Path> path(String key) {
        return read(key, text -> {
            try {
                return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("a path is allowed", e);
            }
        });
    }

    /** Adds a problem of a key's present value that only the caller can see. */
    public void reject(String key, String allowed) {
        problems.add(new ConfigurationProblem(key, value(key), allowed));
    }

    /**
     * Ends the reading.
     *
     * @throws ConfigurationException with everything that was wrong
     */
    public void finish() {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private <T extends Comparable<T>> T bounded(
            String key, Function<String, T> parser, T minimum, T maximum, String allowed) {
        return read(key, text -> {
            T value;
            try {
                value = parser.apply(text);
            } catch (IllegalArgumentException e) {
                String detail = e.getMessage() == null ? "" : "; " + e.getMessage();
                throw new IllegalArgumentException(allowed + " is allowed" + detail, e);
            }
            if (value.compareTo(minimum) < 0 || value.compareTo(maximum) > 0) {
                throw new IllegalArgumentException(allowed + " is allowed");
            }
            return value;
        });
    }

    /** Reads the value, or else its default, which is right or the declaration is wrong. */
    private <T> T read(String key, Function<String, T> parser) {
        String text = value(key);
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            String fallback = defaults.getOrDefault(key, "");
            if (text.equals(fallback)) {
                throw new IllegalStateException("the default of " + key + " is not allowed: " + fallback, e);
            }
            problems.add(new ConfigurationProblem(key, text, String.valueOf(e.getMessage())));
            return parser.apply(fallback);
        }
    }

    private String value(String key) {
        String fallback = defaults.get(key);
        if (fallback == null) {
            throw new IllegalStateException(key + " is not declared; declared are " + defaults.keySet());
        }
        return values.getOrDefault(key, fallback);
    }

    private static <T> T parse(String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (NumberFormatException e) {
            throw (IllegalArgumentException) new IllegalArgumentException().initCause(e);
        }
    }

    private static InetSocketAddress parseAddress(String text) {
        String expected = "HOST:PORT is allowed, [HOST]:PORT for IPv6, with a port from 1 to 65535";
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.length() > 2 && host.startsWith("[") && host.endsWith("]");
        if (host.isBlank() || (!bracketed && host.indexOf(':') >= 0)) {
            throw new IllegalArgumentException(expected);
        }
        int port;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(expected, e);
        }
        if (port < 1 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException(expected);
        }
        return InetSocketAddress.createUnresolved(bracketed ? host.substring(1, host.length() - 1) : host, port);
    }

    private static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
