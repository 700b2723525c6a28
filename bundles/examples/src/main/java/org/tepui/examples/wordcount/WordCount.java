// SPDX-License-Identifier: Apache-2.0
package org.tepui.examples.wordcount;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One run of the job from input to report.
 *
 * <p>The words of the input are also counted here, in one pass over whole files, and the total has to be what the
 * tasks add up to.
 */
final class WordCount {
    private static final int TOP_WORDS = 10;
    private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(250);

    private final InputFiles input;
    private final List<List<Piece>> chunks;
    private final JobSettings settings;
    private final JobDirectory job;
    private final PrintStream out;
    private final boolean terminal;

    /** @param terminal whether progress may be drawn over itself */
    WordCount(
            InputFiles input,
            long chunkBytes,
            JobSettings settings,
            JobDirectory job,
            PrintStream out,
            boolean terminal) {
        this.input = input;
        this.chunks = input.chunks(chunkBytes);
        this.settings = settings;
        this.job = job;
        this.out = out;
        this.terminal = terminal;
    }

    /** The framework that does the work, once the chunks are described. */
    WordCountScheduler prepare() throws IOException {
        job.writeChunks(chunks);
        out.printf(
                Locale.ROOT,
                "Counting words in %,d files, %,d bytes: %d map tasks, %d reduce tasks (%d files are no text)%n",
                input.files().size(),
                input.bytes(),
                chunks.size(),
                settings.reduces(),
                input.skipped());
        return new WordCountScheduler(settings, job, chunks.size());
    }

    /**
     * Shows progress until the job is done, then the report.
     *
     * @return whether every count is right
     */
    boolean follow(WordCountScheduler scheduler) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        JobProgress last;
        try {
            last = await(scheduler, begin);
        } catch (ExecutionException e) {
            endProgress();
            out.println("The job failed: "
                    + (e.getCause() == null ? e : e.getCause().getMessage()));
            return false;
        }
        endProgress();
        return report(last, System.nanoTime() - begin);
    }

    private JobProgress await(WordCountScheduler scheduler, long begin)
            throws InterruptedException, ExecutionException {
        String shown = "";
        while (true) {
            try {
                return scheduler.outcome().get(PROGRESS_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                String now = scheduler.progress().toString();
                if (terminal) {
                    out.printf(Locale.ROOT, "\r\u001b[K%.1f s: %s", seconds(System.nanoTime() - begin), now);
                    out.flush();
                } else if (!now.equals(shown)) {
                    out.printf(Locale.ROOT, "%.1f s: %s%n", seconds(System.nanoTime() - begin), now);
                }
                shown = now;
            }
        }
    }

    private void endProgress() {
        if (terminal) {
            out.print("\r\u001b[K");
        }
    }

    private boolean report(JobProgress last, long nanos) throws IOException {
        WordTable table = job.result(settings.reduces());
        long expected = InputTotal.count(input.files());
        out.printf("%nThe %d most frequent words:%n", Math.min(TOP_WORDS, table.distinct()));
        for (WordTable.Entry entry : table.top(TOP_WORDS)) {
            out.printf(Locale.ROOT, "%,12d  %s%n", entry.count(), WordTable.shown(entry.word()));
        }
        out.printf("%nTasks per agent:%n");
        for (Map.Entry<String, Integer> agent : last.finishedByAgent().entrySet()) {
            out.printf(Locale.ROOT, "%,12d  %s%n", agent.getValue(), agent.getKey());
        }
        out.printf(
                Locale.ROOT,
                "%n%,d words, %,d different, %d tasks (%d attempts failed) in %.1f s%n",
                table.total(),
                table.distinct(),
                last.finished(),
                last.failedAttempts(),
                seconds(nanos));
        if (table.total() != expected) {
            out.printf(
                    Locale.ROOT,
                    "WRONG: the input has %,d words, the tasks counted %,d. Did a file change meanwhile?%n",
                    expected,
                    table.total());
            return false;
        }
        out.printf(Locale.ROOT, "Checked: the input has %,d words.%n", expected);
        return true;
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    /**
     * The size of chunks that gives each of the cluster's places some work: a twelfth of the input, from 64 KiB to
     * 16 MiB.
     */
    static long defaultChunkBytes(long inputBytes) {
        return Math.max(64L << 10, Math.min(16L << 20, inputBytes / 12 + 1));
    }

    /** A new place for the files of one job, which only this user may enter. */
    static JobDirectory jobDirectory(Path under) throws IOException {
        return new JobDirectory(Files.createTempDirectory(Files.createDirectories(under), "wordcount-")
                .toAbsolutePath());
    }
}
