// SPDX-License-Identifier: Apache-2.0
package org.tepui.simulator;

/**
 * A task of the whole cluster.
 *
 * @param framework number of the framework's node
 * @param task its id in the framework
 */
record TaskName(int framework, String task) {
    @Override
    public String toString() {
        return "framework " + framework + " task " + task;
    }
}
