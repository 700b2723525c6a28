// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "15s,15000",
        "15secs,15000",
        "1.5min,90000",
        "10 mins,600000",
        "200ms,200",
        "2h,7200000",
        "1d,86400000",
        "0s,0"
    })
    void readsDurations(String text, long milliseconds) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(milliseconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "15", "s", "-1s", "15parsecs", "1e3s", "NaN", "1..5s", "999999999999999w"})
    void refusesOtherDurations(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "1ns", "1500us", "15s", "90s", "10min", "1h", "1d", "2w"})
    void writesDurationsThatReadTheSame(String text) {
        Duration duration = Durations.parse(text);
        assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({"64MB,67108864", "64MiB,67108864", "1.5KB,1536", "0B,0", "2 gb,2147483648", "1TB,1099511627776"})
    void readsSizes(String text, long bytes) {
        assertThat(Sizes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64", "MB", "-1MB", "64M", "9999999999TB"})
    void refusesOtherSizes(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Sizes.parse(text));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1024, 1536, 64L << 20, 3L << 40, Long.MAX_VALUE})
    void writesSizesThatReadTheSame(long bytes) {
        assertThat(Sizes.parse(Sizes.format(bytes))).isEqualTo(bytes);
    }

    @Test
    void findsTheNearestName() {
        List<String> known = List.of("agent.ping.timeout", "agent.ping.interval", "port");

        assertThat(NearestName.of("agent-ping-timeout", known)).contains("agent.ping.timeout");
        assertThat(NearestName.of("PROT", known)).contains("port");
        assertThat(NearestName.of("ports", known)).contains("port");
        assertThat(NearestName.of("prts", known)).isEmpty();
        assertThat(NearestName.of("zookeeper", known)).isEmpty();
    }
}
