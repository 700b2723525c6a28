// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;
import org.tepui.api.service.PluginInfo.Origin;

class PluginStateFileTest {
    private static final Instant NOW = Instant.parse("2026-11-22T16:00:00.123Z");

    private static PluginRecord record(String name, String version) {
        return new PluginRecord(
                name, Version.parseVersion(version), "ab12", Origin.DEPLOY, "a file %.jar", NOW, "0.9.0");
    }

    private static PluginState state() {
        PluginState state = new PluginState();
        state.install(record("b", "2.0.0.x_1"));
        state.install(record("a", "1.0.0"));
        state.keep(record("a", "0.8.0"));
        state.keep(record("a", "0.9.0"));
        state.addDeployed(new DeployedFile("a file %.jar", 12, 34, "a", "1.0.0"));
        state.addEntry(new JournalEntry(7, NOW, JournalEntry.Action.INSTALL, "a", "", "1.0.0", "call"));
        return state;
    }

    @Test
    void readsWhatItWrote() throws PluginStateFile.UnknownFormException {
        PluginStateFile.Content read = PluginStateFile.read(PluginStateFile.write(state()));
        assertThat(read.damaged()).isEmpty();
        assertThat(read.state().current()).containsExactly(record("b", "2.0.0.x_1"), record("a", "1.0.0"));
        assertThat(read.state().earlier("a")).containsExactly(record("a", "0.9.0"), record("a", "0.8.0"));
        assertThat(read.state().deployed()).isEqualTo(state().deployed());
        assertThat(read.state().journal()).isEqualTo(state().journal());
        assertThat(read.state().nextEntryNumber()).isEqualTo(8);
    }

    @Test
    void losesOnlyTheLinesThatAreDamaged() throws PluginStateFile.UnknownFormException {
        byte[] bytes = PluginStateFile.write(state());
        int header = "tepui-plugins 1\n".length();
        for (int at = header; at < bytes.length; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 0x15;
            PluginStateFile.Content read = PluginStateFile.read(damaged);
            assertThat(read.damaged()).as("byte %d", at).isNotEmpty();
            assertThat(read.state().current().size()
                            + read.state().earlier().size()
                            + read.state().deployed().size()
                            + read.state().journal().size())
                    .isBetween(4, 6);
        }
    }

    @Test
    void isReadAtAnyLength() throws PluginStateFile.UnknownFormException {
        byte[] bytes = PluginStateFile.write(state());
        int header = "tepui-plugins 1\n".length();
        for (int length = header; length < bytes.length; length++) {
            PluginStateFile.Content read = PluginStateFile.read(java.util.Arrays.copyOf(bytes, length));
            assertThat(read.damaged().size()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void refusesAFormThatItDoesNotKnow() {
        assertThatThrownBy(() -> PluginStateFile.read("tepui-plugins 2\n".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("does not begin with 'tepui-plugins 1'");
    }

    @Test
    void keepsThreeVersionsForRollbacks() {
        PluginState state = new PluginState();
        for (int i = 1; i <= 5; i++) {
            state.keep(record("a", "1." + i + ".0"));
        }
        assertThat(state.earlier("a"))
                .extracting(kept -> kept.version().toString())
                .containsExactly("1.5.0", "1.4.0", "1.3.0");
    }
}
