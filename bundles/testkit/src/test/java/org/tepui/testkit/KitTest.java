// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.tepui.testkit.PlainAllocator.Fault;

/** The contracts pass a policy that keeps them, and fail for each fault that is planted into it. */
class KitTest {
    @AfterEach
    void removeTheFault() {
        PlainContract.plant(Fault.NONE);
    }

    private static TestExecutionSummary run(DiscoverySelector... selectors) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectors)
                                .build(),
                        listener);
        return listener.getSummary();
    }

    private static List<String> failures(TestExecutionSummary summary) {
        List<String> failures = new ArrayList<>();
        summary.getFailures()
                .forEach(failure -> failures.add(failure.getTestIdentifier().getDisplayName() + " "
                        + failure.getException().getMessage()));
        return failures;
    }

    @Test
    void passesAPolicyThatKeepsTheContract() {
        TestExecutionSummary summary = run(selectClass(PlainContract.All.class), selectClass(PlainContract.Fair.class));

        assertThat(failures(summary)).isEmpty();
        assertThat(summary.getTestsSucceededCount()).isGreaterThan(100);
    }

    private static Arguments found(Fault fault, Class<?> part, String test) {
        Class<?> contract =
                part.getEnclosingClass() == FairnessContract.class ? PlainContract.Fair.class : PlainContract.All.class;
        return Arguments.of(fault, contract, part, test);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                found(Fault.OFFERS_WHAT_IS_HELD, AllocatorContract.Offers.class, "offersWhatIsFree"),
                found(Fault.IGNORES_SUPPRESSION, AllocatorContract.Suppression.class, "isSilentForSuppressedRoles"),
                found(Fault.FORGETS_DECLINES_TOO_EARLY, AllocatorContract.Declines.class, "holdsBackWhatWasDeclined"),
                found(Fault.DECLINES_HOLD_BACK_MORE, AllocatorContract.Declines.class, "holdsBackPartsOfWhat"),
                found(Fault.NEVER_FREES, AllocatorContract.Offers.class, "offersAgainWhatATaskGaveBack"),
                found(Fault.OFFERS_WHAT_OTHERS_RESERVED, AllocatorContract.Reservations.class, "offersReserved"),
                found(Fault.IGNORES_WEIGHTS, FairnessContract.Order.class, "dividesByWeight"),
                found(Fault.EXPLAINS_WRONGLY, AllocatorContract.Explanations.class, "tellsTheTruth"),
                found(
                        Fault.LOSES_WHAT_WAS_ON_A_LOST_AGENT,
                        AllocatorContract.Offers.class,
                        "offersAnAgentThatComesBackWhole"),
                found(Fault.IGNORES_CONSTRAINTS, AllocatorContract.Eligibility.class, "offersAgentsThatAFramework"),
                found(Fault.MISSES_RESERVATIONS, AllocatorContract.Reservations.class, "followsAReservation"),
                found(Fault.GOES_ON_AFTER_ITS_END, AllocatorContract.Handover.class, "doesNothingAfterItsEnd"),
                found(Fault.MINDS_TASKS_TWICE, AllocatorContract.Tasks.class, "countsWhatATaskHoldsOnce"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void failsAPolicyThatBreaksIt(Fault fault, Class<?> contract, Class<?> part, String test) {
        PlainContract.plant(fault);
        List<String> failures = failures(run(selectNestedClass(List.of(contract), part)));

        assertThat(failures).as("failures in %s", part).anyMatch(failure -> failure.startsWith(test));
    }

    @Test
    void shortensARandomRunThatFailsAndTellsWhatHappened() {
        PlainContract.plant(Fault.NEVER_FREES);
        List<String> failures = failures(
                run(selectNestedClass(List.of(PlainContract.All.class), AllocatorContract.Conservation.class)));

        String failure = failures.stream()
                .filter(text -> text.startsWith("conservesEveryUnit"))
                .findFirst()
                .orElseThrow();
        assertThat(failure)
                .containsPattern("random events with seed 0 failed; [0-9]{1,2} of 1000 steps are enough")
                .contains("after these events:", "addAgent ", "addFramework ", "recoverResources ");
        assertThat(failure.lines().count()).isLessThan(80);
    }
}
