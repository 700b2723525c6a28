// SPDX-License-Identifier: Apache-2.0
package org.tepui.api;

/**
 * The states of a task, in the words of the v1 API.
 *
 * <p>A task moves STAGING, (STARTING), RUNNING, (KILLING) and then to one terminal state. {@link #UNREACHABLE} and
 * {@link #UNKNOWN} say what the master knows and not what the task does: a task leaves them when its agent comes
 * back.
 */
public enum TaskState {
    /** Accepted by the master, not started yet. */
    STAGING(6, false),
    /** The executor prepares to run it. */
    STARTING(0, false),
    /** It runs. */
    RUNNING(1, false),
    /** A kill was asked for and has not ended it yet. */
    KILLING(8, false),
    /** Ended by itself with success. */
    FINISHED(2, true),
    /** Ended by itself without success, or broke a limit. */
    FAILED(3, true),
    /** Ended because it was told to. */
    KILLED(4, true),
    /** Never started: its description was refused. */
    ERROR(7, true),
    /** Lost, for frameworks that are not partition aware. */
    LOST(5, true),
    /** Never started: the launch did not get through. */
    DROPPED(9, true),
    /** Its agent is registered and does not know it. */
    GONE(11, true),
    /** An operator declared its agent gone. */
    GONE_BY_OPERATOR(12, true),
    /** Its agent does not answer: it may still run. */
    UNREACHABLE(10, false),
    /** The master has never heard of it. */
    UNKNOWN(13, false);

    private final int number;
    private final boolean terminal;

    TaskState(int number, boolean terminal) {
        this.number = number;
        this.terminal = terminal;
    }

    /** The value of this state in the v1 API. */
    public int number() {
        return number;
    }

    /** Whether nothing follows this state. */
    public boolean isTerminal() {
        return terminal;
    }
}
