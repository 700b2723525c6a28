// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.Preemption;
import org.tepui.allocator.support.AgentView;
import org.tepui.allocator.support.ClientView;
import org.tepui.allocator.support.ClusterView;
import org.tepui.api.metrics.Counter;

/**
 * Plans preemptions in regular intervals and asks for them, or only says so, and keeps the agents concerned. On the
 * allocator's loop.
 */
final class Preemptor {
    private static final Logger LOG = LoggerFactory.getLogger(Preemptor.class);

    /** An interval is at least this many times as long as making a plan took. */
    private static final int PAUSE_FACTOR = 20;

    private final AllocatorContext context;
    private final PrioritySettings settings;
    private final PreemptionPlanner planner;
    private final Counter asked;
    private final Counter givenUp;
    private @Nullable ClusterView cluster;
    private @Nullable PreemptionBooks books;
    private volatile int planned;
    private List<RoomPlan> shown = List.of();

    Preemptor(AllocatorContext context, PrioritySettings settings) {
        this.context = context;
        this.settings = settings;
        this.planner = new PreemptionPlanner(settings);
        this.asked = context.metrics().counter("allocator/priority/preemptions_asked");
        this.givenUp = context.metrics().counter("allocator/priority/preemptions_given_up");
        context.metrics().gauge("allocator/priority/preemptions_planned", () -> planned);
    }

    void begin(ClusterView shownCluster) {
        cluster = shownCluster;
        books = new PreemptionBooks(shownCluster, settings.preemption().grace());
        if (settings.mode() != PreemptionMode.OFF) {
            context.schedule(settings.preemption().interval(), this::pass);
        }
    }

    private ClusterView cluster() {
        return Objects.requireNonNull(cluster, "begin comes first");
    }

    private PreemptionBooks books() {
        return Objects.requireNonNull(books, "begin comes first");
    }

    boolean admits(ClientView client, AgentView agent) {
        return books().admits(client, agent);
    }

    void roundEnded() {
        if (!books().areIdle()) {
            review();
        }
    }

    /** What would be asked for at this moment. */
    List<Preemption> plan() {
        long now = context.nanoTime();
        return preemptions(planner.plan(cluster(), books(), now).rooms(), now);
    }

    private List<Preemption> preemptions(List<RoomPlan> rooms, long now) {
        List<Preemption> preemptions = new ArrayList<>();
        rooms.forEach(room -> preemptions.addAll(
                room.preemptions(settings.classes(), settings.preemption().grace(), now)));
        return preemptions;
    }

    private void pass() {
        review();
        long start = context.nanoTime();
        PreemptionPlanner.Outcome outcome = planner.plan(cluster(), books(), start);
        books().putOff(outcome.inVain(), start);
        List<Preemption> preemptions = preemptions(outcome.rooms(), start);
        planned = preemptions.size();
        if (settings.mode() == PreemptionMode.ON) {
            carryOut(outcome.rooms(), preemptions, start);
        } else {
            show(outcome.rooms(), preemptions);
        }
        Duration spent = Duration.ofNanos(context.nanoTime() - start).multipliedBy(PAUSE_FACTOR);
        Duration interval = settings.preemption().interval();
        context.schedule(spent.compareTo(interval) > 0 ? spent : interval, this::pass);
    }

    private void carryOut(List<RoomPlan> rooms, List<Preemption> preemptions, long now) {
        if (rooms.isEmpty()) {
            return;
        }
        for (RoomPlan room : rooms) {
            context.schedule(books().enter(room, now), this::review);
        }
        preemptions.forEach(preemption -> LOG.info("Preempting task {}: {}", preemption.task(), preemption.reason()));
        asked.add(preemptions.size());
        context.preempt(preemptions);
    }

    /** Says what it would do, once as long as that stays the same. */
    private void show(List<RoomPlan> rooms, List<Preemption> preemptions) {
        List<RoomPlan> same = rooms.stream().map(RoomPlan::atAnyTime).toList();
        if (!same.equals(shown)) {
            shown = same;
            preemptions.forEach(
                    preemption -> LOG.info("Would preempt task {}: {}", preemption.task(), preemption.reason()));
        }
    }

    private void review() {
        PreemptionBooks.Changes changes = books().review(context.nanoTime());
        givenUp.add(changes.givenUp());
        if (!changes.agents().isEmpty()) {
            changes.agents().forEach(cluster()::lookAgain);
            context.schedule(PreemptionBooks.FIRST_LOOK, this::review);
        }
    }
}
