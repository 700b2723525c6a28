// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The launcher: {@code master}, {@code agent} or {@code local} with their options. Ends with 0 after a stop that
 * was asked for, 1 after a failure, 2 after bad flags, variables or files.
 */
public final class Main {
    private static final int STOPPED = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private Main() {}

    /** Runs one command and ends the process. */
    public static void main(String[] arguments) {
        Containers containers = new Containers();
        AtomicBoolean exiting = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopOnSignal(containers, exiting), "stop"));
        Map<String, String> environment = System.getenv();
        Distribution distribution = Distribution.find(environment);
        int code = run(List.of(arguments), environment, distribution, containers, System.out, System.err);
        warn(containers.stop(), System.err);
        // a stop by signal ends the process from its own thread
        if (!exiting.compareAndSet(false, true)) {
            return;
        }
        System.exit(code);
    }

    /** Runs one command to its end without ending the process; what it started may still have to be stopped. */
    static int run(
            List<String> arguments,
            Map<String, String> environment,
            Distribution distribution,
            Containers containers,
            PrintStream out,
            PrintStream err) {
        String verb = arguments.isEmpty() ? "" : arguments.get(0);
        try {
            List<String> rest = arguments.subList(Math.min(1, arguments.size()), arguments.size());
            Launch launch = new Launch(environment, distribution, containers, out, err);
            return switch (verb) {
                case "master" -> new ServiceCommand(Service.MASTER, launch).run(rest);
                case "agent" -> new ServiceCommand(Service.AGENT, launch).run(rest);
                case "local" -> new LocalCommand(launch).run(rest);
                default -> throw LaunchException.misuse("'" + verb + "' is not master, agent or local");
            };
        } catch (LaunchException e) {
            if (containers.stopping()) {
                return STOPPED;
            }
            e.text().lines().forEach(line -> err.println("tepui " + verb + ": " + line));
            return e.misuse() ? MISUSED : FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    /** Without this the virtual machine would end with 128 plus the signal's number after a clean stop. */
    private static void stopOnSignal(Containers containers, AtomicBoolean exiting) {
        if (exiting.compareAndSet(false, true)) {
            List<String> late = containers.stop();
            warn(late, System.err);
            Runtime.getRuntime().halt(late.isEmpty() ? STOPPED : FAILED);
        }
    }

    private static void warn(List<String> late, PrintStream err) {
        late.forEach(name -> err.println("tepui: " + name + " did not stop in time"));
    }
}
