// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.Resource;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.scheduler.Event;

/** Random lives of agents and schedulers: after every event of the master's loop its books are right. */
class RandomEventsTest {
    private static final int STEPS = 400;

    private final List<ModelAgent> agents = new ArrayList<>();
    private final List<TestScheduler> schedulers = new ArrayList<>();
    private int nextTask;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void keepsItsBooks(long seed) {
        run(seed);
    }

    @Test
    void keepsItsBooksForManySeeds() {
        long first = Long.getLong("tepui.seed", 100);
        for (long seed = first; seed < first + Long.getLong("tepui.seeds", 30); seed++) {
            try {
                agents.clear();
                schedulers.clear();
                run(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with seed " + seed, e);
            }
        }
    }

    private void run(long seed) {
        Random random = new Random(seed);
        TestMaster master = TestMaster.unstarted(MasterConfig.defaults(), seed);
        master.time.afterEach = () -> BookInvariants.check(master);
        master.start();
        for (int i = 0; i < 4; i++) {
            agents.add(new ModelAgent(
                    new TestAgent(master, "host" + i, 5051, "cpus:4;mem:100;ports:[31000-31009]"), random));
            agents.get(i).comeBack();
        }
        for (int i = 0; i < STEPS; i++) {
            step(master, random);
            BookInvariants.checkGauges(master);
        }
        master.policy.last().oversells = false;
        // a policy that was stopped is back after a minute at most
        master.time.advance(Duration.ofSeconds(61));
        BookInvariants.checkPolicy(master);
    }

    private void step(TestMaster master, Random random) {
        ModelAgent agent = agents.get(random.nextInt(agents.size()));
        int choice = random.nextInt(100);
        if (choice < 40) {
            agent.work();
        } else if (choice < 45) {
            agent.disconnect();
        } else if (choice < 55) {
            if (!agent.isConnected() || random.nextInt(4) == 0) {
                agent.comeBack();
            }
        } else if (choice < 58) {
            agent.agent.answersPings = random.nextInt(3) > 0;
        } else if (choice < 63) {
            master.time.advance(Duration.ofSeconds(random.nextInt(60)));
        } else if (choice < 64) {
            master.policy.last().oversells = true;
        } else if (choice < 67) {
            subscribe(master, random);
        } else if (!schedulers.isEmpty()) {
            schedule(schedulers.get(random.nextInt(schedulers.size())), random);
        }
    }

    @SuppressWarnings("deprecation") // frameworks without MULTI_ROLE say their role so
    private void subscribe(TestMaster master, Random random) {
        if (schedulers.size() > 6) {
            return;
        }
        FrameworkInfo.Builder info = random.nextBoolean()
                ? Messages.framework(FrameworkInfo.Capability.Type.PARTITION_AWARE)
                : Messages.framework();
        info.setFailoverTimeout(random.nextInt(3) * 40);
        if (random.nextBoolean()) {
            info.setRole("eng");
        }
        TestScheduler scheduler = new TestScheduler(master, info.build(), random.nextBoolean());
        schedulers.add(scheduler.subscribe());
    }

    private void schedule(TestScheduler scheduler, Random random) {
        switch (random.nextInt(16)) {
            case 0 -> {
                if (scheduler.connection.isOpen()) {
                    scheduler.disconnect();
                }
            }
            case 1 -> {
                TestScheduler next = scheduler.successor();
                next.sendSubscribe();
                schedulers.remove(scheduler);
                if (!next.events(Event.Type.SUBSCRIBED).isEmpty()) {
                    schedulers.add(next);
                }
            }
            case 2 -> {
                if (random.nextInt(5) == 0) {
                    scheduler.tearDown();
                    schedulers.remove(scheduler);
                }
            }
            case 3 -> scheduler.kill("t" + random.nextInt(nextTask + 1));
            case 4 -> scheduler.reconcile();
            case 5, 6, 7 -> acknowledge(scheduler, random);
            default -> answerOffer(scheduler, random);
        }
    }

    private void acknowledge(TestScheduler scheduler, Random random) {
        List<TaskStatus> updates =
                scheduler.updates().stream().filter(TaskStatus::hasUuid).toList();
        if (!updates.isEmpty()) {
            // mostly recent ones, and sometimes one again
            int index = Math.max(0, updates.size() - 1 - random.nextInt(8));
            scheduler.acknowledge(updates.get(index));
        }
    }

    private void answerOffer(TestScheduler scheduler, Random random) {
        List<Offer> offers = scheduler.offers();
        if (offers.isEmpty()) {
            return;
        }
        // mostly the last, and sometimes one that is long over
        Offer offer = offers.get(random.nextInt(4) == 0 ? random.nextInt(offers.size()) : offers.size() - 1);
        if (random.nextInt(4) == 0) {
            scheduler.decline(offer, random.nextInt(20));
            return;
        }
        if (random.nextInt(6) == 0) {
            changeReservation(scheduler, offer, random);
            return;
        }
        List<TaskInfo> tasks = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String id = "t" + (random.nextInt(10) == 0 ? random.nextInt(nextTask + 1) : nextTask++);
            int port = 31000 + random.nextInt(10);
            tasks.add(Messages.task(
                    id,
                    offer,
                    "cpus:" + (1 + random.nextInt(3)) + ";mem:" + (1 + random.nextInt(40)) + ";ports:[" + port + "-"
                            + port + "]"));
        }
        scheduler.accept(List.of(offer), random.nextInt(10), tasks.toArray(TaskInfo[]::new));
    }

    /** Reserves some of what is offered, or takes a reservation back; now and then what is not there at all. */
    private static void changeReservation(TestScheduler scheduler, Offer offer, Random random) {
        List<Resource> reserved = offer.getResourcesList().stream()
                .filter(Resource::hasReservation)
                .toList();
        Offer.Operation operation;
        if (!reserved.isEmpty() && random.nextBoolean()) {
            operation = Messages.unreserve(reserved.get(0));
        } else {
            operation = Messages.reserve("eng", "cpus:" + (1 + random.nextInt(2)));
        }
        scheduler.operate(offer, random.nextInt(10), operation);
    }
}
