// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tepui.api.service.PluginUser;
import org.tepui.api.service.PluginUser.Standing;
import org.tepui.api.service.PluginUser.Use;
import org.tepui.runtime.SystemClock;

@Timeout(30)
class PluginUsersTest {
    private static final long OLD = 1;
    private static final long NEW = 2;

    private final Said said = new Said();
    private final PluginUsers users = new PluginUsers(() -> List.of(said), new SystemClock(), Duration.ofMillis(200));

    /** Says one thing after the other; the last one for ever. */
    private static final class Said implements PluginUser {
        private final Map<Long, Deque<Use>> uses = new HashMap<>();
        private final List<Long> released = new ArrayList<>();
        private Optional<String> refusal = Optional.empty();

        private void says(long bundle, Standing... standings) {
            Deque<Use> all = new ArrayDeque<>();
            for (Standing standing : standings) {
                all.add(new Use(standing, "because " + standing));
            }
            uses.put(bundle, all);
        }

        @Override
        public Use useOf(long bundleId) {
            Deque<Use> all = uses.getOrDefault(bundleId, new ArrayDeque<>());
            return all.isEmpty() ? Use.NONE : all.size() > 1 ? all.remove() : all.getFirst();
        }

        @Override
        public Optional<String> release(long bundleId) {
            released.add(bundleId);
            return refusal;
        }
    }

    @Test
    void waitUntilTheNewIsUsedAndTheOldIsNot() {
        said.says(NEW, Standing.PREPARING, Standing.PREPARING, Standing.IN_USE);
        said.says(OLD, Standing.IN_USE, Standing.IN_USE, Standing.IN_USE, Standing.UNUSED);
        assertThatCode(() -> users.awaitTaken(NEW, Optional.of(OLD), "new")).doesNotThrowAnyException();
        assertThat(users.useOf(OLD).standing()).isEqualTo(Standing.UNUSED);
    }

    @Test
    void haveNothingToDoWithMostPlugIns() {
        assertThatCode(() -> users.awaitTaken(NEW, Optional.of(OLD), "new")).doesNotThrowAnyException();
        assertThatCode(() -> users.release(OLD, "old")).doesNotThrowAnyException();
    }

    @Test
    void sayWhyTheNewWasRejected() {
        said.says(NEW, Standing.PREPARING, Standing.REJECTED);
        said.says(OLD, Standing.IN_USE);
        assertThatThrownBy(() -> users.awaitTaken(NEW, Optional.of(OLD), "new 2.0.0"))
                .hasMessage("new 2.0.0 was tried and given up, all is as before: because REJECTED");
    }

    @Test
    void doNotWaitForEver() {
        said.says(NEW, Standing.PREPARING);
        assertThatThrownBy(() -> users.awaitTaken(NEW, Optional.empty(), "new"))
                .hasMessage("new was not taken up within 0 s, all is as before: because PREPARING");
        said.says(NEW, Standing.UNUSED);
        said.says(OLD, Standing.IN_USE);
        assertThatThrownBy(() -> users.awaitTaken(NEW, Optional.of(OLD), "new"))
                .hasMessageContaining("was not taken up");
        assertThatThrownBy(() -> users.release(OLD, "old")).hasMessageContaining("old stays: it was still in use");
    }

    @Test
    void keepWhatHasNoReplacement() {
        said.refusal = Optional.of("there is no other");
        assertThatThrownBy(() -> users.release(OLD, "old 1.0.0")).hasMessage("old 1.0.0 cannot go: there is no other");
        assertThat(said.released).containsExactly(OLD);
    }

    @Test
    void countByTheOneThatNeedsItMost() {
        Said other = new Said();
        other.says(NEW, Standing.IN_USE);
        said.says(NEW, Standing.REJECTED);
        PluginUsers both = new PluginUsers(() -> List.of(other, said), new SystemClock(), Duration.ofMillis(200));
        assertThat(both.useOf(NEW)).isEqualTo(new Use(Standing.IN_USE, "because IN_USE; because REJECTED"));
    }
}
