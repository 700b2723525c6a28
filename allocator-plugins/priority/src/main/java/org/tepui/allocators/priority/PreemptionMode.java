// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

/** What becomes of planned preemptions. The names are values of {@code preemption} in the configuration. */
enum PreemptionMode {
    /** Nothing is planned unless somebody asks for the plan. */
    OFF,
    /** Planned again and again and written to the log; nothing is ended. */
    DRY_RUN,
    /** Planned and done. */
    ON
}
