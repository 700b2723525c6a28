// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quotas, weights and roles on the command line of a real cluster. */
class RolesIT {
    @TempDir
    static Path directory;

    private static Program local;
    private static Installation tepui;

    @BeforeAll
    static void startCluster() throws Exception {
        Installation installation = Installation.built(directory);
        local = installation.start("local", "--agents", "1", "--port", "0");
        tepui = installation.with("TEPUI_MASTER", Installation.awaitReady(local));
    }

    @AfterAll
    static void stopCluster() throws Exception {
        try (Program running = local) {
            running.signal("TERM");
            assertThat(running.await().code()).as("%s", running).isZero();
        }
    }

    private static void succeeds(String out, String... arguments) throws Exception {
        Outcome outcome = tepui.run(arguments);
        assertThat(outcome.code()).as("%s", outcome).isZero();
        assertThat(outcome.out()).isEqualTo(out);
    }

    private static void fails(String words, String... arguments) throws Exception {
        Outcome outcome = tepui.run(arguments);
        assertThat(outcome.code()).as("%s", outcome).isEqualTo(1);
        assertThat(outcome.err()).contains(words).hasLineCount(1);
    }

    @Test
    void setsListsAndRemovesWhatRolesGet() throws Exception {
        succeeds(
                "role eng: guarantee cpus:0.5, limit cpus:1 mem:512\n",
                "quota",
                "set",
                "eng",
                "--guarantee",
                "cpus:0.5",
                "--limit",
                "cpus:1,mem:512");
        succeeds("role eng/web: guarantee cpus:0.25, limit -\n", "quota", "set", "eng/web", "--guarantee", "cpus:0.25");
        fails("below 'eng'", "quota", "set", "eng/web", "--guarantee", "cpus:0.75");
        fails("exceed the cluster's capacity", "quota", "set", "ads", "--guarantee", "cpus:100000");
        succeeds("role ads: weight 2.5\n", "weight", "set", "ads", "2.5");
        fails("weight", "weight", "set", "ads", "0");
        succeeds(
                "[{\"role\":\"eng\",\"guarantees\":{\"cpus\":0.5},\"limits\":{\"cpus\":1,\"mem\":512}},"
                        + "{\"role\":\"eng/web\",\"guarantees\":{\"cpus\":0.25},\"limits\":{}}]\n",
                "quota",
                "list",
                "--json");
        succeeds("[{\"role\":\"ads\",\"weight\":2.5}]\n", "weight", "--json");
        Outcome roles = tepui.run("role");
        assertThat(roles.out().lines().skip(1)).hasSize(3).anyMatch(line -> line.startsWith("ads"));
        succeeds("role eng/web has no quota any more\n", "quota", "remove", "eng/web");
        fails("role 'eng/web' has no quota", "quota", "remove", "eng/web");
    }
}
