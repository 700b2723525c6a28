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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tepui.v1.master.Call;

/** The verbs about roles, against a master that a test plays. */
class RoleCommandsTest {
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
        if (!all.contains("--help") && !all.contains("-h")) {
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

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"quota", "quota list"})
    void listsQuotas(String verb) {
        assertThat(run(verb.split(" ", -1))).isZero();
        assertThat(out().lines()).containsExactly("ROLE  GUARANTEE  LIMIT", "eng   cpus:4     mem:4");
        List<String> json = new ArrayList<>(List.of(verb.split(" ", -1)));
        json.add("--json");
        assertThat(run(json.toArray(String[]::new))).isZero();
        assertThat(out()).isEqualTo("[{\"role\":\"eng\",\"guarantees\":{\"cpus\":4},\"limits\":{\"mem\":4}}]\n");
    }

    @Test
    void listsWeightsAndRoles() {
        assertThat(run("weight")).isZero();
        assertThat(out().lines()).containsExactly("ROLE  WEIGHT", "eng   2.5");
        assertThat(run("weight", "list", "--json")).isZero();
        assertThat(out()).isEqualTo("[{\"role\":\"eng\",\"weight\":2.5}]\n");
        assertThat(run("role")).isZero();
        assertThat(out().lines())
                .containsExactly(
                        "ROLE  WEIGHT  FRAMEWORKS  HOLDS     GUARANTEE  LIMIT",
                        "eng   2       1           cpus:0.5  cpus:4     mem:4");
        assertThat(run("role", "list", "--json")).isZero();
        assertThat(out())
                .isEqualTo("[{\"role\":\"eng\",\"weight\":2.0,\"frameworks\":[\"F-1\"],\"resources\":{\"cpus\":0.5},"
                        + "\"guarantees\":{\"cpus\":4},\"limits\":{\"mem\":4}}]\n");
    }

    @Test
    void setsAndRemovesAQuota() {
        assertThat(run("quota", "set", "eng/web", "--guarantee", "cpus:1.5,mem:64", "--limit", "gpus:0", "--force"))
                .isZero();
        assertThat(out()).isEqualTo("role eng/web: guarantee cpus:1.5 mem:64, limit gpus:0\n");
        Call.UpdateQuota update = cluster.changes.get(0).getUpdateQuota();
        assertThat(update.getForce()).isTrue();
        assertThat(update.getQuotaConfigs(0).getRole()).isEqualTo("eng/web");
        assertThat(update.getQuotaConfigs(0).getGuaranteesOrThrow("cpus").getValue())
                .isEqualTo(1.5);
        assertThat(update.getQuotaConfigs(0).getLimitsOrThrow("gpus").getValue())
                .isZero();
        assertThat(run("quota", "remove", "eng")).isZero();
        assertThat(cluster.changes.get(1).getUpdateQuota().getQuotaConfigs(0).getGuaranteesCount())
                .isZero();
        assertThat(run("quota", "remove", "ads")).isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains("tepui quota remove: role 'ads' has no quota");
    }

    @Test
    void setsAWeight() {
        assertThat(run("weight", "set", "eng", "2.5")).isZero();
        assertThat(out()).isEqualTo("role eng: weight 2.5\n");
        assertThat(cluster.changes.get(0).getUpdateWeights().getWeightInfos(0).getWeight())
                .isEqualTo(2.5);
    }

    @Test
    void saysWhyTheMasterRefuses() {
        cluster.refusal = "total quota guarantees of cpus:99 exceed the cluster's capacity of cpus:4";
        assertThat(run("quota", "set", "eng", "--guarantee", "cpus:99")).isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains("tepui quota set: ", "HTTP 400", cluster.refusal);
    }

    @Test
    void saysWhatIsMisused() {
        assertThat(run("quota", "set", "eng")).isEqualTo(ExitCode.MISUSED);
        assertThat(err()).contains("--guarantee or --limit is needed");
        assertThat(run("quota", "set", "eng", "--limit", "cpus")).isEqualTo(ExitCode.MISUSED);
        assertThat(err()).contains("'cpus' is not NAME:AMOUNT", "'tepui quota set --help'");
        assertThat(run("quota", "set", "eng", "--limit", "cpus:-1")).isEqualTo(ExitCode.MISUSED);
        assertThat(run("quota", "set", "eng", "--limit", "cpus:1,cpus:2")).isEqualTo(ExitCode.MISUSED);
        assertThat(run("weight", "set", "eng")).isEqualTo(ExitCode.MISUSED);
        assertThat(run("weight", "set", "eng", "heavy")).isEqualTo(ExitCode.MISUSED);
        assertThat(cluster.changes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "quota",
                "quota list",
                "quota set",
                "quota remove",
                "weight",
                "weight list",
                "weight set",
                "role",
                "role list"
            })
    void printsHelp(String verb) {
        List<String> arguments = new ArrayList<>(List.of(verb.split(" ", -1)));
        arguments.add("--help");
        assertThat(run(arguments.toArray(String[]::new))).isZero();
        assertThat(out()).contains("Usage: tepui " + verb.split(" ", -1)[0], "--master");
    }
}
