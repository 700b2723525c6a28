// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Processes that outlive the service which started them. Each is looked after by a shim of its own, which records its
 * pid and, at the end, its exit status under the runtime directory, so that a service that restarts finds all of them
 * again.
 *
 * <p>Called from the service's loop; answers come back on that loop.
 */
public interface Processes {
    /** Hears of processes. All calls on the service's loop. */
    interface Listener {
        /** The process runs. */
        void started(Started process);

        /** The process could not be started; nothing of it is left. */
        void notStarted(String id, String reason);

        /** The process ended; called once, also for a process found by {@link Processes#recover}. */
        void exited(String id, ExitStatus status);
    }

    /**
     * Finds the processes of an earlier life of the service. To be called once, before anything else. The listener
     * hears of the exit of each, also of those that ended in between.
     *
     * @return the processes that run or ended and were not forgotten
     */
    List<Started> recover(Listener listener);

    /** Starts a process; the listener hears how it went. */
    void start(ProcessSpec spec);

    /** Sends a signal to the process group of a process. Nothing happens if it ended. */
    void signal(String id, int signal);

    /** Removes what was recorded of a process that ended, once its end is recorded elsewhere. */
    void forget(String id);

    /**
     * What to start.
     *
     * @param id names the process on this machine; usable as a file name
     * @param command program and arguments; the program is looked up in PATH of the environment
     * @param environment the whole environment, nothing is inherited
     * @param workingDirectory must exist
     * @param stdout appended to, made if missing
     * @param stderr appended to, made if missing
     * @param user who it runs as; empty: as the service itself
     */
    record ProcessSpec(
            String id,
            List<String> command,
            Map<String, String> environment,
            Path workingDirectory,
            Path stdout,
            Path stderr,
            Optional<UserIds> user) {
        /** Copies the collections. */
        public ProcessSpec {
            command = List.copyOf(command);
        }
    }

    /**
     * A user as the kernel knows it.
     *
     * @param groups supplementary groups
     */
    record UserIds(int uid, int gid, List<Integer> groups) {
        /** Copies the groups. */
        public UserIds {
            groups = List.copyOf(groups);
        }
    }

    /**
     * A process that was started.
     *
     * @param pid the process itself, leader of its own session and process group
     * @param startTime of the process, as field 22 of /proc/PID/stat: with the pid it names the process for as long as
     * the machine runs
     */
    record Started(String id, long pid, long startTime) {}

    /**
     * How a process ended: by itself with a code, or by a signal; neither if nobody could tell.
     *
     * @param code 0 to 255
     * @param signal 1 to 64
     */
    record ExitStatus(OptionalInt code, OptionalInt signal) {
        /** Whether it ended by itself with code 0. */
        public boolean success() {
            return code.isPresent() && code.getAsInt() == 0;
        }
    }
}
