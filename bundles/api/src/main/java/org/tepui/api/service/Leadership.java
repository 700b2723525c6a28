// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.service;

import java.time.Instant;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Whether this master leads, and who does if not. Safe to use from any thread. */
@ProviderType
public interface Leadership {
    /** What a master may do at present. */
    enum State {
        /** No leader is known. */
        NONE,
        /** Another master leads. */
        STANDBY,
        /** This master leads and reads its durable state: it answers nobody yet. */
        RECOVERING,
        /** This master leads. */
        LEADING
    }

    /** What this master may do now. */
    State state();

    /** The id of this master's present life: a new one at every start. */
    String masterId();

    /** {@code HOST:PORT} where others reach this master. */
    String address();

    /** {@code HOST:PORT} of the leader, itself included; empty if none is known. */
    Optional<String> leaderAddress();

    /** When this master started, by the wall clock. */
    Instant startTime();
}
