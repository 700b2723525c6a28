// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.cluster;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.tepui.bench.report.BenchException;
import org.tepui.runtime.Address;

/** The cluster that is measured: a local one in a process of its own, or one that somebody else runs. */
final class Cluster implements AutoCloseable {
    private final Address master;
    private final Optional<ServiceProcess> process;

    private Cluster(Address master, Optional<ServiceProcess> process) {
        this.master = master;
        this.process = process;
    }

    /** Starts a cluster, or only notes where one runs. */
    static Cluster open(Installation installation, ClusterOptions options) throws BenchException, InterruptedException {
        if (!options.master.isEmpty()) {
            return new Cluster(address(options.master), Optional.empty());
        }
        ServiceProcess local = ServiceProcess.start(
                installation,
                List.of(
                        "local",
                        "--temporary",
                        "--port",
                        "0",
                        "--agents",
                        Integer.toString(options.agents),
                        "--resources",
                        options.resources));
        return new Cluster(local.address(), Optional.of(local));
    }

    private static Address address(String text) throws BenchException {
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw new BenchException("--master: " + e.getMessage(), e);
        }
    }

    Address master() {
        return master;
    }

    /** What the cluster's processes and the tasks took up to now, in ms; empty if it is somebody else's. */
    Optional<Long> cpuMillis() throws BenchException {
        return process.isPresent()
                ? Optional.of(ProcessUsage.cpuMillis(process.get().pid()))
                : Optional.empty();
    }

    /** In one word or two. */
    String description(ClusterOptions options) {
        return process.isPresent()
                ? "1 master and " + options.agents + " agents in one JVM, each agent with " + options.resources
                : "the one at " + master;
    }

    /** Waits for what a framework does. */
    static <T> T await(CompletableFuture<T> future, long seconds, String what)
            throws BenchException, InterruptedException {
        try {
            return future.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new BenchException(what + " failed: " + (e.getCause() == null ? e : e.getCause()).getMessage(), e);
        } catch (TimeoutException e) {
            throw new BenchException(what + " took longer than " + seconds + " s", e);
        }
    }

    @Override
    public void close() throws BenchException {
        if (process.isPresent()) {
            process.get().close();
        }
    }
}
