// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs the verbs that use a cluster. Ends with 0, 1 after a failure, 2 after bad usage, 3 where nothing fits. */
public final class Main {
    private static final int MINIMUM_COLUMNS = 55;
    private static final int DEFAULT_COLUMNS = 100;

    private Main() {}

    @Command(name = "tepui", description = "Uses a cluster.")
    private static final class Root {}

    /** Runs one verb and ends the process. */
    public static void main(String[] arguments) {
        System.exit(run(Terminal.system(), arguments));
    }

    /** Runs one verb. */
    static int run(Terminal terminal, String... arguments) {
        CommandLine root = new CommandLine(new Root());
        for (Object command : List.of(
                new RunCommand(terminal),
                new TasksCommand(terminal),
                new AgentsCommand(terminal),
                new FrameworksCommand(terminal),
                new OffersCommand(terminal),
                new KillCommand(terminal),
                new LogsCommand(terminal),
                new CompletionCommand(terminal))) {
            root.addSubcommand(new CommandLine(command));
        }
        for (CommandLine line : List.of(
                AllocatorCommand.line(terminal),
                PluginCommand.line(terminal),
                QuotaCommand.line(terminal),
                WeightCommand.line(terminal),
                RoleCommand.line(terminal))) {
            root.addSubcommand(line);
        }
        root.getSubcommands().values().forEach(Main::addHelp);
        root.setOut(terminal.outWriter());
        root.setErr(terminal.errWriter());
        root.setUsageHelpWidth(terminal.columns() > MINIMUM_COLUMNS ? terminal.columns() : DEFAULT_COLUMNS);
        root.setParameterExceptionHandler((exception, line) -> misused(exception, terminal));
        root.setExecutionExceptionHandler((exception, command, parsed) -> failed(exception, command, terminal));
        return root.execute(arguments);
    }

    private static void addHelp(CommandLine verb) {
        verb.getCommandSpec().addOption(help());
        verb.getSubcommands().values().forEach(Main::addHelp);
    }

    private static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Print this.")
                .build();
    }

    private static int misused(ParameterException exception, Terminal terminal) {
        CommandLine command = exception.getCommandLine();
        String verb = verb(command);
        terminal.err().println("tepui" + verb + ": " + exception.getMessage());
        UnmatchedArgumentException.printSuggestions(exception, terminal.errWriter());
        terminal.err().println("'tepui" + verb + " --help' lists what can be said");
        return ExitCode.MISUSED;
    }

    /** Its name with those of the verbs above it, each after a space. */
    private static String verb(CommandLine command) {
        return command.getParent() == null ? "" : verb(command.getParent()) + " " + command.getCommandName();
    }

    private static int failed(Exception exception, CommandLine command, Terminal terminal) throws Exception {
        if (exception instanceof CommandException known) {
            terminal.err().println("tepui" + verb(command) + ": " + known.getMessage());
            return known.exitCode();
        }
        if (exception instanceof IOException) {
            terminal.err().println("tepui" + verb(command) + ": " + exception.getMessage());
            return ExitCode.FAILED;
        }
        throw exception;
    }
}
