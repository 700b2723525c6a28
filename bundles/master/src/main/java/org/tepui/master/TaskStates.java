// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import org.tepui.api.TaskState;
import org.tepui.proto.convert.StateConversion;

/** Task states in words that a framework knows. */
final class TaskStates {
    private TaskStates() {}

    /** A framework that is not partition aware has a single word for all losses. */
    static org.tepui.v1.TaskState shown(TaskState state, boolean partitionAware) {
        return StateConversion.toWire(partitionAware ? state : forUnaware(state));
    }

    private static TaskState forUnaware(TaskState state) {
        return switch (state) {
            case UNREACHABLE, DROPPED, GONE, GONE_BY_OPERATOR, UNKNOWN -> TaskState.LOST;
            default -> state;
        };
    }
}
