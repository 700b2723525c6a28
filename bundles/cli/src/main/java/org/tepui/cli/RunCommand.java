// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = {
            "Runs a command as tasks, each once, and waits for all of them.",
            "COMMAND is a program and its arguments; a single argument is a line for the shell of the task's machine."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all tasks finished",
            "1:a task failed, was killed or was lost, or the cluster did not answer",
            "2:bad usage",
            "3:no agent could ever offer what a task asks for"
        },
        footer = {
            "",
            "Examples:",
            "  tepui run -- echo hello",
            "  tepui run --name sleep --instances 10 --cpus 0.5 --mem 64 --kill-after 30s -- 'sleep $((RANDOM %% 60))'"
        })
final class RunCommand implements Callable<Integer> {
    private static final int MOST_INSTANCES = 100_000;
    private static final BigDecimal MOST_CPUS = BigDecimal.valueOf(100_000);
    private static final BigDecimal MOST_MEGABYTES = BigDecimal.valueOf(1L << 40);

    private final Terminal terminal;

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--name", description = "Name of the framework and beginning of each task's id (default: run).")
    private String name = "run";

    @Option(
            names = "--cpus",
            paramLabel = "C",
            converter = DecimalConverter.class,
            description = "Processors of one task (default: 1).")
    private BigDecimal cpus = BigDecimal.ONE;

    @Option(
            names = "--mem",
            paramLabel = "MB",
            converter = DecimalConverter.class,
            description = "Memory of one task in megabytes (default: 128).")
    private BigDecimal megabytes = BigDecimal.valueOf(128);

    @Option(names = "--instances", paramLabel = "I", description = "How many tasks (default: 1).")
    private int instances = 1;

    @Option(names = "--role", description = "Role in which it asks for offers (default: *).")
    private String role = "*";

    @Option(names = "--user", description = "As whom the tasks run (default: you).")
    private String user = System.getProperty("user.name", "root");

    @Option(names = "--env", paramLabel = "K=V", description = "A variable of the tasks' environment; may be repeated.")
    private Map<String, String> environment = new LinkedHashMap<>();

    @Option(
            names = "--kill-after",
            paramLabel = "T",
            converter = DurationConverter.class,
            description = "Kill a task that runs longer: 30s, 5min. It counts as killed.")
    private @Nullable Duration killAfter;

    @Option(names = "--json", description = "End with one line on standard output: one JSON object.")
    private boolean json;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "What to run, after --.")
    private List<String> command = List.of();

    RunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandException, InterruptedException {
        return new RunJob(terminal, cluster.master(), request(), json).run();
    }

    private RunRequest request() throws CommandException {
        require(within(cpus, MOST_CPUS) && cpus.signum() > 0, "--cpus", "more than 0, at most " + MOST_CPUS + ",");
        require(within(megabytes, MOST_MEGABYTES), "--mem", "a number of megabytes, 0 or more,");
        require(instances >= 1 && instances <= MOST_INSTANCES, "--instances", "1 to " + MOST_INSTANCES);
        require(name.matches("[A-Za-z0-9._-]{1,100}"), "--name", "1 to 100 letters, digits, dots and hyphens");
        require(killAfter == null || !killAfter.isZero(), "--kill-after", "a duration of more than 0s");
        String job = Integer.toHexString(ThreadLocalRandom.current().nextInt(0x1000, 0x10000));
        return new RunRequest(
                new RunRequest.Name(name, job),
                cpus,
                megabytes,
                instances,
                new RunRequest.Identity(role, user),
                new RunRequest.Program(command, environment),
                Optional.ofNullable(killAfter));
    }

    private static boolean within(BigDecimal value, BigDecimal most) {
        return value.signum() >= 0 && value.compareTo(most) <= 0;
    }

    private static void require(boolean fine, String option, String allowed) throws CommandException {
        if (!fine) {
            throw new CommandException(ExitCode.MISUSED, option + ": " + allowed + " is allowed");
        }
    }
}
