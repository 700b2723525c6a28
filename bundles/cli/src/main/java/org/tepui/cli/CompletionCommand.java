// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = "Prints a script that completes verbs and options in bash and zsh.",
        footer = {"", "Example:", "  source <(tepui completion)"})
final class CompletionCommand implements Callable<Integer> {
    /** Those that are not run here. */
    private static final List<String> OTHER_VERBS =
            List.of("quickstart", "local", "master", "agent", "bench", "prepare", "help", "version");

    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        OTHER_VERBS.forEach(verb -> root.addSubcommand(verb, CommandSpec.create()));
        terminal.out().print(AutoComplete.bash("tepui", root));
        return ExitCode.DONE;
    }
}
