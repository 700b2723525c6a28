// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;

/**
 * How a master treats allocation policies.
 *
 * @param firstChoice name of the policy that is used as long as no operator chose one
 * @param callTimeout after which a call that does not return makes a policy a broken one
 * @param swapTimeout after which a policy that is not ready to take over is given up
 * @param patience how long a master that starts waits for the chosen policy before it takes another
 */
public record AllocatorSettings(String firstChoice, Duration callTimeout, Duration swapTimeout, Duration patience) {
    /** The policy that serves where no other can, and that is in every installation. */
    static final String DEFAULT_POLICY = "drf";

    private static final Duration SWAP_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The settings where these two are chosen and nothing else. */
    static AllocatorSettings of(String firstChoice, Duration callTimeout) {
        return new AllocatorSettings(firstChoice, callTimeout, SWAP_TIMEOUT, PATIENCE);
    }

    /** What holds where nothing is set. */
    public static AllocatorSettings defaults() {
        return of(DEFAULT_POLICY, Duration.ofSeconds(1));
    }
}
