// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private final Report report = new Report("example")
            .fact("peer", "peer", "a \"quoted\" name")
            .fact("heap_mb", "heap, MB", 12.34567)
            .figures("per_second", "things/s", Figures.coldFirst(List.of(100.0, 123456.0, 234567.0)))
            .atLeast("per_second", 200000, 179000)
            .atMost("p50_ms", 20, 3.5);

    @Test
    void jsonIsOneLineWithTheKeysInOrder() {
        assertThat(report.toJson())
                .doesNotContain("\n")
                .endsWith("\"peer\":\"a \\\"quoted\\\" name\",\"heap_mb\":12.35,"
                        + "\"per_second\":{\"cold\":100,\"min\":123500,\"median\":179000,\"max\":234600},"
                        + "\"goals\":{\"per_second\":{\"goal\":\"at least 200000\",\"measured\":179000,\"met\":false},"
                        + "\"p50_ms\":{\"goal\":\"at most 20\",\"measured\":3.5,\"met\":true}}}");
    }

    @Test
    void textNamesFiguresAndGoals() {
        assertThat(report.toText())
                .contains("heap, MB: 12.35")
                .containsPattern("things/s +100 +123500 +179000 +234600")
                .contains("goal per_second at least 200000: 179000, NOT met")
                .contains("goal p50_ms at most 20: 3.5, met");
    }
}
