// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.validation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tepui.v1.AgentID;
import org.tepui.v1.ExecutorID;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.OfferID;
import org.tepui.v1.TaskID;

class IdRulesTest {
    @ParameterizedTest
    @ValueSource(strings = {"t", "a b", "...", "a.b-c_d", "ünïcode", "a:b;c'd\"e", "-"})
    void theseAreAllowed(String value) {
        assertThat(IdRules.problem(TaskID.newBuilder().setValue(value).build())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "/", "a/b", "a\\b", "a\u0000", "a\n", "\u007f", "\u0085"})
    void theseAreNot(String value) {
        assertThat(IdRules.problem(TaskID.newBuilder().setValue(value).build())).isPresent();
    }

    @Test
    void theLengthIsCountedInBytes() {
        assertThat(IdRules.problem(TaskID.newBuilder().setValue("x".repeat(255)).build()))
                .isEmpty();
        assertThat(IdRules.problem(TaskID.newBuilder().setValue("x".repeat(256)).build()))
                .isPresent();
        assertThat(IdRules.problem(TaskID.newBuilder().setValue("ü".repeat(128)).build()))
                .isPresent();
        assertThat(IdRules.problem(
                        TaskID.newBuilder().setValue("x".repeat(10_000_000)).build()))
                .hasValueSatisfying(problem -> assertThat(problem).hasSizeLessThan(200));
    }

    @Test
    void eachKindOfIdIsNamed() {
        assertThat(IdRules.problem(FrameworkID.newBuilder().setValue("").build()))
                .hasValueSatisfying(problem -> assertThat(problem).startsWith("framework id"));
        assertThat(IdRules.problem(AgentID.newBuilder().setValue("").build()))
                .hasValueSatisfying(problem -> assertThat(problem).startsWith("agent id"));
        assertThat(IdRules.problem(ExecutorID.newBuilder().setValue("").build()))
                .hasValueSatisfying(problem -> assertThat(problem).startsWith("executor id"));
        assertThat(IdRules.problem(OfferID.newBuilder().setValue("").build()))
                .hasValueSatisfying(problem -> assertThat(problem).startsWith("offer id"));
    }
}
