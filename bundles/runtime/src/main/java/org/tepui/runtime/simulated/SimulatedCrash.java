// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

/**
 * Ends the work that runs at the moment at which its machine crashes; an error, so that no service takes it for a
 * failure of the disk.
 */
final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1L;

    SimulatedCrash(String node) {
        super(node + " crashed", null, false, false);
    }
}
