// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import org.tepui.v1.master.Call;

/** Calls of operators. */
final class Views {
    private Views() {}

    static Call call(Call.Type type) {
        return Call.newBuilder().setType(type).build();
    }
}
