// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.EnumSet;

/** What became of an offer. */
enum OfferState {
    /** With the scheduler. */
    OUTSTANDING,
    /** The scheduler used it, wholly or in part. */
    ACCEPTED,
    /** The scheduler gave it back. */
    DECLINED,
    /** The master took it back: agent or scheduler lost, role left, or its time was over. */
    RESCINDED;

    static final Transitions<OfferState> MOVES = Transitions.of(OfferState.class)
            .from(OUTSTANDING, EnumSet.of(ACCEPTED, DECLINED, RESCINDED))
            .build();
}
