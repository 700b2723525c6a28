// SPDX-License-Identifier: Apache-2.0
package org.tepui.examples.wordcount;

import java.util.Map;

/**
 * How far a job is, at one moment.
 *
 * @param waiting tasks without an offer
 * @param staging tasks launched and not running yet
 * @param running tasks that run
 * @param finished tasks done
 * @param failedAttempts attempts that came to nothing and were, or are to be, repeated
 * @param tasks of the whole job
 * @param finishedByAgent host name of each agent that ran tasks, with how many it finished
 */
record JobProgress(
        int waiting,
        int staging,
        int running,
        int finished,
        int failedAttempts,
        int tasks,
        Map<String, Integer> finishedByAgent) {
    @Override
    public String toString() {
        return finished + "/" + tasks + " tasks finished, " + running + " running, " + staging + " staging, " + waiting
                + " waiting, " + failedAttempts + " failed, " + finishedByAgent.size() + " agents";
    }
}
