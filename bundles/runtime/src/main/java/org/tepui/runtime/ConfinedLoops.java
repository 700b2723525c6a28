// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

/** Makes loops for code that is not trusted, one for each life of it. */
@FunctionalInterface
public interface ConfinedLoops {
    /**
     * Starts a loop.
     *
     * @param name of its thread and in logs
     */
    ConfinedLoop open(String name);
}
