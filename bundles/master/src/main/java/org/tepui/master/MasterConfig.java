// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tepui.api.FaultDomain;

/**
 * What an operator sets on a master. The defaults are those of Mesos.
 *
 * @param agentPingTimeout between two pings to an agent, 1 s to 15 min
 * @param maxAgentPingTimeouts pings in a row without an answer after which an agent is unreachable, 1 or more
 * @param agentReregisterTimeout how long agents known from the registry have to come back after a failover
 * @param heartbeatInterval between two heartbeats in a scheduler's stream
 * @param offerTimeout after which an offer that was not used is rescinded; empty: never
 * @param maxCompletedFrameworks how many frameworks that are over are remembered
 * @param maxCompletedTasksPerFramework how many tasks that are over are remembered
 * @param maxUnreachableTasksPerFramework how many tasks of unreachable agents are remembered
 * @param domain where this machine stands, if that is known
 */
public record MasterConfig(
        Duration agentPingTimeout,
        int maxAgentPingTimeouts,
        Duration agentReregisterTimeout,
        Duration heartbeatInterval,
        Optional<Duration> offerTimeout,
        int maxCompletedFrameworks,
        int maxCompletedTasksPerFramework,
        int maxUnreachableTasksPerFramework,
        Optional<FaultDomain> domain) {
    private static final Duration SHORTEST_PING = Duration.ofSeconds(1);
    private static final Duration LONGEST_PING = Duration.ofMinutes(15);
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int LARGEST_HISTORY = 1_000_000;

    /** @throws IllegalArgumentException naming every key with a value that is not allowed, and what is */
    public MasterConfig {
        List<String> problems = new ArrayList<>();
        range(problems, "agent.ping.timeout", agentPingTimeout, SHORTEST_PING, LONGEST_PING);
        range(problems, "agent.ping.timeouts.max", maxAgentPingTimeouts, 1, 1000);
        range(problems, "agent.reregister.timeout", agentReregisterTimeout, SHORTEST_PING, LONGEST);
        range(problems, "scheduler.heartbeat.interval", heartbeatInterval, SHORTEST, LONGEST_PING);
        offerTimeout.ifPresent(timeout -> range(problems, "offer.timeout", timeout, SHORTEST, LONGEST));
        range(problems, "completed.frameworks.max", maxCompletedFrameworks, 0, LARGEST_HISTORY);
        range(problems, "completed.tasks.max", maxCompletedTasksPerFramework, 0, LARGEST_HISTORY);
        range(problems, "unreachable.tasks.max", maxUnreachableTasksPerFramework, 0, LARGEST_HISTORY);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
    }

    /** One that does not say where its machine stands. */
    public MasterConfig(
            Duration agentPingTimeout,
            int maxAgentPingTimeouts,
            Duration agentReregisterTimeout,
            Duration heartbeatInterval,
            Optional<Duration> offerTimeout,
            int maxCompletedFrameworks,
            int maxCompletedTasksPerFramework,
            int maxUnreachableTasksPerFramework) {
        this(
                agentPingTimeout,
                maxAgentPingTimeouts,
                agentReregisterTimeout,
                heartbeatInterval,
                offerTimeout,
                maxCompletedFrameworks,
                maxCompletedTasksPerFramework,
                maxUnreachableTasksPerFramework,
                Optional.empty());
    }

    /** The same on a machine that stands there. */
    public MasterConfig in(Optional<FaultDomain> faultDomain) {
        return new MasterConfig(
                agentPingTimeout,
                maxAgentPingTimeouts,
                agentReregisterTimeout,
                heartbeatInterval,
                offerTimeout,
                maxCompletedFrameworks,
                maxCompletedTasksPerFramework,
                maxUnreachableTasksPerFramework,
                faultDomain);
    }

    /** What holds where nothing is set. */
    public static MasterConfig defaults() {
        return new MasterConfig(
                Duration.ofSeconds(15),
                5,
                Duration.ofMinutes(10),
                Duration.ofSeconds(15),
                Optional.empty(),
                50,
                1000,
                1000);
    }

    /** How long an agent has at most, without a word, until it is unreachable. */
    public Duration totalPingTimeout() {
        return agentPingTimeout.multipliedBy(maxAgentPingTimeouts);
    }

    private static void range(List<String> problems, String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            problems.add(key + " is " + value + ": " + least + " to " + most + " is allowed");
        }
    }

    private static void range(List<String> problems, String key, int value, int least, int most) {
        if (value < least || value > most) {
            problems.add(key + " is " + value + ": " + least + " to " + most + " is allowed");
        }
    }
}
