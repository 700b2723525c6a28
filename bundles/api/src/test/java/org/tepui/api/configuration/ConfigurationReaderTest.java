// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationReaderTest {
    private enum Level {
        QUIET,
        VERY_LOUD
    }

    @interface Declared {
        String agent_ping_timeout() default "15s";

        String frame_limit() default "64MB";

        int port() default 5050;

        double share() default 0.5;

        boolean insecure() default false;

        String level() default "quiet";

        String[] roles() default {"a", "b"};

        String master() default "";

        String work_dir() default "";

        String name();
    }

    @Test
    void readsDefaultsOfTheDeclaration() {
        ConfigurationReader reader = ConfigurationReader.of(Declared.class, Map.of());

        assertThat(reader.duration("agent.ping.timeout")).isEqualTo(Duration.ofSeconds(15));
        assertThat(reader.size("frame.limit", 1, 1L << 40)).isEqualTo(64L << 20);
        assertThat(reader.integer("port", 0, 65535)).isEqualTo(5050);
        assertThat(reader.decimal("share", 0, 1)).isEqualTo(0.5);
        assertThat(reader.flag("insecure")).isFalse();
        assertThat(reader.choice("level", Level.class)).isEqualTo(Level.QUIET);
        assertThat(reader.list("roles")).containsExactly("a", "b");
        assertThat(reader.address("master")).isEmpty();
        assertThat(reader.path("work.dir")).isEmpty();
        assertThat(reader.optionalText("name")).isEmpty();
        reader.finish();
    }

    @Test
    void readsValuesOfAnyType() {
        ConfigurationReader reader = ConfigurationReader.of(
                Declared.class,
                Map.of(
                        "agent.ping.timeout", "10min",
                        "frame.limit", "1KB",
                        "port", 5051,
                        "share", "0.25",
                        "insecure", "TRUE",
                        "level", "very-loud",
                        "roles", List.of("x", "y,z"),
                        "master", "[::1]:5050",
                        "work.dir", "/var/lib",
                        "name", " n "));

        assertThat(reader.duration("agent.ping.timeout")).isEqualTo(Duration.ofMinutes(10));
        assertThat(reader.size("frame.limit", 1, 1L << 40)).isEqualTo(1024);
        assertThat(reader.integer("port", 0, 65535)).isEqualTo(5051);
        assertThat(reader.decimal("share", 0, 1)).isEqualTo(0.25);
        assertThat(reader.flag("insecure")).isTrue();
        assertThat(reader.choice("level", Level.class)).isEqualTo(Level.VERY_LOUD);
        assertThat(reader.list("roles")).containsExactly("x", "y", "z");
        assertThat(reader.address("master")).contains(InetSocketAddress.createUnresolved("::1", 5050));
        assertThat(reader.path("work.dir")).contains(Path.of("/var/lib"));
        assertThat(reader.requiredText("name")).isEqualTo("n");
        reader.finish();
    }

    @Test
    void reportsAllProblemsTogether() {
        ConfigurationReader reader = ConfigurationReader.of(
                Declared.class,
                Map.of(
                        "agent.ping.timeuot", "15s",
                        "agent.ping.timeout", "15",
                        "port", "70000",
                        "share", "much",
                        "insecure", "yes",
                        "level", "shrill",
                        "master", "localhost"));
        reader.duration("agent.ping.timeout", Duration.ofSeconds(1), Duration.ofMinutes(15));
        reader.integer("port", 0, 65535);
        reader.decimal("share", 0, 1);
        reader.flag("insecure");
        reader.choice("level", Level.class);
        reader.address("master");
        reader.requiredText("name");

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(reader::finish)
                .satisfies(e -> assertThat(e.problems()).hasSize(8))
                .withMessageContaining(
                        "agent.ping.timeuot=15s: this key is not known; did you mean agent.ping.timeout?")
                .withMessageContaining("agent.ping.timeout=15: a duration from 1s to 15min is allowed; a number with a"
                        + " unit is expected, 15s for instance; units are ns, us, ms, s, min, h, d or w")
                .withMessageContaining("port=70000: a whole number from 0 to 65535 is allowed")
                .withMessageContaining("share=much: a number from 0.0 to 1.0 is allowed")
                .withMessageContaining("insecure=yes: true or false is allowed")
                .withMessageContaining("level=shrill: one of quiet, very-loud is allowed")
                .withMessageContaining("master=localhost: HOST:PORT is allowed")
                .withMessageContaining("name=: a value is required");
    }

    @Test
    void refusesNumbersThatAreNone() {
        ConfigurationReader reader =
                ConfigurationReader.of(Declared.class, Map.of("share", "NaN", "port", "99999999999"));
        reader.decimal("share", 0, 1);
        reader.integer("port", 0, 65535);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(reader::finish)
                .satisfies(e -> assertThat(e.problems())
                        .extracting(ConfigurationProblem::key)
                        .containsExactly("share", "port"));
    }

    @Test
    void passesOverKeysOfTheContainer() {
        ConfigurationReader.of(
                        Declared.class,
                        Map.of(
                                "component.id",
                                7L,
                                "service.pid",
                                "org.tepui.master",
                                "felix.fileinstall.filename",
                                "x"))
                .finish();
    }

    @Test
    void reportsWhatTheCallerRejects() {
        ConfigurationReader reader = ConfigurationReader.of(Declared.class, Map.of("work.dir", "/proc"));
        reader.reject("work.dir", "a directory that can be written is required");

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(reader::finish)
                .withMessage("work.dir=/proc: a directory that can be written is required");
    }

    @Test
    void holdsAWrongDeclarationForABug() {
        ConfigurationReader reader = ConfigurationReader.of(Declared.class, Map.of());

        assertThatIllegalStateException()
                .isThrownBy(() -> reader.integer("port", 0, 80))
                .withMessageContaining("port");
        assertThatIllegalStateException().isThrownBy(() -> reader.text("prot")).withMessageContaining("prot");
    }
}
