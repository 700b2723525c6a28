// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.util.OptionalInt;
import org.tepui.runtime.Processes.ExitStatus;

/**
 * What a shim or the launcher tells, or what their files tell.
 *
 * @param id of the process; empty if the event is about a shim
 * @param identity what the files call the process; zeros where the event does not say
 * @param status only of EXITED
 * @param reason only of FAILED
 */
record ShimEvent(Type type, String id, Identity identity, ExitStatus status, String reason) {
    static final ExitStatus UNKNOWN_STATUS = new ExitStatus(OptionalInt.empty(), OptionalInt.empty());

    /** The kinds of events. */
    enum Type {
        /** The command was executed. */
        STARTED,
        /** The process and all that it left behind ended. */
        EXITED,
        /** The command was not executed. */
        FAILED,
        /** A shim that the launcher was to watch is not there any more, whether it did its work or not. */
        SHIM_GONE,
        /** A shim of the launcher's own ended before it did its work. */
        SHIM_KILLED
    }

    /**
     * A process and its shim, each with its start time, by which a pid that was given out again is recognised.
     *
     * @param startTime in ticks since the machine started, as in /proc/PID/stat
     */
    record Identity(long pid, long startTime, long shim, long shimStartTime) {
        static final Identity NONE = new Identity(0, 0, 0, 0);

        boolean sameProcess(Identity other) {
            return pid == other.pid && startTime == other.startTime;
        }
    }

    static ShimEvent started(String id, Identity identity) {
        return new ShimEvent(Type.STARTED, id, identity, UNKNOWN_STATUS, "");
    }

    static ShimEvent exited(String id, Identity identity, ExitStatus status) {
        return new ShimEvent(Type.EXITED, id, identity, status, "");
    }

    static ShimEvent failed(String id, String reason) {
        return new ShimEvent(Type.FAILED, id, Identity.NONE, UNKNOWN_STATUS, reason);
    }

    static ShimEvent shim(Type type, String id, Identity identity) {
        return new ShimEvent(type, id, identity, UNKNOWN_STATUS, "");
    }
}
