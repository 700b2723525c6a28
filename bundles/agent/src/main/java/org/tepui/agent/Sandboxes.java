// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.tepui.agent.TaskCommand.TaskUser;
import org.tepui.api.AgentId;
import org.tepui.runtime.Disk;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Processes.UserIds;
import org.tepui.runtime.UserDatabase;
import org.tepui.runtime.Worker;

/** Makes the sandboxes of tasks, owned by their users. The work is done on a worker. */
final class Sandboxes {
    private final EventLoop loop;
    private final Worker worker;
    private final Disk disk;
    private final UserDatabase users;
    private final SandboxPaths paths;
    private final boolean switchUser;

    Sandboxes(EventLoop loop, Worker worker, Disk disk, UserDatabase users, SandboxPaths paths, boolean switchUser) {
        this.loop = loop;
        this.worker = worker;
        this.disk = disk;
        this.users = users;
        this.paths = paths;
        this.switchUser = switchUser;
    }

    /** What came of it: the user of the task, or why there is no sandbox. */
    sealed interface Outcome {
        /** The sandbox is there. */
        record Ready(TaskUser user) implements Outcome {}

        /** The task names a user that the machine does not have. */
        record UnknownUser(String name) implements Outcome {}

        /** The directory could not be made. */
        record Failed(String reason) implements Outcome {}
    }

    SandboxPaths paths() {
        return paths;
    }

    /**
     * Makes the sandbox of a task.
     *
     * @param userName who the task is to run as; empty: as the agent
     * @param done called on the loop
     */
    void prepare(AgentId agent, AgentTask task, Optional<String> userName, Consumer<Outcome> done) {
        worker.submit(
                "make sandbox",
                () -> make(agent, task.key(), paths.sandbox(agent, task.key(), task.container()), userName),
                loop,
                (outcome, failure) ->
                        done.accept(outcome != null ? outcome : new Outcome.Failed("no sandbox: " + failure)));
    }

    /** Makes {@code slaves/latest} point to the agent's id. */
    void linkAgent(AgentId agent, Consumer<String> failed) {
        worker.submit(
                "link agent directory",
                () -> {
                    disk.createScratchDirectories(paths.agent(agent));
                    disk.replaceScratchLink(paths.latestAgent(), Path.of(agent.value()));
                    return agent;
                },
                loop,
                (done, failure) -> {
                    if (failure != null) {
                        failed.accept(failure.toString());
                    }
                });
    }

    private Outcome make(AgentId agent, TaskKey key, Path sandbox, Optional<String> userName) throws IOException {
        TaskUser user;
        if (switchUser && userName.isPresent()) {
            Optional<UserDatabase.User> found = users.find(userName.get());
            if (found.isEmpty()) {
                return new Outcome.UnknownUser(userName.get());
            }
            user = new TaskUser(
                    Optional.of(found.get().ids()),
                    userName,
                    Optional.of(found.get().home()));
        } else {
            user = new TaskUser(Optional.empty(), Optional.empty(), Optional.empty());
        }
        // nothing of it outlives a crash of the machine, as the task does not
        disk.createScratchDirectories(sandbox);
        if (user.ids().isPresent() && userName.isPresent()) {
            UserIds ids = user.ids().get();
            try {
                disk.setOwner(sandbox, ids.uid(), ids.gid());
            } catch (IOException e) {
                return new Outcome.Failed("the sandbox cannot be given to user '" + userName.get() + "': " + e
                        + "; an agent that does not run as root needs --no-switch-user");
            }
        }
        disk.replaceScratchLink(paths.runs(agent, key).resolve("latest"), sandbox.getFileName());
        return new Outcome.Ready(user);
    }
}
