// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import org.tepui.proto.convert.StateConversion;
import org.tepui.v1.TaskState;

/** States of the v1 API in tests. */
final class StateNames {
    private StateNames() {}

    static boolean isEnd(TaskState state) {
        return StateConversion.toApi(state).isTerminal();
    }
}
