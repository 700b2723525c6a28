// SPDX-License-Identifier: Apache-2.0
package org.tepui.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tepui.runtime.Processes;
import org.tepui.runtime.Processes.ExitStatus;
import org.tepui.runtime.Processes.ProcessSpec;
import org.tepui.runtime.Processes.Started;
import org.tepui.runtime.ShimProcesses;
import org.tepui.runtime.ThreadEventLoop;

/**
 * How many processes a second run from start to forgotten end, against a bare loop of posix_spawn in the same run. The
 * figures are printed; only a fraction that no noise of the machine explains is a failure.
 */
@Timeout(300)
class ProcessRateTest {
    private static final int PROCESSES = Integer.getInteger("tepui.rate.processes", 1000);
    private static final int ROUNDS = Integer.getInteger("tepui.rate.rounds", 3);
    private static final int IN_FLIGHT = 64;
    private static final double MILLIS_PER_TICK = 10;
    private static final double LEAST_SHARE = 0.2;

    private record Figures(double perSecond, double cpuMillis) {}

    @Test
    void comesNearWhatTheMachineCanSpawn() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "the shim needs Linux");
        ShimWorld world = new ShimWorld();
        List<Double> shares = new ArrayList<>();
        try (ThreadEventLoop loop = ThreadEventLoop.start("rate", (where, what, failure) -> world.faults.add(failure));
                ShimProcesses processes = new ShimProcesses(loop, ShimWorld.SHIM, world.runtime)) {
            Flow flow = new Flow(loop, processes, world);
            CountDownLatch recovered = new CountDownLatch(1);
            loop.execute("recover", () -> {
                processes.recover(flow);
                recovered.countDown();
            });
            assertThat(recovered.await(20, TimeUnit.SECONDS)).isTrue();
            for (int round = 0; round < ROUNDS; round++) {
                Figures bare = bare();
                Figures shim = flow.run(world.launcher());
                shares.add(shim.perSecond / bare.perSecond);
                System.out.printf(
                        "round %d: %.0f processes/s, %.2f ms CPU each; posix_spawn in C %.0f/s, %.2f ms; share %.2f%n",
                        round, shim.perSecond, shim.cpuMillis, bare.perSecond, bare.cpuMillis, shares.get(round));
            }
        }
        world.end();
        assertThat(shares).anySatisfy(share -> assertThat(share).isGreaterThan(LEAST_SHARE));
    }

    private static Figures bare() throws Exception {
        Path program = Path.of(System.getProperty("tepui.spawn.bench", "target/tepui-spawn-bench"));
        Process process = new ProcessBuilder(program.toString(), Integer.toString(PROCESSES))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher figures = Pattern.compile("\\{\"spawns_per_second\": ([0-9.]+), \"cpu_ms_per_spawn\": ([0-9.]+),.*\n")
                .matcher(said);
        assertThat(figures.matches()).as(said).isTrue();
        return new Figures(Double.parseDouble(figures.group(1)), Double.parseDouble(figures.group(2)));
    }

    /** Starts a process whenever one of those under way was forgotten. */
    private static final class Flow implements Processes.Listener {
        private final ThreadEventLoop loop;
        private final ShimProcesses processes;
        private final ShimWorld world;
        private final OperatingSystemMXBean machine =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        private volatile CountDownLatch left = new CountDownLatch(0);
        private int toStart;
        private long next;

        Flow(ThreadEventLoop loop, ShimProcesses processes, ShimWorld world) {
            this.loop = loop;
            this.processes = processes;
            this.world = world;
        }

        Figures run(long launcher) throws InterruptedException {
            left = new CountDownLatch(PROCESSES);
            double cpu = cpuMillis(launcher);
            long begin = System.nanoTime();
            loop.execute("begin", () -> {
                toStart = PROCESSES;
                for (int i = 0; i < IN_FLIGHT; i++) {
                    startNext();
                }
            });
            assertThat(left.await(200, TimeUnit.SECONDS)).isTrue();
            double seconds = (System.nanoTime() - begin) / 1e9;
            return new Figures(PROCESSES / seconds, (cpuMillis(launcher) - cpu) / PROCESSES);
        }

        /** Of this JVM, the launcher, and what the launcher reaped: shims and their processes. */
        private double cpuMillis(long launcher) {
            long ticks = 0;
            for (int field = 14; field <= 17; field++) {
                ticks += ProcFs.statField(launcher, field);
            }
            return machine.getProcessCpuTime() / 1e6 + ticks * MILLIS_PER_TICK;
        }

        private void startNext() {
            if (toStart > 0) {
                toStart--;
                Path nowhere = Path.of("/dev/null");
                processes.start(new ProcessSpec(
                        "process-" + next++,
                        List.of("/bin/true"),
                        Map.of("PATH", "/usr/bin:/bin", "TEPUI_TEST", "rate"),
                        world.sandbox,
                        nowhere,
                        nowhere,
                        Optional.empty()));
            }
        }

        @Override
        public void started(Started process) {}

        @Override
        public void notStarted(String id, String reason) {
            throw new IllegalStateException(id + ": " + reason);
        }

        @Override
        public void exited(String id, ExitStatus status) {
            processes.forget(id);
            startNext();
            left.countDown();
        }
    }
}
