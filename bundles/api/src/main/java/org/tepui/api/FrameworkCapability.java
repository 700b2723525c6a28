// SPDX-License-Identifier: Apache-2.0
package org.tepui.api;

/** What a framework says that it can handle, in the words and numbers of the v1 API. */
public enum FrameworkCapability {
    /** It takes resources that may be taken back at any time. */
    REVOCABLE_RESOURCES(1),
    /** It knows the task state KILLING. */
    TASK_KILLING_STATE(2),
    /** It knows what to do with GPUs; machines with GPUs are kept from the others. */
    GPU_RESOURCES(3),
    /** It takes volumes that several tasks use at once. */
    SHARED_RESOURCES(4),
    /** It knows the task states that tell the kinds of loss apart. */
    PARTITION_AWARE(5),
    /** It names its roles as a list, and may have several. */
    MULTI_ROLE(6),
    /** It understands reservations that are refined for a child role. */
    RESERVATION_REFINEMENT(7),
    /** It takes resources in another region than the master's. */
    REGION_AWARE(8);

    private final int number;

    FrameworkCapability(int number) {
        this.number = number;
    }

    /** The value of this capability in the v1 API. */
    public int number() {
        return number;
    }
}
