// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.tepui.runtime.Processes.ExitStatus;

/**
 * What a simulated process does.
 *
 * @param startFailure why it cannot be started; then the rest has no meaning
 * @param runTime after which it ends by itself
 * @param exitCode with which it does, 0 to 255
 * @param ignoresTermination whether SIGTERM and SIGINT leave it running
 */
public record ProcessPlan(Optional<String> startFailure, Duration runTime, int exitCode, boolean ignoresTermination) {
    /** Longer than any simulation. */
    private static final Duration EVER = Duration.ofDays(36_500);

    /** A process that ends by itself. */
    public static ProcessPlan exits(Duration runTime, int exitCode) {
        return new ProcessPlan(Optional.empty(), runTime, exitCode, false);
    }

    /** A process that runs until somebody ends it. */
    public static ProcessPlan runsUntilKilled() {
        return exits(EVER, 0);
    }

    /** A process that runs until SIGKILL. */
    public static ProcessPlan endsOnlyBySigkill() {
        return new ProcessPlan(Optional.empty(), EVER, 0, true);
    }

    /** A process that cannot be started. */
    public static ProcessPlan cannotStart(String reason) {
        return new ProcessPlan(Optional.of(reason), Duration.ZERO, 0, false);
    }

    ExitStatus exit() {
        return new ExitStatus(OptionalInt.of(exitCode), OptionalInt.empty());
    }
}
