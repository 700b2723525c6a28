// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.Address;
import picocli.CommandLine.Option;

/** The option that every verb has: which cluster. */
final class ClusterOptions {
    private static final String DEFAULT = "127.0.0.1:5050";

    @Option(
            names = "--master",
            paramLabel = "HOST:PORT",
            description = "The master. Without it TEPUI_MASTER, without that " + DEFAULT + ".")
    private @Nullable String master;

    /** @throws CommandException if what is named is no address */
    Address master() throws CommandException {
        String text = master == null ? fromEnvironment(System.getenv()) : master;
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.MISUSED, String.valueOf(e.getMessage()));
        }
    }

    ApiClient client() throws CommandException {
        return new ApiClient(master().toString());
    }

    private static String fromEnvironment(Map<String, String> environment) {
        String variable = environment.getOrDefault("TEPUI_MASTER", "");
        return variable.isEmpty() ? DEFAULT : variable;
    }
}
