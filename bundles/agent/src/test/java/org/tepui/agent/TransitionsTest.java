// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tepui.api.TaskState;

class TransitionsTest {
    @Test
    void aTaskMovesAsTheTableSaysAndNoOtherWay() {
        List<String> legal = new ArrayList<>();
        for (TaskState from : TaskState.values()) {
            for (TaskState to : TaskState.values()) {
                if (TaskTransitions.isLegal(from, to)) {
                    legal.add(from + ">" + to);
                }
            }
        }
        assertThat(legal)
                .containsExactlyInAnyOrder(
                        "STAGING>RUNNING",
                        "STAGING>FAILED",
                        "STAGING>KILLED",
                        "STAGING>ERROR",
                        "STAGING>LOST",
                        "STAGING>DROPPED",
                        "RUNNING>KILLING",
                        "RUNNING>FINISHED",
                        "RUNNING>FAILED",
                        "RUNNING>KILLED",
                        "RUNNING>LOST",
                        "RUNNING>GONE",
                        "KILLING>FINISHED",
                        "KILLING>FAILED",
                        "KILLING>KILLED",
                        "KILLING>LOST",
                        "KILLING>GONE");
    }

    @Test
    void aRegistrationMovesAsTheTableSaysAndNoOtherWay() {
        List<String> legal = new ArrayList<>();
        for (RegistrationState from : RegistrationState.values()) {
            for (RegistrationState to : RegistrationState.values()) {
                if (from.mayBecome(to)) {
                    legal.add(from + ">" + to);
                }
            }
        }
        assertThat(legal)
                .containsExactlyInAnyOrder(
                        "DISCONNECTED>REGISTERING",
                        "DISCONNECTED>ENDED",
                        "REGISTERING>REGISTERED",
                        "REGISTERING>DISCONNECTED",
                        "REGISTERING>ENDED",
                        "REGISTERED>REGISTERING",
                        "REGISTERED>DISCONNECTED",
                        "REGISTERED>ENDED");
    }
}
