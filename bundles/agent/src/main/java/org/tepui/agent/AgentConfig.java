// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.tepui.api.FaultDomain;
import org.tepui.runtime.Address;

/**
 * What an agent is told at its start.
 *
 * @param listen where it listens; port 0 for a free one
 * @param hostname the name under which others reach this machine; not empty
 * @param master the master to register with
 * @param workDirectory absolute; for sandboxes and the agent's own state, one agent at a time
 * @param resources as text, {@code cpus:4;mem:4096;ports:[31000-32000]}; what is not named there is detected
 * @param attributes as text, {@code rack:a1;zone:north}; may be empty
 * @param domain where the machine stands, if that is known
 * @param switchUser whether tasks run as their users; if not, all run as the agent's own user
 * @param version of Tepui, as the master is told
 * @param timings the durations
 * @param bounds the sizes
 */
public record AgentConfig(
        Address listen,
        String hostname,
        Address master,
        Path workDirectory,
        Optional<String> resources,
        String attributes,
        Optional<FaultDomain> domain,
        boolean switchUser,
        String version,
        Timings timings,
        Bounds bounds) {
    /** One that does not say where its machine stands. */
    public AgentConfig(
            Address listen,
            String hostname,
            Address master,
            Path workDirectory,
            Optional<String> resources,
            String attributes,
            boolean switchUser,
            String version,
            Timings timings,
            Bounds bounds) {
        this(
                listen,
                hostname,
                master,
                workDirectory,
                resources,
                attributes,
                Optional.empty(),
                switchUser,
                version,
                timings,
                bounds);
    }

    /** @throws IllegalArgumentException naming the value that is not allowed and what is */
    public AgentConfig {
        if (hostname.isBlank()) {
            throw new IllegalArgumentException("hostname is empty: a name or an address is expected");
        }
        if (!workDirectory.isAbsolute()) {
            throw new IllegalArgumentException(
                    "work_dir '" + workDirectory + "' is not allowed: an absolute path is expected");
        }
    }

    /**
     * The durations of an agent; all positive.
     *
     * @param registrationBackoff bound of the random wait before the first registration; doubles with each try
     * @param maximumRegistrationBackoff bound that the former grows to
     * @param pingTimeout without a ping for so long the agent looks for its master again; the master's own value, told
     *     at registration, takes its place
     * @param killGrace between SIGTERM and SIGKILL, where neither the task nor the kill says otherwise; may be zero
     * @param statusRetry first wait for the acknowledgement of a status, doubled with each try
     * @param maximumStatusRetry what the former grows to
     * @param sandboxRetention how long the sandbox of a task that ended is kept at most
     * @param sandboxCheck between two looks at the disk for sandboxes to remove
     * @param diskHeadroom part of the disk to be kept free of sandboxes, 0 to 1
     */
    public record Timings(
            Duration registrationBackoff,
            Duration maximumRegistrationBackoff,
            Duration pingTimeout,
            Duration killGrace,
            Duration statusRetry,
            Duration maximumStatusRetry,
            Duration sandboxRetention,
            Duration sandboxCheck,
            double diskHeadroom) {
        /** The values that Mesos has. */
        public static final Timings DEFAULT = new Timings(
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                Duration.ofSeconds(75),
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofMinutes(10),
                Duration.ofDays(7),
                Duration.ofMinutes(1),
                0.1);

        /** @throws IllegalArgumentException naming the value that is not allowed and what is */
        public Timings {
            positive("registration_backoff", registrationBackoff);
            positive("registration_backoff_max", maximumRegistrationBackoff);
            positive("ping_timeout", pingTimeout);
            positive("status_retry", statusRetry);
            positive("status_retry_max", maximumStatusRetry);
            positive("gc_interval", sandboxCheck);
            if (killGrace.isNegative()) {
                throw new IllegalArgumentException("kill_grace " + killGrace + " is not allowed: zero or more");
            }
            if (sandboxRetention.isNegative()) {
                throw new IllegalArgumentException("gc_delay " + sandboxRetention + " is not allowed: zero or more");
            }
            if (!(diskHeadroom >= 0 && diskHeadroom <= 1)) {
                throw new IllegalArgumentException("gc_disk_headroom " + diskHeadroom + " is not allowed: 0 to 1");
            }
        }

        private static void positive(String key, Duration value) {
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException(key + " " + value + " is not allowed: more than zero is expected");
            }
        }
    }

    /**
     * The sizes of an agent; all positive.
     *
     * @param liveTasks tasks that have not ended, or whose end nobody acknowledged; a task beyond is dropped
     * @param completedFrameworks frameworks without tasks that the agent can still tell of
     * @param completedTasks tasks that ended and were acknowledged, per framework, that it can still tell of
     * @param compactionBytes the log is rewritten when it has grown by so much and to twice what it began with
     * @param readBytes the most that one READ_FILE returns
     * @param openReads file calls that wait at a time; one more is refused
     */
    public record Bounds(
            int liveTasks,
            int completedFrameworks,
            int completedTasks,
            long compactionBytes,
            int readBytes,
            int openReads) {
        /** Values for a machine of any size. */
        public static final Bounds DEFAULT = new Bounds(10_000, 50, 200, 4L << 20, 1 << 20, 64);

        /** @throws IllegalArgumentException if one of them is not positive */
        public Bounds {
            boolean counts = liveTasks > 0 && completedFrameworks > 0 && completedTasks > 0;
            if (!counts || compactionBytes <= 0 || readBytes <= 0 || openReads <= 0) {
                throw new IllegalArgumentException("bounds are to be positive");
            }
        }

        /** The same with another bound of live tasks. */
        Bounds withLiveTasks(int tasks) {
            return new Bounds(tasks, completedFrameworks, completedTasks, compactionBytes, readBytes, openReads);
        }
    }
}
