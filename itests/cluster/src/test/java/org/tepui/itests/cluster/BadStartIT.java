// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that cannot start as they are told, and say why. */
class BadStartIT {
    @TempDir
    Path directory;

    @Test
    void refusesAWorkDirectoryThatCannotBeWritten() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        for (String path : new String[] {"/proc/tepui", file.resolve("below").toString()}) {
            Outcome outcome = Installation.built(directory).run("agent", "--port", "0", "--work-dir", path);

            assertThat(outcome.code()).as("%s", outcome).isEqualTo(1);
            assertThat(outcome.err())
                    .startsWith("tepui agent: work directory " + path + " cannot be written")
                    .contains("--work-dir")
                    .hasLineCount(1);
        }
    }

    @Test
    void refusesTheWorkDirectoryOfAnotherService() throws Exception {
        Installation installation = Installation.built(directory);
        String work = directory.resolve("work").toString();
        try (Program agent = installation.start("agent", "--port", "0", "--work-dir", work)) {
            Installation.awaitReady(agent);

            Outcome running = installation.run("agent", "--port", "0", "--work-dir", work);
            assertThat(running.code()).as("%s", running).isEqualTo(1);
            assertThat(running.err())
                    .startsWith("tepui agent: work directory " + work + " is in use by process " + agent.pid())
                    .hasLineCount(1);

            agent.signal("TERM");
            assertThat(agent.await().code()).isZero();
        }
        Outcome other = installation.run("master", "--port", "0", "--work-dir", work);
        assertThat(other.code()).as("%s", other).isEqualTo(1);
        assertThat(other.err())
                .startsWith(
                        "tepui master: work directory " + work + " belongs to another service: it was made by 'agent'")
                .hasLineCount(1);
    }

    @Test
    void reportsAllThatIsNotKnownTogether() throws Exception {
        Path etc = etc("agent.ping.timout = 15s\ncompleted.tasks.max = many\n");
        Files.writeString(etc.resolve("org.tepui.mister.cfg"), "port = 1\n");
        Installation installation =
                Installation.built(directory).with("TEPUI_ETC", etc.toString()).with("TEPUI_OFER_TIMEOUT", "1min");

        Outcome outcome = installation.run("master", "--insecur", "--log-console-level", "all");

        assertThat(outcome.code()).as("%s", outcome).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .contains(
                        "agent.ping.timout=15s: this key is not known; did you mean agent.ping.timeout?",
                        "completed.tasks.max=many: a whole number is allowed",
                        "org.tepui.mister.cfg configures nothing that is installed; did you mean org.tepui.master?",
                        "TEPUI_OFER_TIMEOUT is not known; did you mean TEPUI_OFFER_TIMEOUT?",
                        "--insecur is not known; did you mean --insecure?",
                        "--log-console-level=all: one of off, error, warn, info, debug, trace is allowed");
        assertThat(outcome.err().lines())
                .hasSize(6)
                .allSatisfy(line -> assertThat(line).startsWith("tepui master: "));
    }

    @Test
    void reportsAllWrongUnitsTogether() throws Exception {
        Installation installation = Installation.built(directory)
                .with("TEPUI_ETC", etc("agent.ping.timeout = 15\n").toString())
                .with("TEPUI_OFFER_TIMEOUT", "1 GB");

        Outcome outcome = installation.run("master", "--port", "70000", "--scheduler-heartbeat-interval", "soon");

        assertThat(outcome.code()).as("%s", outcome).isEqualTo(2);
        assertThat(outcome.err())
                .contains(
                        "agent.ping.timeout=15: ",
                        "offer.timeout=1 GB: ",
                        "scheduler.heartbeat.interval=soon: ",
                        "port=70000: a whole number from 0 to 65535 is allowed")
                .doesNotContain("\tat ");
    }

    @Test
    void listensBeyondLoopbackOnlyWhenToldSoAndThenSaysSo() throws Exception {
        Installation installation = Installation.built(directory);
        Outcome refused = installation.run("agent", "--ip", "0.0.0.0", "--port", "0");
        assertThat(refused.code()).as("%s", refused).isEqualTo(1);
        assertThat(refused.err())
                .containsPattern("tepui agent: .*cannot listen on 0.0.0.0:0: .*--insecure")
                .doesNotContain("\tat ");

        try (Program agent = installation.start("agent", "--ip", "0.0.0.0", "--port", "0", "--insecure")) {
            Installation.awaitReady(agent);
            assertThat(agent.err()).contains("listening on 0.0.0.0", "WITHOUT AUTHENTICATION");
            agent.signal("TERM");
            assertThat(agent.await().code()).isZero();
        }
    }

    private Path etc(String masterConfiguration) throws IOException {
        Path etc = Files.createDirectory(directory.resolve("etc"));
        Files.copy(Installation.built(directory).home().resolve("etc/logback.xml"), etc.resolve("logback.xml"));
        Files.writeString(etc.resolve("org.tepui.master.cfg"), masterConfiguration);
        return etc;
    }
}
