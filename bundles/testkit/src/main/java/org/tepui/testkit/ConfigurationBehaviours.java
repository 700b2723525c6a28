// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.tepui.api.configuration.ConfigurationException;

/** A factory says what it is called and refuses what it does not understand. */
abstract class ConfigurationBehaviours extends PolicyPart {
    @Test
    void hasANameThatOperatorsCanType() {
        assertThat(policy().factory().name()).matches("[a-z][a-z0-9-]*");
    }

    @Test
    void passesOverWhatAContainerAdds() {
        Map<String, String> configuration = new TreeMap<>(policy().configuration());
        configuration.put("service.id", "42");
        configuration.put("service.pid", "org.example");
        configuration.put("component.id", "7");
        configuration.put("component.name", "org.example.Factory");
        configuration.put("felix.fileinstall.filename", "file:/etc/policy.cfg");
        AllocatorFixture fixture = new AllocatorFixture(policy().factory(), configuration, 1);
        fixture.addFramework("f1", "a");
        fixture.addAgent("s1", AGENT);
        assertThat(fixture.offers()).hasSize(1);
    }

    @Test
    void refusesEachWrongSettingByItsName() {
        policy().refusedConfiguration().forEach((key, value) -> {
            Map<String, String> configuration = new TreeMap<>(policy().configuration());
            configuration.put(key, value);
            assertThatThrownBy(() -> new AllocatorFixture(policy().factory(), configuration, 1))
                    .as("%s=%s", key, value)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(key)
                    .hasMessageContaining(value);
        });
    }

    @Test
    void reportsAllWrongSettingsTogether() {
        Map<String, String> wrong = policy().refusedConfiguration();
        if (wrong.isEmpty()) {
            return;
        }
        Map<String, String> configuration = new TreeMap<>(policy().configuration());
        configuration.putAll(wrong);
        assertThatThrownBy(() -> new AllocatorFixture(policy().factory(), configuration, 1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(wrong.keySet().toArray(CharSequence[]::new));
    }
}
