// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ThreadWorkerTest {
    private final ThreadEventLoop loop = ThreadEventLoop.start("loop", (where, what, failure) -> {});
    private final ThreadWorker worker = new ThreadWorker("worker");
    private final List<String> results = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch done = new CountDownLatch(4);

    @AfterEach
    void close() {
        worker.close();
        loop.close();
    }

    @Test
    void returnsResultsAndFailuresToTheLoopInTheOrderOfTheWork() throws InterruptedException {
        submit(() -> Thread.currentThread().getName());
        submit(() -> {
            throw new IOException("disk gone");
        });
        submit(() -> {
            throw new AssertionError("a bug");
        });
        submit(() -> "last");
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(results)
                .containsExactly(
                        "worker",
                        "java.io.IOException: disk gone",
                        "java.util.concurrent.ExecutionException: java.lang.AssertionError: a bug",
                        "last");
    }

    @Test
    void doesWhatWaitsBeforeItClosesAndRefusesTheRest() throws InterruptedException {
        submit(() -> "one");
        submit(() -> "two");
        submit(() -> "three");
        worker.close();
        submit(() -> "four");
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(results).hasSize(4).startsWith("one", "two", "three");
        assertThat(results.get(3)).contains("worker worker is closed");
        assertThat(worker.waiting()).isZero();
    }

    private void submit(java.util.concurrent.Callable<String> work) {
        worker.submit("work", work, loop, (result, failure) -> {
            results.add(failure == null ? String.valueOf(result) : failure.toString());
            assertThat(loop.inLoop()).isTrue();
            done.countDown();
        });
    }
}
