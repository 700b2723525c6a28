// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README tells its readers to type, and where it sends them. */
class ReadmeIT {
    private static final Path ROOT = Path.of(System.getProperty("tepui.root", "."));

    @TempDir
    Path directory;

    @Test
    void commandsRunAsWritten() throws Exception {
        Installation installation = Installation.built(directory.resolve("var"));
        Files.createSymbolicLink(directory.resolve("tepui"), installation.home().resolve("bin/tepui"));
        List<String> commands = commands("A cluster that stays");
        assertThat(commands.get(0)).startsWith("./tepui local ").contains(" --port 5050");
        assertThat(commands.size()).isGreaterThan(3);

        // the port may be taken on the machine of a test; the others are told of the one that is
        try (Program local = shell(installation, commands.get(0).replace("--port 5050", "--port 0"))) {
            Installation tepui = installation.with("TEPUI_MASTER", Installation.awaitReady(local));
            for (String command : commands.subList(1, commands.size())) {
                String typed = command.contains(" TASK") ? command.replace(" TASK", " " + firstTask(tepui)) : command;
                Outcome outcome;
                try (Program program = shell(tepui, typed)) {
                    outcome = program.await();
                }
                assertThat(outcome.code()).as("%s: %s", typed, outcome).isZero();
                assertThat(outcome.out()).as(typed).isNotEmpty();
            }
            local.signal("TERM");
            assertThat(local.await().code()).isZero();
        }
    }

    @Test
    void verbsAndOptionsAreThere() throws Exception {
        Installation installation = Installation.built(directory);
        Outcome list = installation.run("help");
        List<String> verbs = matches("(?m)^\\| `.*", readme()).stream()
                .flatMap(row -> matches(
                        "`([a-z]+)", row.group().substring(0, row.group().indexOf("|", 2)))
                        .stream())
                .map(verb -> verb.group(1))
                .toList();
        assertThat(verbs).contains("master", "agent", "tasks", "logs", "bench");
        for (String verb : verbs) {
            assertThat(list.out()).containsPattern("\n  " + verb + "( [A-Z]+)? ");
        }
        String services = installation.run("help", "master").out()
                + installation.run("help", "agent").out();
        assertThat(services).contains("--agent-ping-timeout", "--insecure", "--master");
        assertThat(readme())
                .contains("--agent-ping-timeout 15s", "TEPUI_AGENT_PING_TIMEOUT", "agent.ping.timeout = 15s");
        String run = installation.run("help", "run").out();
        for (MatchResult option : matches("(?m)^\\./tepui run .*? -- ", readme())) {
            matches("--[a-z-]+", option.group()).forEach(each -> assertThat(run).contains(each.group()));
        }
    }

    @Test
    void filesAreThere() throws IOException {
        List<String> targets = matches("\\]\\(([^)#]+)[^)]*\\)", readme()).stream()
                .map(link -> link.group(1))
                .filter(target -> !target.contains("://"))
                .toList();
        assertThat(targets)
                .isNotEmpty()
                .allSatisfy(target -> assertThat(ROOT.resolve(target)).exists());
    }

    /** A command line in a directory where {@code ./tepui} is the command of the installation. */
    private Program shell(Installation installation, String line) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "exec " + line).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TEPUI_"));
        builder.environment().putAll(installation.variables());
        return Program.start(line, builder);
    }

    private static String firstTask(Installation tepui) throws IOException, InterruptedException {
        Json tasks = Json.parse(tepui.run("tasks", "--all", "--json").out());
        return tasks.list().get(0).at("id").text();
    }

    /** The lines that begin with {@code ./} in the code of a section. */
    private static List<String> commands(String section) throws IOException {
        String text = readme();
        int begin = text.indexOf("\n## " + section + "\n");
        assertThat(begin).as("section " + section).isNotNegative();
        int end = text.indexOf("\n## ", begin + 1);
        return matches("(?m)^\\./.*", text.substring(begin, end < 0 ? text.length() : end)).stream()
                .map(MatchResult::group)
                .toList();
    }

    private static List<MatchResult> matches(String regex, String text) {
        Matcher matcher = Pattern.compile(regex).matcher(text);
        return new ArrayList<>(matcher.results().toList());
    }

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }
}
