// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tepui.v1.Labels;

class TaskPriorityTest {
    private static Labels labelled(String value) {
        Labels.Builder labels = Labels.newBuilder();
        labels.addLabelsBuilder().setKey("rack").setValue("r12");
        labels.addLabelsBuilder().setKey("tepui.priority").setValue(value);
        return labels.build();
    }

    @Test
    void aTaskWithoutTheLabelHasPriorityZero() {
        assertThat(TaskPriority.of(Labels.getDefaultInstance())).isZero();
        assertThat(TaskPriority.problem(Labels.getDefaultInstance())).isEmpty();
    }

    @Test
    void theLabelIsTheTasksPriority() {
        assertThat(TaskPriority.of(labelled("-7"))).isEqualTo(-7);
        assertThat(TaskPriority.of(labelled("1000000"))).isEqualTo(1_000_000);
        assertThat(TaskPriority.problem(labelled("1000000"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "high", "1.5", "1000001", "-2147483648", "99999999999"})
    void aLabelThatIsNoPriorityIsNamedWithWhatIsAllowed(String value) {
        assertThat(TaskPriority.problem(labelled(value)))
                .hasValueSatisfying(
                        problem -> assertThat(problem).contains("tepui.priority", value, "-1000000 to 1000000"));
        assertThat(TaskPriority.of(labelled(value))).isZero();
    }
}
