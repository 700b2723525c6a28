// SPDX-License-Identifier: Apache-2.0
package org.tepui.api;

/** What an agent says that it can do, in the words and numbers of the v1 API. */
public enum AgentCapability {
    /** It runs tasks of frameworks with several roles. */
    MULTI_ROLE(1),
    /** It knows roles with slashes. */
    HIERARCHICAL_ROLE(2),
    /** It keeps reservations that are refined for a child role. */
    RESERVATION_REFINEMENT(3),
    /** Resource providers may attach themselves to it. */
    RESOURCE_PROVIDER(4),
    /** It grows and shrinks persistent volumes. */
    RESIZE_VOLUME(5),
    /** It reports the outcome of operations on its own resources. */
    AGENT_OPERATION_FEEDBACK(6),
    /** It can be drained. */
    AGENT_DRAINING(7),
    /** It keeps limits of a task that lie above what was requested. */
    TASK_RESOURCE_LIMITS(8);

    private final int number;

    AgentCapability(int number) {
        this.number = number;
    }

    /** The value of this capability in the v1 API. */
    public int number() {
        return number;
    }
}
