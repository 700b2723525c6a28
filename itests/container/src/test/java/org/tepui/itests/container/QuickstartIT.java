// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The first thing that a user tries: a cluster, a job, an answer, and nothing left behind. */
@Timeout(300)
class QuickstartIT {
    private static final String ESCAPE = "\u001b";

    @TempDir
    Path directory;

    private Path temporary;
    private Map<String, String> environment;

    @BeforeEach
    void prepare() throws IOException {
        temporary = Files.createDirectory(directory.resolve("tmp"));
        environment = Map.of("TEPUI_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
    }

    /** Files of lines in which "often" is every second word. */
    private Path input(int files, int linesPerFile) throws IOException {
        Path input = Files.createDirectory(directory.resolve("input"));
        Random random = new Random(7);
        for (int file = 0; file < files; file++) {
            StringBuilder text = new StringBuilder();
            for (int line = 0; line < linesPerFile; line++) {
                text.append("often word").append(random.nextInt(5000)).append('\n');
            }
            Files.writeString(input.resolve("file" + file + ".txt"), text);
        }
        return input;
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("tepui-") || name.startsWith("wordcount-"));
        }
        assertThat(directory.resolve("var")).doesNotExist();
    }

    @Test
    void countsWordsInPlainLinesWhenPiped() throws IOException, InterruptedException {
        Path input = input(4, 50_000);
        try (TepuiProcess quickstart = TepuiProcess.start(directory, environment, "quickstart", input.toString())) {
            assertThat(quickstart.await()).as(quickstart.err()).isZero();
            List<String> lines = quickstart.out().lines().toList();
            assertThat(lines.get(0)).matches("Counting words in 4 files, [\\d,]+ bytes: \\d+ map tasks, 2 reduce .*");
            assertThat(lines)
                    .anyMatch(line -> line.matches("[\\d.]+ s: \\d+/\\d+ tasks finished, \\d+ running, \\d+ staging,"
                            + " \\d+ waiting, 0 failed, \\d agents"))
                    .contains("The 10 most frequent words:", "     200,000  often", "Tasks per agent:")
                    .anyMatch(line -> line.matches("400,000 words, 5,001 different, \\d+ tasks .* in [\\d.]+ s"))
                    .contains("Checked: the input has 400,000 words.");
            assertThat(quickstart.out()).doesNotContain(ESCAPE);
        }
        assertNothingIsLeft();
    }

    @Test
    void drawsProgressOverItselfOnATerminal() throws IOException, InterruptedException {
        String tepui = TepuiProcess.installation().resolve("bin/tepui").toString();
        Path script = directory.resolve("run.sh");
        Files.writeString(script, "exec '" + tepui + "' quickstart '" + input(1, 1000) + "'\n");
        try (TepuiProcess quickstart = TepuiProcess.start(
                Path.of("/usr/bin/script"), directory, environment, "-qec", "sh " + script, "/dev/null")) {
            assertThat(quickstart.await()).as(quickstart.out()).isZero();
            assertThat(quickstart.out()).contains("\r" + ESCAPE + "[K").contains("Checked: the input has 2,000 words.");
        }
    }

    @Test
    void startsATaskAgainThatWasKilledFromOutside() throws IOException, InterruptedException {
        Path input = input(6, 200_000);
        try (TepuiProcess quickstart =
                TepuiProcess.start(directory, environment, "quickstart", input.toString(), "--chunk-mb", "2")) {
            assertThat(killATask(quickstart)).as("a task ran").isTrue();
            assertThat(quickstart.await())
                    .as(quickstart.out() + quickstart.err())
                    .isZero();
            assertThat(quickstart.out())
                    .containsPattern("\\([1-9] attempts failed\\)")
                    .contains("Checked: the input has 2,400,000 words.");
        }
        assertNothingIsLeft();
    }

    /** Tasks are no children of the cluster: their shims are on their own. */
    private boolean killATask(TepuiProcess quickstart) throws InterruptedException {
        while (quickstart.handle().isAlive()) {
            Optional<ProcessHandle> task = ProcessHandle.allProcesses()
                    .filter(process -> process.info()
                            .commandLine()
                            .filter(line -> line.contains("WordCountTask map " + temporary))
                            .isPresent())
                    .findFirst();
            if (task.isPresent() && task.get().destroyForcibly()) {
                return true;
            }
            Thread.sleep(1);
        }
        return false;
    }

    @Test
    void endsWithTwoWhereThereIsNothingToCount() throws IOException, InterruptedException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        try (TepuiProcess quickstart = TepuiProcess.start(directory, environment, "quickstart", empty.toString())) {
            assertThat(quickstart.await()).isEqualTo(2);
            assertThat(quickstart.err()).contains("tepui quickstart: there are no text files under " + empty);
        }
        assertNothingIsLeft();
    }
}
