// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SystemRandomnessTest {
    @Test
    void makesDistinctUuidsOfVersion4() {
        SystemRandomness randomness = new SystemRandomness();
        Set<UUID> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            UUID uuid = randomness.nextUuid();
            assertThat(uuid.version()).isEqualTo(4);
            assertThat(uuid.variant()).isEqualTo(2);
            assertThat(seen.add(uuid)).isTrue();
        }
    }
}
