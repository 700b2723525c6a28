// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tepui.runtime.Processes.UserIds;
import org.tepui.runtime.UserDatabase.User;

@Timeout(60)
class SystemUserDatabaseTest {
    private static final class ManualClock implements Clock {
        private long nanos = Long.MAX_VALUE - 5;

        @Override
        public Instant wallTime() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        void pass(Duration time) {
            nanos += time.toNanos();
        }
    }

    private final ManualClock clock = new ManualClock();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private SystemUserDatabase database(String getent, String id) throws IOException {
        return new SystemUserDatabase(clock, script("getent", getent), script("id", id));
    }

    /** A command that notes each call. */
    private String script(String name, String body) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, "#!/bin/sh\necho \"$*\" >> " + directory.resolve(name + ".calls") + "\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file.toString();
    }

    private List<String> calls(String name) throws IOException {
        Path file = directory.resolve(name + ".calls");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    @Test
    void asksTheMachine() throws IOException {
        SystemUserDatabase machine = new SystemUserDatabase(clock);
        assertThat(machine.find("root")).hasValueSatisfying(root -> {
            assertThat(root.ids().uid()).isZero();
            assertThat(root.ids().groups()).contains(0);
            assertThat(root.home()).isEqualTo("/root");
        });
        assertThat(machine.find("no-such-user-here")).isEmpty();
        assertThat(machine.find("0")).isEmpty();
    }

    @Test
    void findsSupplementaryGroups() throws IOException {
        SystemUserDatabase database = database("echo 'ann:x:1001:100:Ann,,,:/home/ann:/bin/sh'", "echo '100 4 24'");
        assertThat(database.find("ann"))
                .isEqualTo(Optional.of(new User("ann", new UserIds(1001, 100, List.of(100, 4, 24)), "/home/ann")));
        assertThat(calls("getent")).containsExactly("passwd ann");
        assertThat(calls("id")).containsExactly("-G ann");
    }

    @Test
    void keepsAnswersForAMinute() throws IOException {
        SystemUserDatabase database = database("echo 'ann:x:1001:100::/home/ann:/bin/sh'", "echo 100");
        database.find("ann");
        clock.pass(Duration.ofSeconds(59));
        database.find("ann");
        assertThat(calls("getent")).hasSize(1);
        clock.pass(Duration.ofSeconds(1));
        database.find("ann");
        assertThat(calls("getent")).hasSize(2);
    }

    @Test
    void asksForAnUnknownUserAgainAfterTenSeconds() throws IOException {
        SystemUserDatabase database = database("exit 2", "exit 1");
        assertThat(database.find("eve")).isEmpty();
        clock.pass(Duration.ofSeconds(9));
        assertThat(database.find("eve")).isEmpty();
        assertThat(calls("getent")).hasSize(1);
        clock.pass(Duration.ofSeconds(1));
        assertThat(database.find("eve")).isEmpty();
        assertThat(calls("getent")).hasSize(2);
        assertThat(calls("id")).isEmpty();
    }

    @Test
    void doesNotAskForWhatCannotBeAName() throws IOException {
        SystemUserDatabase database = database("echo asked", "echo asked");
        for (String name : List.of("", "-s", "a:b", "a/b", "a b", "a\nb", "a\0b", "x".repeat(10 << 20))) {
            assertThat(database.find(name)).isEmpty();
        }
        assertThat(calls("getent")).isEmpty();
    }

    @Test
    void tellsFailuresOfTheMachineFromUnknownUsers() throws IOException {
        SystemUserDatabase broken = database("exit 3", "exit 0");
        assertThatThrownBy(() -> broken.find("ann"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("status 3");
        SystemUserDatabase odd = database("echo 'ann:x'", "exit 0");
        assertThatThrownBy(() -> odd.find("ann")).hasMessageContaining("2 fields");
        SystemUserDatabase letters = database("echo 'ann:x:one:100::/:/bin/sh'", "echo 100");
        assertThatThrownBy(() -> letters.find("ann")).hasMessageContaining("'one' is no number");
        SystemUserDatabase missing = new SystemUserDatabase(clock, "/no/such/getent", "id");
        assertThatThrownBy(() -> missing.find("ann")).hasMessageContaining("/no/such/getent");
    }
}
