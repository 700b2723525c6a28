// SPDX-License-Identifier: Apache-2.0
package org.tepui.simulator;

import java.time.Duration;

/**
 * What is simulated.
 *
 * @param agents with 4 cpus and 4 GiB each
 * @param frameworks that launch tasks
 * @param tasksPerFramework that each launches in all
 * @param troubled how long faults happen
 * @param meanFaultInterval mean time between two faults; exponentially distributed
 * @param quiet how long the cluster is left in peace afterwards at most, until everything owed is settled
 * @param faults which kinds happen
 */
public record Scenario(
        int agents,
        int frameworks,
        int tasksPerFramework,
        Duration troubled,
        Duration meanFaultInterval,
        Duration quiet,
        Faults faults) {
    /**
     * Kinds of faults.
     *
     * @param links connections break, with what is on its way
     * @param partitions two services do not reach each other for a while
     * @param agentRestarts the agent process is killed and comes back
     * @param schedulerRestarts a scheduler is killed and comes back with its framework id
     * @param masterRestarts the master is killed and comes back with its registry
     * @param processDeaths a task's process is killed from outside
     * @param policySwaps another allocation policy is chosen, the same with other settings, or one that fails
     */
    public record Faults(
            boolean links,
            boolean partitions,
            boolean agentRestarts,
            boolean schedulerRestarts,
            boolean masterRestarts,
            boolean processDeaths,
            boolean policySwaps) {
        /** All of them. */
        public static final Faults ALL = new Faults(true, true, true, true, true, true, true);

        /** None of them. */
        public static final Faults NONE = new Faults(false, false, false, false, false, false, false);

        /** Swaps of the allocation policy and nothing else. */
        public static final Faults SWAPS = new Faults(false, false, false, false, false, false, true);
    }

    /** Three agents and five frameworks in two minutes of trouble of every kind, a fault every three seconds. */
    public static Scenario small() {
        return new Scenario(3, 5, 15, Duration.ofMinutes(2), Duration.ofSeconds(3), Duration.ofMinutes(25), Faults.ALL);
    }

    /** The same with faults so much closer to each other. */
    public Scenario withFaultsEvery(Duration mean) {
        return new Scenario(agents, frameworks, tasksPerFramework, troubled, mean, quiet, faults);
    }

    /** The same with other faults. */
    public Scenario with(Faults other) {
        return new Scenario(agents, frameworks, tasksPerFramework, troubled, meanFaultInterval, quiet, other);
    }
}
