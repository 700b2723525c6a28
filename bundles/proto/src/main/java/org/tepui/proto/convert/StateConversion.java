// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.convert;

import java.util.EnumMap;
import java.util.Map;
import org.tepui.api.TaskState;

/** Task states, by their numbers in the v1 API. */
public final class StateConversion {
    private static final Map<org.tepui.v1.TaskState, TaskState> TO_API = new EnumMap<>(org.tepui.v1.TaskState.class);
    private static final Map<TaskState, org.tepui.v1.TaskState> TO_WIRE = new EnumMap<>(TaskState.class);

    static {
        for (TaskState state : TaskState.values()) {
            org.tepui.v1.TaskState wire = org.tepui.v1.TaskState.forNumber(state.number());
            TO_WIRE.put(state, wire);
            TO_API.put(wire, state);
        }
    }

    private StateConversion() {}

    /** The state of a task. */
    public static TaskState toApi(org.tepui.v1.TaskState state) {
        return Known.value(TO_API, state);
    }

    /** The state of a task. */
    public static org.tepui.v1.TaskState toWire(TaskState state) {
        return Known.value(TO_WIRE, state);
    }
}
