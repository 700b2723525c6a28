// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tepui.proto.operator.Call;

/** The verb about allocation policies, against a master that a test plays. */
class AllocatorCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private FakeCluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = new FakeCluster();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        List<String> all = new ArrayList<>(List.of(arguments));
        if (arguments.length > 1 && !all.contains("--help")) {
            all.addAll(List.of("--master", cluster.address()));
        }
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                0);
        return Main.run(terminal, all.toArray(String[]::new));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void choosesAPolicyWithItsSettings() {
        assertThat(run("allocator", "use", "priority", "--version", "1.0.0", "--set", "a=1", "--set", "b=x=y"))
                .isZero();
        assertThat(out()).isEqualTo("allocation policy priority 1.0.0 serves; offers paused for 1.5 ms\n");
        Call.UseAllocator sent = cluster.calls.get(0).getUseAllocator();
        assertThat(sent.getVersion()).isEqualTo("1.0.0");
        assertThat(sent.getConfigurationMap()).containsEntry("a", "1").containsEntry("b", "x=y");
        assertThat(run("allocator", "use", "drf", "--json")).isZero();
        assertThat(out())
                .isEqualTo("{\"name\":\"drf\",\"version\":\"1.0.0\",\"in_use\":true,\"configuration\":{},"
                        + "\"pause_ms\":1.5}\n");
    }

    @Test
    void listsPolicies() {
        assertThat(run("allocator", "list")).isZero();
        assertThat(out().lines())
                .containsExactly(
                        "NAME      VERSION  STATE                CONFIGURATION",
                        "drf       1.0.0    in use               allocation.interval=2s",
                        "priority  1.0.0    suspended: it threw");
    }

    @Test
    void showsWhatServesAndWhatHappened() {
        assertThat(run("allocator", "status")).isZero();
        assertThat(out().lines())
                .containsExactly(
                        "drf 1.0.0 serves since 1970-01-01T00:00:01Z",
                        "chosen: drf",
                        "swaps: 2  failures: 1",
                        "TIME                  EVENT   POLICY          REASON",
                        "1970-01-01T00:00:00Z  failed  priority 1.0.0  it threw");
        assertThat(run("allocator", "status", "--json")).isZero();
        assertThat(out()).contains("\"chosen\":\"drf\"", "\"failures\":1", "\"event\":\"FAILED\"");
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(run("allocator")).isEqualTo(ExitCode.MISUSED);
        assertThat(run("allocator", "use")).isEqualTo(ExitCode.MISUSED);
        assertThat(run("allocator", "use", "drf", "--set", "novalue")).isEqualTo(ExitCode.MISUSED);
        assertThat(run("allocator", "use", "--help")).isZero();
        assertThat(out()).contains("--set", "--version");
    }
}
