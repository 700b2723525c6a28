// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

/** Makes the loops of policies, one for each life of a policy. */
@FunctionalInterface
public interface PolicyLoops {
    /**
     * Starts a loop.
     *
     * @param name of its thread and in logs
     */
    PolicyLoop open(String name);
}
