// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script that 'tepui completion' prints, in a real bash. */
@Timeout(60)
class CompletionIT {
    @TempDir
    static Path directory;

    private static Path completion;

    @BeforeAll
    static void print() throws IOException, InterruptedException {
        TepuiProcess tepui = TepuiProcess.run(directory, "completion");
        assertThat(tepui.await()).as(tepui.err()).isZero();
        completion = directory.resolve("tepui.bash");
        Files.writeString(completion, tepui.out());
    }

    @ParameterizedTest
    @CsvSource({
        "ta, tasks",
        "qui, quickstart",
        "run --inst, --instances",
        "tasks --js, --json",
        "master --agent-ping-timeouts, --agent-ping-timeouts-max",
        "agent --resou, --resources",
        "agent --stop-tasks --swi, --switch-user",
        "local --temp, --temporary",
        "local --scheduler-h, --scheduler-heartbeat-interval",
    })
    void completes(String typed, String expected) throws IOException, InterruptedException {
        int words = typed.split(" ", -1).length;
        Path script = directory.resolve("complete.sh");
        Files.writeString(
                script,
                "source '" + completion + "'\nCOMP_WORDS=(tepui " + typed + ")\nCOMP_CWORD=" + words
                        + "\n_complete_tepui\necho \"${COMPREPLY[@]}\"\n");
        try (TepuiProcess bash = TepuiProcess.start(Path.of("/bin/bash"), directory, Map.of(), script.toString())) {
            assertThat(bash.await()).isZero();
            assertThat(bash.out().strip().split(" ", -1)).as(bash.err()).containsExactly(expected);
        }
    }
}
