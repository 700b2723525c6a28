// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.transport;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.tepui.bench.report.BenchCommand;
import org.tepui.bench.report.BenchException;
import org.tepui.bench.report.Figures;
import org.tepui.bench.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Round trips of small messages between two services, against an echo of Netty alone in the same rounds. */
@Command(
        name = "transport",
        description = "Sends small protobuf messages forth and back between two services over loopback, and the same"
                + " number of bytes through an echo of Netty alone, in turn. The first round is cold: a JVM that has"
                + " run nothing yet, for both.")
public final class TransportBench extends BenchCommand {
    private static final double PIPELINED_GOAL = 0.6;
    private static final double SINGLE_GOAL = 3;
    private static final double MEDIAN = 0.5;
    private static final double TAIL = 0.99;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICROSECOND = 1e3;

    @Option(names = "--rounds", description = "rounds of each, the first is the cold one; 2 to 1000")
    private int rounds = 8;

    @Option(names = "--warm-up", description = "rounds between the cold one and those that count; 0 to 1000")
    private int warmUp = 3;

    @Option(names = "--messages", description = "messages of a pipelined round; 1000 to 100000000")
    private int messages = 300_000;

    @Option(names = "--depth", description = "messages under way in a pipelined round; 1 to 65536")
    private int depth = 1024;

    @Option(names = "--single", description = "round trips of a round with one at a time; 100 to 10000000")
    private int single = 10_000;

    @Option(names = "--bytes", description = "size of a message; 32 to 65536")
    private int bytes = 128;

    @Override
    protected Report measure() throws BenchException, InterruptedException {
        require("--rounds", rounds, 2, 1000);
        require("--warm-up", warmUp, 0, 1000);
        require("--messages", messages, 1000, 100_000_000);
        require("--depth", depth, 1, 65536);
        require("--single", single, 100, 10_000_000);
        require("--bytes", bytes, 32, 65536);
        try (Echo netty = new NettyEcho(bytes);
                Echo tepui = new TepuiEcho(bytes)) {
            Series peer = new Series(netty);
            Series own = new Series(tepui);
            for (int round = 0; round < rounds + warmUp; round++) {
                boolean counts = round == 0 || round > warmUp;
                peer.round(counts);
                own.round(counts);
                progress(String.format(
                        Locale.ROOT,
                        "round %d of %d%s: Netty %.0f/s, Tepui %.0f/s",
                        round + 1,
                        rounds + warmUp,
                        round == 0 ? " (cold)" : counts ? "" : " (warm-up)",
                        peer.last,
                        own.last));
            }
            return report(peer, own);
        } catch (IOException | TimeoutException e) {
            throw new BenchException(String.valueOf(e.getMessage()), e);
        }
    }

    /** What one echo did, round by round. */
    private final class Series {
        private final Echo echo;
        private final List<Double> perSecond = new ArrayList<>();
        private final List<Double> cpuMicros = new ArrayList<>();
        private final List<Double> medians = new ArrayList<>();
        private final List<Double> tails = new ArrayList<>();
        private double last;

        Series(Echo echo) {
            this.echo = echo;
        }

        void round(boolean counts) throws InterruptedException, TimeoutException {
            long cpuBefore = cpuNanos();
            last = messages * NANOS_PER_SECOND / echo.pipelined(messages, depth);
            double cpu = (cpuNanos() - cpuBefore) / NANOS_PER_MICROSECOND / messages;
            long[] times = echo.oneAtATime(single);
            if (counts) {
                perSecond.add(last);
                cpuMicros.add(cpu);
                medians.add(Figures.quantile(times, MEDIAN) / NANOS_PER_MICROSECOND);
                tails.add(Figures.quantile(times, TAIL) / NANOS_PER_MICROSECOND);
            }
        }
    }

    /** What this process took up to now. */
    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private Report report(Series peer, Series own) {
        Figures pipelinedRatio = ratio(own.perSecond, peer.perSecond);
        Figures singleRatio = ratio(own.medians, peer.medians);
        return new Report(name())
                .fact("message_bytes", "bytes of a message", bytes)
                .fact("depth", "messages under way, pipelined", depth)
                .fact("rounds", "rounds", rounds)
                .figures("tepui_per_second", "Tepui, pipelined, round trips/s", Figures.coldFirst(own.perSecond))
                .figures("netty_per_second", "Netty, pipelined, round trips/s", Figures.coldFirst(peer.perSecond))
                .figures("pipelined_ratio", "Tepui to Netty, pipelined", pipelinedRatio)
                .figures("tepui_cpu_us", "Tepui, CPU of a round trip, us", Figures.coldFirst(own.cpuMicros))
                .figures("netty_cpu_us", "Netty, CPU of a round trip, us", Figures.coldFirst(peer.cpuMicros))
                .figures("tepui_p50_us", "Tepui, one at a time, p50, us", Figures.coldFirst(own.medians))
                .figures("netty_p50_us", "Netty, one at a time, p50, us", Figures.coldFirst(peer.medians))
                .figures("tepui_p99_us", "Tepui, one at a time, p99, us", Figures.coldFirst(own.tails))
                .figures("netty_p99_us", "Netty, one at a time, p99, us", Figures.coldFirst(peer.tails))
                .figures("p50_ratio", "Tepui to Netty, one at a time, p50", singleRatio)
                .atLeast("pipelined_ratio", PIPELINED_GOAL, pipelinedRatio.median())
                .atMost("p50_ratio", SINGLE_GOAL, singleRatio.median());
    }

    /** Of figures that were taken in the same round, one after the other. */
    private static Figures ratio(List<Double> own, List<Double> peer) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            ratios.add(own.get(i) / peer.get(i));
        }
        return Figures.coldFirst(ratios);
    }
}
