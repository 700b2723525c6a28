// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Master and agent as services of their own. */
@Timeout(300)
class ServiceIT {
    private static final Pattern MASTER_READY = Pattern.compile("master ready on (\\S+) \\(pid");
    private static final Pattern AGENT_READY = Pattern.compile("agent ready on (\\S+) \\(pid");

    @TempDir
    Path directory;

    @Test
    void startsInOrderOfDependenciesAndStopsInReverse() throws IOException, InterruptedException {
        try (TepuiProcess master = master("--log-level", "debug")) {
            master.awaitOutput(MASTER_READY);
            assertThat(master.terminate()).as(master.err()).isZero();
        }
        String log = Files.readString(directory.resolve("var/master/logs/master.log"));
        List<String> started = bundles(log, "Starting extension synchronously");
        List<String> stopped = bundles(log, "Finished destroying extension");
        assertThat(started)
                .containsSubsequence(
                        "org.apache.felix.scr",
                        "io.netty.transport",
                        "org.tepui.transport",
                        "org.tepui.allocators.drf");
        List<String> ours = new ArrayList<>(started);
        ours.removeIf(name -> !name.startsWith("org.tepui."));
        List<String> oursStopped = new ArrayList<>(stopped);
        oursStopped.removeIf(name -> !name.startsWith("org.tepui."));
        Collections.reverse(oursStopped);
        assertThat(oursStopped).isEqualTo(ours);
    }

    @Test
    void tellsAnAgentOfItsMasterByFlagVariableOrFile() throws IOException, InterruptedException {
        try (TepuiProcess master = master()) {
            String address = master.awaitOutput(MASTER_READY);
            Path etc = Files.createDirectory(directory.resolve("etc"));
            Files.copy(TepuiProcess.installation().resolve("etc/logback.xml"), etc.resolve("logback.xml"));
            Files.writeString(etc.resolve("org.tepui.agent.cfg"), "master = " + address + "\nport = 0\n");
            try (TepuiProcess byFile = agent(Map.of("TEPUI_ETC", etc.toString()), "1");
                    TepuiProcess byVariable = agent(Map.of("TEPUI_MASTER", address, "TEPUI_PORT", "0"), "2");
                    TepuiProcess byFlag = agent(Map.of(), "3", "--master", address, "--port", "0")) {
                for (TepuiProcess agent : List.of(byFile, byVariable, byFlag)) {
                    agent.awaitOutput(AGENT_READY);
                }
                awaitAgents(address, 3);
                for (TepuiProcess agent : List.of(byFile, byVariable, byFlag)) {
                    assertThat(agent.terminate()).as(agent.err()).isZero();
                }
            }
        }
    }

    @Test
    void saysThatAPortIsInUse() throws IOException, InterruptedException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            TepuiProcess master =
                    TepuiProcess.run(directory, "master", "--port", String.valueOf(socket.getLocalPort()));
            assertThat(master.await()).isEqualTo(1);
            assertThat(master.err())
                    .contains(String.valueOf(socket.getLocalPort()))
                    .containsIgnoringCase("in use");
        }
    }

    @Test
    void refusesToListenForEverybodyUnlessToldSo() throws IOException, InterruptedException {
        TepuiProcess master = TepuiProcess.run(directory, "master", "--ip", "0.0.0.0", "--port", "0");
        assertThat(master.await()).isEqualTo(1);
        assertThat(master.err()).contains("0.0.0.0").contains("insecure");
        try (TepuiProcess insecure = master("--ip", "0.0.0.0", "--insecure")) {
            insecure.awaitOutput(MASTER_READY);
            assertThat(insecure.err()).contains("0.0.0.0").contains("WITHOUT AUTHENTICATION");
        }
    }

    @Test
    void reportsAllBadSettingsTogether() throws IOException, InterruptedException {
        TepuiProcess master = TepuiProcess.run(
                directory, "master", "--port", "70000", "--agent-ping-timeout", "15", "--offer-timeout", "soon");
        assertThat(master.await()).isEqualTo(2);
        assertThat(master.err())
                .contains("port=70000", "0 to 65535")
                .contains("agent.ping.timeout=15", "a number with a unit is expected")
                .contains("offer.timeout=soon");
        TepuiProcess unknown = TepuiProcess.run(directory, "agent", "--agent-ping-timeout", "15s", "--resuorces", "x");
        assertThat(unknown.await()).isEqualTo(2);
        assertThat(unknown.err()).contains("--resuorces is not known; did you mean --resources?");
    }

    private TepuiProcess master(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("master", "--port", "0"));
        all.addAll(List.of(arguments));
        return TepuiProcess.start(directory, Map.of(), all.toArray(new String[0]));
    }

    private TepuiProcess agent(Map<String, String> environment, String number, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("agent", "--no-switch-user", "--work-dir", "agent" + number));
        all.addAll(List.of(arguments));
        return TepuiProcess.start(directory, environment, all.toArray(new String[0]));
    }

    private void awaitAgents(String master, int count) throws IOException, InterruptedException {
        for (int tries = 0; tries < 60; tries++) {
            String agents = TepuiProcess.run(directory, "agents", "--json", "--master", master)
                    .out();
            if (agents.split("\"state\":\"active\"", -1).length == count + 1) {
                return;
            }
        }
        throw new AssertionError("not " + count + " agents registered");
    }

    /** In the order in which Declarative Services took them up, or let them go. */
    private static List<String> bundles(String log, String event) {
        Pattern pattern =
                Pattern.compile("bundle (org\\.tepui\\S+|io\\S+|org\\.apache\\S+):\\S+ \\(\\d+\\) : " + event);
        Matcher matcher = pattern.matcher(log);
        List<String> names = new ArrayList<>();
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }
}
