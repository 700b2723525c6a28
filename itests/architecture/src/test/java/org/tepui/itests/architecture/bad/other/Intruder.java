// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.architecture.bad.other;

import org.tepui.itests.architecture.bad.internal.Hidden;

final class Intruder {
    private Intruder() {}

    static int uses() {
        return Hidden.value();
    }
}
