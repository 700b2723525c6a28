// SPDX-License-Identifier: Apache-2.0
package org.tepui.shim;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tepui.runtime.Processes;
import org.tepui.runtime.Processes.ExitStatus;
import org.tepui.runtime.Processes.ProcessSpec;
import org.tepui.runtime.Processes.Started;
import org.tepui.runtime.ShimProcesses;
import org.tepui.runtime.ThreadEventLoop;

/** A service in a JVM of its own, to be killed: starts ten processes of the shell's and prints what it hears. */
final class AgentLife {
    private AgentLife() {}

    public static void main(String[] arguments) {
        Path runtime = Path.of(arguments[1]);
        Path sandbox = Path.of(arguments[2]);
        ThreadEventLoop loop = ThreadEventLoop.start("agent", (where, what, failure) -> failure.printStackTrace());
        ShimProcesses processes = new ShimProcesses(loop, Path.of(arguments[0]), runtime);
        loop.execute("begin", () -> {
            processes.recover(new Printer());
            for (int i = 0; i < 10; i++) {
                Path out = sandbox.resolve(i + ".out");
                processes.start(new ProcessSpec(
                        "p" + i,
                        List.of("/bin/sh", "-c", "while [ ! -e go ]; do sleep 0.05; done; exit " + i),
                        Map.of("PATH", "/usr/bin:/bin", "TEPUI_TEST", arguments[3]),
                        sandbox,
                        out,
                        out,
                        Optional.empty()));
            }
        });
    }

    private static final class Printer implements Processes.Listener {
        @Override
        public void started(Started process) {
            System.out.println("started " + process.id());
        }

        @Override
        public void notStarted(String id, String reason) {
            System.out.println("not started " + id + ": " + reason);
        }

        @Override
        public void exited(String id, ExitStatus status) {
            System.out.println("exited " + id);
        }
    }
}
