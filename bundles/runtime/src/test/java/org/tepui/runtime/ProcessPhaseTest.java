// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ProcessPhaseTest {
    @Test
    void goesForwardOneStepAtATime() {
        Set<String> legal = Set.of("STARTING RUNNING", "RUNNING ENDED");
        for (ProcessPhase from : ProcessPhase.values()) {
            for (ProcessPhase to : ProcessPhase.values()) {
                assertThat(from.mayBecome(to)).as(from + " " + to).isEqualTo(legal.contains(from + " " + to));
            }
        }
    }
}
