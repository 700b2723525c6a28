// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.architecture.bad.internal;

public final class Hidden {
    private Hidden() {}

    public static int value() {
        return 1;
    }
}
