// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tepui.api.configuration.NearestName;

/**
 * The flags of a command line: {@code --key value}, {@code --key=value}, and for what is true or false also
 * {@code --key} and {@code --no-key}.
 *
 * @param values by key, in the order given; the last of several wins
 * @param help whether {@code --help} or {@code -h} is among them
 * @param problems a sentence per argument that makes no sense
 */
record Flags(Map<String, String> values, boolean help, List<String> problems) {

    static Flags parse(List<String> arguments, OptionCatalog known) {
        Map<String, Option> byFlag = new TreeMap<>();
        known.options().forEach(option -> byFlag.putIfAbsent(option.flag(), option));
        Map<String, String> values = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        boolean help = false;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--help") || argument.equals("-h")) {
                help = true;
                continue;
            }
            if (!argument.startsWith("--")) {
                problems.add("'" + argument + "' is not a flag: flags start with two hyphens");
                continue;
            }
            int equals = argument.indexOf('=');
            String name = argument.substring(2, equals < 0 ? argument.length() : equals);
            Option option = byFlag.get(name);
            Optional<Option> negated = negated(name, byFlag);
            if (option == null && negated.isPresent() && equals < 0) {
                values.put(negated.get().key(), "false");
            } else if (option == null) {
                problems.add("--" + name + " is not known" + suggestion(name, byFlag.keySet()));
                boolean valueFollows = equals < 0 && i + 1 < arguments.size() && !isFlag(arguments.get(i + 1));
                i += valueFollows ? 1 : 0;
            } else if (equals >= 0) {
                values.put(option.key(), argument.substring(equals + 1));
            } else if (option.type() == Option.Type.BOOLEAN
                    && (i + 1 == arguments.size() || !isBoolean(arguments.get(i + 1)))) {
                values.put(option.key(), "true");
            } else if (i + 1 < arguments.size() && !isFlag(arguments.get(i + 1))) {
                i++;
                values.put(option.key(), arguments.get(i));
            } else {
                problems.add("--" + name + " has no value: " + option.type().allowed() + " is expected");
            }
        }
        return new Flags(values, help, problems);
    }

    private static Optional<Option> negated(String name, Map<String, Option> byFlag) {
        return name.startsWith("no-")
                ? Optional.ofNullable(byFlag.get(name.substring(3)))
                        .filter(option -> option.type() == Option.Type.BOOLEAN)
                : Optional.empty();
    }

    private static boolean isFlag(String argument) {
        return argument.startsWith("--");
    }

    private static boolean isBoolean(String argument) {
        return argument.equalsIgnoreCase("true") || argument.equalsIgnoreCase("false");
    }

    private static String suggestion(String name, Collection<String> known) {
        return NearestName.of(name, known)
                .map(nearest -> "; did you mean --" + nearest + "?")
                .orElse("; --help lists what is");
    }
}
