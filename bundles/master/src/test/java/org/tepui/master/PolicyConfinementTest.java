// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.allocator.Preemption;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.registrar.RegistryLimits;
import org.tepui.registrar.RegistryState;
import org.tepui.runtime.SystemRandomness;
import org.tepui.runtime.ThreadConfinedLoops;
import org.tepui.runtime.ThreadEventLoop;

/** What policies do wrong on real threads: each is confined, and another serves within 5 s. */
@Timeout(60)
@SuppressWarnings({"NullAway", "ImmutableEnumChecker"}) // policies break every rule here, this one, too
class PolicyConfinementTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** What a policy does of its own accord, a moment after it began. */
    enum Crime {
        THROWS(context -> {
            throw new IllegalStateException("no more");
        }),
        THROWS_AN_ERROR(context -> {
            throw new StackOverflowError();
        }),
        RUNS_OUT_OF_MEMORY(context -> {
            throw new OutOfMemoryError("Java heap space");
        }),
        BLOCKS(context -> await(new CountDownLatch(1), 0)),
        LOOPS(context -> {
            while (!ENDED.get()) {
                Thread.onSpinWait();
            }
        }),
        SLEEPS_PAST_ITS_BUDGET(context -> await(new CountDownLatch(1), 3000)),
        STARTS_THREADS(context -> {
            for (int i = 0; i < 3; i++) {
                new Thread(() -> await(new CountDownLatch(1), 0)).start();
            }
        }),
        OFFERS_NOTHING(context -> context.offer(List.of())),
        OFFERS_NULL(context -> context.offer(null)),
        CATCHES_THE_REPROACH(context -> {
            try {
                context.offer(null);
            } catch (IllegalStateException e) {
                // and goes on as if nothing had been said
            }
        }),
        CALLS_BACK_WITHOUT_AN_END(context -> {
            while (true) {
                context.rescind(new FrameworkId("f"), new Role("r"), new AgentId("a"));
            }
        }),
        GOES_ROUND_IN_CIRCLES(PolicyConfinementTest::again);

        private final Consumer<AllocatorContext> act;

        Crime(Consumer<AllocatorContext> act) {
            this.act = act;
        }
    }

    private static final AtomicBoolean ENDED = new AtomicBoolean();

    private final ThreadEventLoop loop = ThreadEventLoop.start("master", (where, what, failure) -> {});
    private final MetricRegistry metrics = new MetricRegistry();
    private final RegistryState hardState = new RegistryState(RegistryLimits.DEFAULT);
    private final PolicyShelf shelf = new PolicyShelf();
    private AllocatorSlot slot;

    private static void again(AllocatorContext context) {
        context.schedule(Duration.ZERO, () -> again(context));
    }

    /** @param milliseconds 0 for ever */
    private static void await(CountDownLatch latch, long milliseconds) {
        try {
            boolean unused = latch.await(milliseconds == 0 ? Long.MAX_VALUE : milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // as a policy would that knows no better
        }
    }

    @AfterEach
    void stop() {
        ENDED.set(true);
        onLoop(() -> {
            slot.stop();
            return true;
        });
        loop.close();
    }

    private <T> T onLoop(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute("ask", () -> answer.complete(question.get()));
        return answer.join();
    }

    private void start(AllocatorFactory... factories) {
        ENDED.set(false);
        for (AllocatorFactory factory : factories) {
            shelf.add(PolicyOffering.of(factory, Map.of()));
        }
        MemoryRegistrar registrar = new MemoryRegistrar(loop);
        AllocatorParts parts = new AllocatorParts(
                AllocatorSettings.of("bad", Duration.ofSeconds(1)),
                new ThreadConfinedLoops((where, what, failure) -> {}),
                shelf,
                new PolicyUses());
        slot = new AllocatorSlot(
                loop, parts, new Registry(registrar, loop.clock()), hardState, new SystemRandomness(), metrics);
        loop.execute("serve", () -> slot.serve(new NoCluster()));
    }

    private String serving() {
        return onLoop(() -> slot.policies()
                .serving()
                .map(feed -> feed.link().offering().name())
                .orElse("nobody"));
    }

    private List<AllocatorJournal.Event> events() {
        return onLoop(() -> slot.policies().journal().events());
    }

    private void awaitServing(String name, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!serving().equals(name)) {
            assertThat(System.nanoTime())
                    .as("%s serves in time, %s", name, events())
                    .isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    /** A thread that was interrupted ends by itself, one that loops does not. */
    private void awaitAbandoned(int expected) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (onLoop(() -> slot.policies().abandoned()) != expected) {
            assertThat(System.nanoTime()).as("%s abandoned", expected).isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void confinesAPolicyThat(Crime crime) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AllocatorFactory bad = StubPolicy.factory("bad", (context, configuration) -> {
            context.schedule(Duration.ofMillis(300), () -> {
                begun.countDown();
                crime.act.accept(context);
            });
            return new StubPolicy();
        });
        start(bad, StubPolicy.factory("drf", (context, configuration) -> new StubPolicy()));
        awaitServing("bad", LIMIT);
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

        awaitServing("drf", LIMIT);

        assertThat(events()).anySatisfy(event -> {
            assertThat(event.kind()).isEqualTo(AllocatorJournal.Kind.FAILED);
            assertThat(event.name()).isEqualTo("bad");
            assertThat(event.reason()).isNotEmpty();
        });
        assertThat(metrics.snapshot()).containsEntry("allocator/failures", 1.0);
        awaitAbandoned(crime == Crime.LOOPS ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"THROWS", "BLOCKS", "LOOPS", "OFFERS_NULL"})
    void isNotTouchedByAPolicyThatDoesItWhileItIsMade(Crime crime) throws InterruptedException {
        AllocatorFactory worse = StubPolicy.factory("worse", (context, configuration) -> {
            crime.act.accept(context);
            return new StubPolicy();
        });
        start(StubPolicy.factory("bad", (context, configuration) -> new StubPolicy()), worse);
        awaitServing("bad", LIMIT);
        List<String> answers = new ArrayList<>();
        CountDownLatch answered = new CountDownLatch(1);
        long asked = System.nanoTime();
        loop.execute(
                "use",
                () -> slot.policies().use("worse", Optional.empty(), Map.of(), new PolicySupervisor.Requester() {
                    @Override
                    public void serves(PolicyLink policy, Duration pause) {
                        answers.add("serves");
                        answered.countDown();
                    }

                    @Override
                    public void refused(org.tepui.transport.Refusal.Kind kind, String reason) {
                        answers.add(reason);
                        answered.countDown();
                    }
                }));

        assertThat(answered.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(LIMIT);
        assertThat(answers).singleElement().asString().contains("worse", "cannot take over", "bad 0.0.0 goes on");
        assertThat(serving()).isEqualTo("bad");
        assertThat(metrics.snapshot()).containsEntry("allocator/failures", 0.0);
    }

    @Test
    void goesOnWithoutAPolicyWhoseThreadsNeverEnd() throws InterruptedException {
        AllocatorFactory bad = StubPolicy.factory("bad", (context, configuration) -> {
            context.schedule(Duration.ofMillis(10), () -> Crime.LOOPS.act.accept(context));
            return new StubPolicy();
        });
        start(bad);
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (events().stream()
                        .filter(event -> event.kind() == AllocatorJournal.Kind.FAILED)
                        .count()
                < 2) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(20);
        }
        assertThat(onLoop(() -> slot.policies().abandoned())).isEqualTo(2);
    }

    /** A cluster without anybody in it. */
    private static final class NoCluster implements AllocatorSlot.Client {
        @Override
        public void offer(List<Allocation> allocations) {}

        @Override
        public void rescind(FrameworkId framework, Role role, AgentId agent) {}

        @Override
        public void preempt(List<Preemption> tasks) {}

        @Override
        public Iterable<FrameworkEntry> frameworks() {
            return List.of();
        }

        @Override
        public Iterable<AgentEntry> agents() {
            return List.of();
        }

        @Override
        public Optional<FrameworkEntry> framework(FrameworkId id) {
            return Optional.empty();
        }

        @Override
        public Optional<AgentEntry> agent(AgentId id) {
            return Optional.empty();
        }

        @Override
        public Quotas quotas() {
            return Quotas.none();
        }

        @Override
        public Weights weights() {
            return Weights.none();
        }
    }
}
