// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ThreadEventLoopTest {
    private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
    private final ThreadEventLoop loop = ThreadEventLoop.start(
            "test", (where, what, failure) -> faults.add(where + "/" + what + "/" + failure.getMessage()));

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void runsEventsOfEachThreadInTheirOrder() throws InterruptedException {
        int threads = 4;
        int events = 20_000;
        int[] last = new int[threads];
        AtomicInteger outOfOrder = new AtomicInteger();
        List<Thread> producers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int producer = t;
            producers.add(new Thread(() -> {
                for (int i = 1; i <= events; i++) {
                    int number = i;
                    loop.execute("count", () -> {
                        if (last[producer] != number - 1) {
                            outOfOrder.incrementAndGet();
                        }
                        last[producer] = number;
                    });
                }
            }));
        }
        producers.forEach(Thread::start);
        for (Thread producer : producers) {
            producer.join();
        }
        runOnLoop(() -> assertThat(last).containsOnly(events));
        assertThat(outOfOrder).hasValue(0);
        assertThat(loop.statistics().eventsRun()).isGreaterThan((long) threads * events);
        assertThat(loop.statistics().queueDepth()).isZero();
    }

    @Test
    void wakesForEveryEventHoweverItIsTimed() throws InterruptedException {
        for (int i = 0; i < 2_000; i++) {
            runOnLoop(() -> {});
        }
    }

    @Test
    void runsTimersInTheOrderOfTheirTimeAndNotEarly() throws InterruptedException {
        List<String> ran = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        long start = System.nanoTime();
        AtomicReference<Long> elapsed = new AtomicReference<>(0L);
        loop.schedule("third", Duration.ofMillis(60), () -> {
            ran.add("third");
            elapsed.set(System.nanoTime() - start);
            done.countDown();
        });
        loop.schedule("first", Duration.ZERO, () -> ran.add("first"));
        loop.schedule("second", Duration.ofMillis(30), () -> ran.add("second"));
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).containsExactly("first", "second", "third");
        assertThat(elapsed.get()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(60));
    }

    @Test
    void neverRunsATimerThatWasCancelled() throws InterruptedException {
        AtomicInteger ran = new AtomicInteger();
        runOnLoop(() -> {
            Timer timer = loop.schedule("cancelled", Duration.ZERO, ran::incrementAndGet);
            assertThat(timer.cancel()).isTrue();
            assertThat(timer.cancel()).isFalse();
        });
        Timer fromOutside = loop.schedule("cancelled", Duration.ofMillis(20), ran::incrementAndGet);
        runOnLoop(() -> assertThat(fromOutside.cancel()).isTrue());
        CountDownLatch later = new CountDownLatch(1);
        loop.schedule("later", Duration.ofMillis(40), later::countDown);
        assertThat(later.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).hasValue(0);
    }

    @Test
    void forgetsCancelledTimersLongBeforeTheirTime() throws InterruptedException {
        runOnLoop(() -> {
            for (int i = 0; i < 10_000; i++) {
                loop.schedule("far", Duration.ofDays(1), () -> {}).cancel();
            }
        });
        assertThat(loop.statistics().timers()).isLessThan(200);
    }

    @Test
    void takesTheLongestDurationForADelay() throws InterruptedException {
        loop.schedule("never", Duration.ofSeconds(Long.MAX_VALUE), () -> {});
        runOnLoop(() -> {});
        assertThat(loop.statistics().timers()).isEqualTo(1);
    }

    @Test
    void refusesANegativeDelayAndACancelFromElsewhere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loop.schedule("early", Duration.ofMillis(-1), () -> {}))
                .withMessageContaining("early")
                .withMessageContaining("PT-0.001S");
        Timer timer = loop.schedule("far", Duration.ofDays(1), () -> {});
        assertThatIllegalStateException().isThrownBy(timer::cancel).withMessageContaining("test");
    }

    @Test
    void reportsAnEventThatThrowsAndGoesOn() throws InterruptedException {
        loop.execute("broken", () -> {
            throw new IllegalStateException("on purpose");
        });
        loop.execute("worse", () -> {
            throw new StackOverflowError("deep");
        });
        runOnLoop(() -> {});
        assertThat(faults).containsExactly("test/broken/on purpose", "test/worse/deep");
        assertThat(loop.statistics().faults()).isEqualTo(2);
    }

    @Test
    void survivesAFaultHandlerThatThrows() throws InterruptedException {
        try (ThreadEventLoop careless = ThreadEventLoop.start("careless", (where, what, failure) -> {
            throw new IllegalStateException("handler");
        })) {
            CountDownLatch after = new CountDownLatch(1);
            careless.execute("broken", () -> {
                throw new IllegalStateException("event");
            });
            careless.execute("after", after::countDown);
            assertThat(after.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void countsSlowEventsByName() throws InterruptedException {
        try (ThreadEventLoop slow = ThreadEventLoop.start("slow", (where, what, failure) -> {}, Duration.ofMillis(1))) {
            CountDownLatch done = new CountDownLatch(1);
            slow.execute("dawdle", () -> spin(Duration.ofMillis(5)));
            slow.execute("done", done::countDown);
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
            LoopStatistics statistics = slow.statistics();
            assertThat(statistics.slowEvents()).containsEntry("dawdle", 1L);
            assertThat(statistics.longestEventNanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(5) - 1);
            assertThat(statistics.longestWaitNanos()).isPositive();
        }
    }

    @Test
    void doesWhatWaitsBeforeItCloses() {
        AtomicInteger ran = new AtomicInteger();
        loop.execute("slow start", () -> spin(Duration.ofMillis(20)));
        for (int i = 0; i < 1000; i++) {
            loop.execute("count", () -> loop.execute("again", ran::incrementAndGet));
        }
        loop.schedule("too late", Duration.ZERO, () -> loop.schedule("later", Duration.ofDays(1), () -> {}));
        loop.close();
        assertThat(ran).hasValue(1000);
        loop.execute("after the end", ran::incrementAndGet);
        assertThat(ran).hasValue(1000);
    }

    @Test
    void canBeClosedOnItself() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        loop.execute("close", () -> {
            loop.close();
            closed.countDown();
        });
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        loop.close();
    }

    @Test
    void sleepsAlsoAfterAnInterrupt() throws InterruptedException {
        runOnLoop(() -> Thread.currentThread().interrupt());
        runOnLoop(() -> {});
        runOnLoop(() -> assertThat(Thread.currentThread().isInterrupted()).isFalse());
    }

    @Test
    void knowsItsThread() throws InterruptedException {
        assertThat(loop.inLoop()).isFalse();
        assertThatIllegalStateException().isThrownBy(loop::assertInLoop).withMessageContaining("test");
        runOnLoop(() -> {
            assertThat(loop.inLoop()).isTrue();
            assertThat(Thread.currentThread().getName()).isEqualTo("test");
        });
    }

    private void runOnLoop(Runnable event) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        AtomicReference<AssertionError> failure = new AtomicReference<>();
        loop.execute("from the test", () -> {
            try {
                event.run();
            } catch (AssertionError e) {
                failure.set(e);
            } finally {
                done.countDown();
            }
        });
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private static void spin(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}
