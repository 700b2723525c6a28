// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.Optional;
import org.tepui.v1.Label;
import org.tepui.v1.Labels;

/** How important a task is beside others of its role, which its scheduler says by a label. */
final class TaskPriority {
    private static final String LABEL = "tepui.priority";
    private static final int HIGHEST = 1_000_000;

    private TaskPriority() {}

    /** The number in the label; 0 without one, and for one that is not allowed. */
    static int of(Labels labels) {
        return label(labels).flatMap(TaskPriority::number).orElse(0);
    }

    /** What is wrong with the label: a sentence, or nothing. */
    static Optional<String> problem(Labels labels) {
        return label(labels)
                .filter(value -> number(value).isEmpty())
                .map(value -> "Task has label '" + LABEL + "' with value '" + FrameworkRules.shown(value)
                        + "': a whole number from -" + HIGHEST + " to " + HIGHEST + " is allowed");
    }

    private static Optional<String> label(Labels labels) {
        return labels.getLabelsList().stream()
                .filter(label -> label.getKey().equals(LABEL))
                .map(Label::getValue)
                .findFirst();
    }

    private static Optional<Integer> number(String value) {
        try {
            int priority = Integer.parseInt(value);
            return Math.abs((long) priority) <= HIGHEST ? Optional.of(priority) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
