// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.report;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the subcommands share: the report on standard output, progress on standard error, exit codes. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured; whether goals are met is part of the report",
            "1:the benchmark could not be carried through",
            "2:bad usage",
        })
public abstract class BenchCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--json", description = "print one line with one JSON object")
    private boolean json;

    /** Measures. */
    protected abstract Report measure() throws BenchException, InterruptedException;

    @Override
    public final Integer call() throws InterruptedException {
        try {
            measure().print(System.out, json);
            return 0;
        } catch (BenchException e) {
            PrintStream err = System.err;
            err.println("tepui bench " + name() + ": " + e.getMessage());
            return FAILED;
        }
    }

    /** Says on standard error what is under way. */
    protected final void progress(String text) {
        System.err.println(name() + ": " + text);
    }

    /**
     * Refuses an option.
     *
     * @throws ParameterException unless the value lies in the range
     */
    protected final void require(String option, double value, double minimum, double maximum) {
        if (!(value >= minimum && value <= maximum)) {
            throw new ParameterException(
                    spec().commandLine(),
                    option + " is " + number(value) + "; allowed is " + number(minimum) + " to " + number(maximum));
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** The name of the subcommand. */
    protected final String name() {
        return spec().name();
    }

    /** The subcommand as picocli sees it, for refusals. */
    protected final CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("used before the command line was read");
        }
        return spec;
    }
}
