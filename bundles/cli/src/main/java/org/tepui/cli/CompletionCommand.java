// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = "Prints a script that completes verbs and options in bash and zsh.",
        footer = {"", "Example:", "  tepui completion > /etc/bash_completion.d/tepui"})
final class CompletionCommand implements Callable<Integer> {
    /** Those that are not run here. */
    private static final List<String> OTHER_VERBS =
            List.of("quickstart", "wordcount", "local", "master", "agent", "bench", "prepare", "help", "version");

    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        OTHER_VERBS.forEach(verb -> root.addSubcommand(verb, other(verb)));
        terminal.out().print(AutoComplete.bash("tepui", root));
        return ExitCode.DONE;
    }

    /** The script knows the options of other verbs: with commas between them, those with a value end with {@code =}. */
    private static CommandSpec other(String verb) {
        CommandSpec other = CommandSpec.create();
        for (String flag : System.getProperty("tepui.flags." + verb, "").split(",", -1)) {
            if (!flag.isEmpty()) {
                boolean hasValue = flag.endsWith("=");
                other.addOption(OptionSpec.builder("--" + flag.replace("=", ""))
                        .arity(hasValue ? "1" : "0")
                        .build());
            }
        }
        return other;
    }
}
