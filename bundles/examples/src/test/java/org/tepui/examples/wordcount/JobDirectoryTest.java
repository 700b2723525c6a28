// SPDX-License-Identifier: Apache-2.0
package org.tepui.examples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobDirectoryTest {
    @TempDir
    Path directory;

    private WordTable countAll(InputFiles input, long chunkBytes, int reduces) throws IOException {
        JobDirectory job = new JobDirectory(directory.resolve("job-" + chunkBytes + "-" + reduces));
        List<List<Piece>> chunks = input.chunks(chunkBytes);
        job.writeChunks(chunks);
        for (int map = 0; map < chunks.size(); map++) {
            job.map(map, reduces);
        }
        for (int reduce = 0; reduce < reduces; reduce++) {
            job.reduce(reduce, chunks.size());
        }
        return job.result(reduces);
    }

    private InputFiles input(String... contents) throws IOException {
        Path texts = Files.createDirectories(directory.resolve("in"));
        for (int i = 0; i < contents.length; i++) {
            Files.writeString(texts.resolve("file" + i), contents[i], StandardCharsets.UTF_8);
        }
        return InputFiles.under(texts);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 7, 16, 1000})
    void countsTheSameHoweverTheInputIsCut(long chunkBytes) throws IOException {
        InputFiles input =
                input("The quick brown fox, the lazy DOG; the end", "x", "  ", "\u00fcber the \u00fcber-\u00dcber 42");

        WordTable table = countAll(input, chunkBytes, 3);

        assertThat(table.total()).isEqualTo(15).isEqualTo(InputTotal.count(input.files()));
        assertThat(table.top(2))
                .extracting(entry -> WordTable.shown(entry.word()), WordTable.Entry::count)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("the", 4L),
                        org.assertj.core.groups.Tuple.tuple("\u00fcber", 2L));
    }

    @Test
    void agreesWithTheTotalOnRandomBytes() throws IOException {
        Random random = new Random(11);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            text.append("ab c\n.".charAt(random.nextInt(6)));
        }
        InputFiles input = input(text.toString(), text.reverse().toString());

        for (int round = 0; round < 20; round++) {
            assertThat(countAll(input, 1 + random.nextInt(300), 1 + random.nextInt(4))
                            .total())
                    .isEqualTo(InputTotal.count(input.files()));
        }
    }

    @Test
    void leavesOutBinaryFilesAndBuildDirectories() throws IOException {
        InputFiles before = input("some text");
        Files.write(directory.resolve("in/binary"), new byte[] {'a', 0, 'b'});
        Files.createDirectories(directory.resolve("in/target"));
        Files.writeString(directory.resolve("in/target/built"), "words");

        InputFiles after = InputFiles.under(directory.resolve("in"));

        assertThat(after.files()).isEqualTo(before.files());
        assertThat(after.skipped()).isEqualTo(1);
    }

    @Test
    void doesNotReadWhatWasAppendedLater() throws IOException {
        InputFiles input = input("one two");
        Files.writeString(directory.resolve("in/file0"), "one twofold three");

        assertThat(countAll(input, 5, 1).top(9))
                .extracting(WordTable.Entry::word)
                .containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void aDamagedPartFailsTheTask() throws IOException {
        JobDirectory job = new JobDirectory(directory);
        Files.writeString(job.mapped(0, 0), "no tab here\n");

        assertThatThrownBy(() -> job.reduce(0, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
    }
}
