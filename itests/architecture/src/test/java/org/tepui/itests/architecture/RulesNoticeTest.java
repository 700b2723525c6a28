// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A rule that cannot fail protects nothing: each must notice what is wrong in the package {@code bad}. */
class RulesNoticeTest {
    private static final String BAD = "org.tepui.itests.architecture.bad";
    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages(BAD);

    @Test
    void importsThatAreNotAllowed() {
        assertThat(violations(ImportRules.of(BAD, List.of()))).contains("io.netty.buffer.ByteBuf");
        assertThat(violations(ImportRules.of(BAD, List.of("io.netty")))).isEmpty();
    }

    @Test
    void librariesOfOthers() {
        assertThat(violations(ImportRules.only(List.of("org.tepui.transport"), "io.netty")))
                .contains("io.netty.buffer.ByteBuf");
    }

    @Test
    void packagesThatAreNotExported() {
        assertThat(violations(ImportRules.onlyExportsAreUsed(BAD + ".internal", Set.of())))
                .contains("Intruder");
    }

    @Test
    void clockChanceAndThreads() {
        assertThat(violations(DeterminismRules.noClockChanceOrThreads(List.of(BAD))))
                .contains("System.nanoTime()")
                .contains("Math.random()")
                .contains("java.lang.Thread");
    }

    @Test
    void randomOrder() {
        assertThat(violations(DeterminismRules.noRandomOrder(List.of(BAD))))
                .contains("java.util.Set.of")
                .contains("java.util.Map.copyOf");
    }

    @Test
    void locks() {
        assertThat(violations(DeterminismRules.noSynchronizedMethods(List.of(BAD))))
                .contains("time()");
    }

    @Test
    void serializedObjects() {
        assertThat(violations(DeterminismRules.noObjectStreams())).contains("ObjectInputStream");
    }

    private static String violations(ArchRule rule) {
        EvaluationResult result = rule.evaluate(CLASSES);
        return String.join("\n", result.getFailureReport().getDetails());
    }
}
