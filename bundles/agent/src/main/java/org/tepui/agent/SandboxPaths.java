// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.nio.file.Path;
import org.tepui.api.AgentId;
import org.tepui.api.ContainerId;

/**
 * Where things lie below the work directory, as in Mesos: {@code
 * slaves/<agent>/frameworks/<framework>/executors/<task>/runs/<container>} is the sandbox of a task, beside it the
 * link {@code latest}; {@code meta} is the agent's own.
 */
record SandboxPaths(Path workDirectory) {
    /** The agent's log. */
    Path log() {
        return workDirectory.resolve("meta").resolve("agent.log");
    }

    /** Held by the agent that uses the work directory. */
    Path metaDirectory() {
        return workDirectory.resolve("meta");
    }

    /** The link to the directory of the newest agent id. */
    Path latestAgent() {
        return slaves().resolve("latest");
    }

    Path agent(AgentId agent) {
        return slaves().resolve(agent.value());
    }

    /** All runs of a task's id. */
    Path runs(AgentId agent, TaskKey key) {
        return agent(agent)
                .resolve("frameworks")
                .resolve(key.framework().value())
                .resolve("executors")
                .resolve(key.task().value())
                .resolve("runs");
    }

    Path sandbox(AgentId agent, TaskKey key, ContainerId container) {
        return runs(agent, key).resolve(container.value());
    }

    private Path slaves() {
        return workDirectory.resolve("slaves");
    }
}
