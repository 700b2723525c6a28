// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.validation;

import java.util.Optional;
import java.util.function.Function;
import org.tepui.api.AgentId;
import org.tepui.api.ExecutorId;
import org.tepui.api.FrameworkId;
import org.tepui.api.OfferId;
import org.tepui.api.TaskId;
import org.tepui.v1.AgentID;
import org.tepui.v1.ExecutorID;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.OfferID;
import org.tepui.v1.TaskID;

/**
 * Whether an id on the wire keeps the rules of ids: 1 to 255 bytes, neither {@code .} nor {@code ..}, no slash,
 * backslash or control character. Each method returns what is wrong with the id, or nothing.
 */
public final class IdRules {
    private IdRules() {}

    /** What is wrong with the id of a framework. */
    public static Optional<String> problem(FrameworkID id) {
        return problem(FrameworkId::new, id.getValue());
    }

    /** What is wrong with the id of an agent. */
    public static Optional<String> problem(AgentID id) {
        return problem(AgentId::new, id.getValue());
    }

    /** What is wrong with the id of a task. */
    public static Optional<String> problem(TaskID id) {
        return problem(TaskId::new, id.getValue());
    }

    /** What is wrong with the id of an executor. */
    public static Optional<String> problem(ExecutorID id) {
        return problem(ExecutorId::new, id.getValue());
    }

    /** What is wrong with the id of an offer. */
    public static Optional<String> problem(OfferID id) {
        return problem(OfferId::new, id.getValue());
    }

    private static Optional<String> problem(Function<String, ?> type, String value) {
        try {
            Object ignored = type.apply(value);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }
}
