// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.convert;

import org.tepui.api.AgentId;
import org.tepui.api.ContainerId;
import org.tepui.api.ExecutorId;
import org.tepui.api.FrameworkId;
import org.tepui.api.OfferId;
import org.tepui.api.TaskId;
import org.tepui.v1.AgentID;
import org.tepui.v1.ContainerID;
import org.tepui.v1.ExecutorID;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.OfferID;
import org.tepui.v1.TaskID;

/**
 * Ids. {@code toApi} throws {@link IllegalArgumentException} for ids that break the rules: {@link
 * org.tepui.proto.validation.IdRules} says so without an exception.
 */
public final class IdConversion {
    private IdConversion() {}

    /** The id of an agent. */
    public static AgentId toApi(AgentID id) {
        return new AgentId(id.getValue());
    }

    /** The id of an agent. */
    public static AgentID toWire(AgentId id) {
        return AgentID.newBuilder().setValue(id.value()).build();
    }

    /** The id of a container; its parent is left out. */
    public static ContainerId toApi(ContainerID id) {
        return new ContainerId(id.getValue());
    }

    /** The id of a container. */
    public static ContainerID toWire(ContainerId id) {
        return ContainerID.newBuilder().setValue(id.value()).build();
    }

    /** The id of an executor. */
    public static ExecutorId toApi(ExecutorID id) {
        return new ExecutorId(id.getValue());
    }

    /** The id of an executor. */
    public static ExecutorID toWire(ExecutorId id) {
        return ExecutorID.newBuilder().setValue(id.value()).build();
    }

    /** The id of a framework. */
    public static FrameworkId toApi(FrameworkID id) {
        return new FrameworkId(id.getValue());
    }

    /** The id of a framework. */
    public static FrameworkID toWire(FrameworkId id) {
        return FrameworkID.newBuilder().setValue(id.value()).build();
    }

    /** The id of an offer. */
    public static OfferId toApi(OfferID id) {
        return new OfferId(id.getValue());
    }

    /** The id of an offer. */
    public static OfferID toWire(OfferId id) {
        return OfferID.newBuilder().setValue(id.value()).build();
    }

    /** The id of a task. */
    public static TaskId toApi(TaskID id) {
        return new TaskId(id.getValue());
    }

    /** The id of a task. */
    public static TaskID toWire(TaskId id) {
        return TaskID.newBuilder().setValue(id.value()).build();
    }
}
