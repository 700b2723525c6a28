// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.tepui.bench.report.BenchException;
import picocli.CommandLine;

class AllocatorBenchTest {
    private static final String FIGURES = "\\{(\"cold\":[0-9.]+,)?\"min\":[0-9.]+,\"median\":[0-9.]+,\"max\":[0-9.]+}";

    private static AllocatorBench bench(String... options) {
        AllocatorBench bench = new AllocatorBench();
        new CommandLine(bench).parseArgs(options);
        return bench;
    }

    @Test
    void reportsFiguresAndGoalsOfASmallCluster() throws Exception {
        String json = bench(
                        "--agents",
                        "30",
                        "--frameworks",
                        "4",
                        "--roles",
                        "2",
                        "--quota",
                        "--rounds",
                        "6",
                        "--warm-up",
                        "1")
                .measure()
                .toJson();
        assertThat(json)
                .contains(
                        "\"policy\":\"drf\",\"agents\":30,\"frameworks\":4,\"roles\":2,\"quota\":\"yes\",\"rounds\":6");
        for (String key : new String[] {
            "cycle_ms", "idle_cycle_ms", "event_us", "add_frameworks_ms", "offers_per_second", "cycle_allocated_mb"
        }) {
            assertThat(json).containsPattern("\"" + key + "\":" + FIGURES);
        }
        assertThat(json).containsPattern("\"heap_mb\":-?[0-9.]+");
        for (String goal :
                new String[] {"cycle_cpu_ms", "idle_cycle_ms", "event_cpu_us", "add_frameworks_ms", "cycle_growth"}) {
            assertThat(json.substring(json.indexOf("\"goals\"")))
                    .containsPattern("\"" + goal
                            + "\":\\{\"goal\":\"at most [0-9.]+\",\"measured\":[0-9.]+,\"met\":(true|false)}");
        }
    }

    @Test
    void setsNoGoalForSizesThatHaveNone() throws Exception {
        String json = bench("--agents", "2", "--frameworks", "2001", "--rounds", "1", "--warm-up", "0")
                .measure()
                .toJson();
        assertThat(json.substring(json.indexOf("\"goals\"")))
                .doesNotContain("cycle_cpu_ms", "add_frameworks_ms")
                .contains("event_cpu_us");
    }

    @Test
    void refusesSizesOutOfRangeAndPoliciesThatAreNotThere() {
        assertThatThrownBy(bench("--agents", "0")::measure)
                .isInstanceOf(CommandLine.ParameterException.class)
                .hasMessage("--agents is 0; allowed is 1 to 200000");
        assertThatThrownBy(bench("--policy", "lottery")::measure)
                .isInstanceOf(BenchException.class)
                .hasMessage("there is no policy 'lottery' on the class path: there is drf");
        assertThatThrownBy(bench("--policy-jar", "/no/such.jar")::measure)
                .isInstanceOf(BenchException.class)
                .hasMessageStartingWith("cannot read /no/such.jar as a jar: ");
    }
}
