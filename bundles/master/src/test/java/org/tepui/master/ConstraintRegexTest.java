// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConstraintRegexTest {
    @Test
    void matchesTheWholeText() {
        ConstraintRegex regex = ConstraintRegex.of("rack-[0-9]{1,3}");
        assertThat(regex.test("rack-12")).isTrue();
        assertThat(regex.test("a rack-12")).isFalse();
        assertThat(regex.test("rack-1234")).isFalse();
        assertThat(ConstraintRegex.of("a{20}b{20}c{20}").test("a".repeat(20) + "b".repeat(20) + "c".repeat(20)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                ")",
                "[",
                "a**b(",
                "(?=a)",
                "(a)\\1",
                "a{1001}",
                "x{101}",
                "(x{11}){11}",
                "((x{1000}){1000}){1000}",
                "((((((((((x{9}){9}){9}){9}){9}){9}){9}){9}){9}){9}){9}",
                "(?:(?:[a-z]{999}){999}){999}",
            })
    void refusesWhatIsNoExpressionOrTooComplex(String regex) {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> ConstraintRegex.of(regex))
                        .withMessageContaining("is not allowed"));
    }

    @Test
    void refusesWhatIsTooLongOrTooDeep() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConstraintRegex.of("a".repeat(4097)))
                .withMessageContaining("4097");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConstraintRegex.of("(?:".repeat(1300) + "a"))
                .withMessageContaining("too complex");
    }

    @Test
    void takesNoLongerForExpressionsThatBacktrackingSuffersFrom() {
        ConstraintRegex regex = ConstraintRegex.of("(a*)*(a*)*(a|aa)*b");
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThat(regex.test("a".repeat(20_000))).isFalse());
    }
}
