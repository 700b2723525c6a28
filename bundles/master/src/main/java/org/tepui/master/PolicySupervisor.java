// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.master.PolicyChoices.Target;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Timer;
import org.tepui.transport.Refusal;

/**
 * Sees to it that the right policy serves: swaps policies when an operator, a new plug-in or a failure asks for it. A
 * policy that cannot take over is given up and the one that serves goes on; one that fails while it serves is
 * suspended and the last one that served well takes over, or where there is no other, a new one of the same after a
 * pause. On the master's loop.
 */
final class PolicySupervisor implements PolicySwap.Owner, PolicyWatchdog.Owner {
    private static final Logger log = LoggerFactory.getLogger(PolicySupervisor.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    /** A plug-in that is configured anew goes and comes back at once. */
    private static final Duration MAY_COME_BACK = Duration.ofMillis(200);

    private static final Duration SAVE_INTERVAL = Duration.ofMinutes(1);
    /** With so many threads that do not end, no policy is tried again by itself. */
    private static final int MOST_ABANDONED = 16;

    /** Waits for a policy that it asked for. */
    interface Requester {
        void serves(PolicyLink policy, Duration pause);

        void refused(Refusal.Kind kind, String reason);
    }

    private record Request(PolicyFeed feed, Optional<String> version, boolean wasSuspended, Requester requester) {}

    private final EventLoop loop;
    private final AllocatorSettings settings;
    private final PolicyChoices choices;
    private final Registry registry;
    private final PolicyStates states;
    private final PolicyUses uses;
    private final AllocatorJournal journal;
    private final PolicyWatchdog watchdog;
    private final PolicyLink.Environment environment;
    private final long started;

    private AllocatorSlot.@Nullable Client client;
    private @Nullable PolicyFeed serving;
    private @Nullable PolicySwap swap;
    private String swapReason = "";
    private boolean awaitsState;
    private @Nullable Request request;
    private @Nullable Timer restart;
    private @Nullable Timer saving;
    private Instant servingSince = Instant.EPOCH;
    private long servingFrom;
    private long gapFrom;
    private Duration pause = FIRST_PAUSE;
    private boolean everServed;

    /** @param environment of every policy; its listener tells {@link #allocated} and {@link #failed} */
    PolicySupervisor(
            AllocatorSettings settings,
            PolicyChoices choices,
            Registry registry,
            PolicyStates states,
            PolicyUses uses,
            PolicyLink.Environment environment) {
        this.loop = environment.masterLoop();
        this.settings = settings;
        this.choices = choices;
        this.registry = registry;
        this.states = states;
        this.uses = uses;
        this.environment = environment;
        this.journal = new AllocatorJournal(loop.clock(), environment.metrics());
        this.watchdog = new PolicyWatchdog(loop, settings.callTimeout(), this);
        this.started = loop.clock().nanoTime();
        this.gapFrom = started;
        environment.metrics().gauge("allocator/abandoned", watchdog::lastAbandoned);
    }

    /** Begins: from now on a policy serves where there is one. */
    void start(AllocatorSlot.Client books) {
        client = books;
        uses.onRelease(bundle -> loop.execute("release policy", () -> release(bundle)));
        saving = loop.schedule("save allocator's state", SAVE_INTERVAL, this::saveState);
        reconcile();
        if (serving == null && swap == null) {
            restart = loop.schedule("wait for policy", settings.patience(), this::reconcile);
            log.warn("The allocation policy {} is not there (yet): nothing is offered", choices.chosenName());
        }
    }

    /** Ends: policies are retired, offers that are out stay valid. */
    void stop() {
        client = null;
        cancelRestart();
        if (saving != null) {
            saving.cancel();
        }
        cancelSwap();
        PolicyFeed last = serving;
        serving = null;
        if (last != null) {
            watchdog.retire(last.link());
        }
        watchdog.stop();
        uses.onRelease(bundle -> {});
        uses.clear();
    }

    /** The policy that serves. */
    Optional<PolicyFeed> serving() {
        return Optional.ofNullable(serving);
    }

    /** The policy that is being brought up. */
    Optional<PolicySwap> swap() {
        return Optional.ofNullable(swap);
    }

    Instant servingSince() {
        return servingSince;
    }

    AllocatorJournal journal() {
        return journal;
    }

    PolicyChoices choices() {
        return choices;
    }

    int abandoned() {
        return watchdog.abandoned();
    }

    /** A policy was installed. */
    void added(PolicyOffering offering) {
        uses.arrived(offering.bundleId());
        reconcile();
    }

    /** A policy was uninstalled; what it serves with goes on until another takes over. */
    void removed(PolicyOffering offering) {
        choices.forget(offering);
        boolean inUse = serving != null && serving.link().offering().isSame(offering);
        boolean isNext = swap != null && swap.link().offering().isSame(offering);
        if (isNext && swap != null) {
            swap.fail("its plug-in was removed", false);
        }
        if (inUse) {
            loop.schedule("policy is gone", MAY_COME_BACK, this::reconcile);
        } else {
            reconcile();
        }
    }

    private void release(long bundleId) {
        choices.release(bundleId);
        if (swap != null && swap.link().offering().bundleId() == bundleId) {
            swap.fail("its plug-in is to be removed", false);
        }
        reconcile();
    }

    /** An operator chooses a policy. The requester hears of it once it serves, or why it does not. */
    void use(String name, Optional<String> version, Map<String, String> configuration, Requester requester) {
        if (request != null) {
            String other = request.feed().link().offering().title();
            requester.refused(
                    Refusal.Kind.CONFLICT, "allocation policy " + other + " is being brought up: ask again after that");
            return;
        }
        PolicyOffering offering =
                choices.shelf().find(name, version, choices::isAvailable).orElse(null);
        if (offering == null) {
            requester.refused(Refusal.Kind.BAD_REQUEST, choices.shelf().missing(name, version));
            return;
        }
        Map<String, String> merged = new TreeMap<>(offering.configuration());
        merged.putAll(configuration);
        Target target = new Target(offering, Collections.unmodifiableMap(merged));
        PolicyFeed present = serving;
        if (present != null && target.isOf(present.link())) {
            registry.allocatorChosen(name, version, merged, () -> {
                requester.serves(present.link(), Duration.ZERO);
                reconcile();
            });
            return;
        }
        boolean wasSuspended = choices.suspension(offering).isPresent();
        choices.admit(offering);
        PolicySwap begun = begin(target, "an operator chose it");
        if (begun == null) {
            requester.refused(Refusal.Kind.UNAVAILABLE, "this master does not lead any more");
        } else {
            request = new Request(begun.feed(), version, wasSuspended, requester);
        }
    }

    /** Compares who serves, or is about to, with who is to serve. */
    private void reconcile() {
        if (client == null || request != null) {
            return;
        }
        Optional<Target> wanted = choices.chosen().or(() -> isWaiting() ? Optional.empty() : stayOrOther());
        PolicyFeed present = serving;
        if (wanted.isEmpty()) {
            cancelSwap();
            nobody();
        } else if (present != null && wanted.get().isOf(present.link())) {
            cancelSwap();
        } else if (swap == null || !wanted.get().isOf(swap.link())) {
            begin(wanted.get(), reason(wanted.get()));
        }
        publish();
    }

    private boolean isWaiting() {
        return !everServed
                && loop.clock().nanoTime() - started < settings.patience().toNanos();
    }

    private Optional<Target> stayOrOther() {
        PolicyFeed present = serving;
        if (present != null && choices.isUsable(present.link().offering())) {
            return Optional.of(
                    new Target(present.link().offering(), present.link().configuration()));
        }
        return choices.other();
    }

    private String reason(Target target) {
        boolean chosen = target.offering().name().equals(choices.chosenName());
        if (!chosen) {
            return "since " + choices.chosenName() + " cannot";
        }
        return serving == null
                ? "as chosen"
                : "in place of " + serving.link().offering().title();
    }

    /** There is no policy to serve: one that failed is tried again after a pause. */
    private void nobody() {
        PolicyFeed present = serving;
        if (present != null && !choices.shelf().contains(present.link().offering())) {
            serving = null;
            gapFrom = loop.clock().nanoTime();
            journal.removed(present.link().offering(), "nothing is offered until there is an allocation policy");
            watchdog.retire(present.link());
        }
        if (serving == null && choices.hasSuspended() && restart == null) {
            log.error("No allocation policy is left: one that failed is tried again in {} s", pause.toSeconds());
            restart = loop.schedule("restart allocator", pause, this::tryAgain);
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        }
    }

    private void tryAgain() {
        restart = null;
        if (watchdog.abandoned() < MOST_ABANDONED) {
            choices.admitBest();
        }
        reconcile();
    }

    private void cancelRestart() {
        if (restart != null) {
            restart.cancel();
            restart = null;
        }
    }

    private @Nullable PolicySwap begin(Target target, String reason) {
        AllocatorSlot.Client books = client;
        if (books == null) {
            return null;
        }
        cancelRestart();
        cancelSwap();
        PolicyLink link = new PolicyLink(target.offering(), target.configuration(), environment);
        PolicyFeed feed = new PolicyFeed(loop, link, books);
        PolicySwap begun = new PolicySwap(loop, feed, serving != null, settings.swapTimeout(), this);
        swap = begun;
        swapReason = reason;
        watchdog.watch(link);
        PolicyFeed predecessor = serving;
        awaitsState = predecessor != null
                && predecessor.link().offering().name().equals(target.offering().name());
        if (awaitsState && predecessor != null) {
            predecessor.link().saveState(state -> {
                states.save(target.offering().name(), state);
                if (swap == begun && awaitsState) {
                    awaitsState = false;
                    begun.start(state);
                }
            });
        } else {
            begun.start(states.saved(target.offering().name()));
        }
        return begun;
    }

    private void saveState() {
        saving = loop.schedule("save allocator's state", SAVE_INTERVAL, this::saveState);
        PolicyFeed present = serving;
        if (present != null) {
            String name = present.link().offering().name();
            present.link().saveState(state -> states.save(name, state));
        }
    }

    private void cancelSwap() {
        PolicySwap last = swap;
        if (last != null) {
            swap = null;
            last.cancel();
            watchdog.retire(last.link());
            refuse(last.feed(), Refusal.Kind.CONFLICT, "another allocation policy is wanted meanwhile");
        }
    }

    /** Tells the requester of a policy, if there is one. */
    private boolean refuse(PolicyFeed feed, Refusal.Kind kind, String reason) {
        Request open = request;
        if (open == null || open.feed() != feed) {
            return false;
        }
        request = null;
        if (open.wasSuspended()) {
            choices.suspend(feed.link().offering(), reason);
        }
        open.requester().refused(kind, reason);
        return true;
    }

    @Override
    public void ready(PolicySwap ready) {
        PolicyOffering offering = ready.link().offering();
        Request open = request;
        if (open != null && open.feed() == ready.feed()) {
            // the choice is durable before it has effect: a master that starts in between comes to the same
            registry.allocatorChosen(
                    offering.name(), open.version(), ready.link().configuration(), () -> takeOver(ready));
        } else if (serving == null && !offering.name().equals(choices.chosenName()) && everServed) {
            registry.allocatorChosen(
                    offering.name(), Optional.empty(), ready.link().configuration(), () -> takeOver(ready));
        } else {
            takeOver(ready);
        }
    }

    private void takeOver(PolicySwap ready) {
        if (swap != ready || client == null) {
            return;
        }
        PolicyFeed old = serving;
        PolicyFeed next = ready.feed();
        long now = loop.clock().nanoTime();
        long from = old == null ? gapFrom : now;
        String reason = swapReason;
        swap = null;
        serving = next;
        servingSince = loop.clock().wallTime();
        servingFrom = now;
        everServed = true;
        next.link().listMetrics();
        ready.takeOver(() -> serves(next, Duration.ofNanos(loop.clock().nanoTime() - from), reason));
        if (old != null) {
            choices.servedWell(old.link());
            watchdog.retire(old.link());
        }
        publish();
    }

    private void serves(PolicyFeed feed, Duration gap, String reason) {
        journal.serving(feed.link().offering(), gap, reason);
        Request open = request;
        if (open != null && open.feed() == feed) {
            request = null;
            open.requester().serves(feed.link(), gap);
        }
        reconcile();
    }

    @Override
    public void failed(PolicySwap given, String reason, boolean stuck) {
        PolicyLink link = given.link();
        end(link, stuck);
        swap = null;
        journal.rolledBack(link.offering(), reason);
        String goesOn = serving == null ? "" : ", " + serving.link().offering().title() + " goes on";
        String sentence = "allocation policy " + link.offering().title() + " cannot take over" + goesOn + ": " + reason;
        if (!refuse(given.feed(), Refusal.Kind.BAD_REQUEST, sentence)) {
            choices.suspend(link.offering(), reason);
        }
        reconcile();
    }

    private void end(PolicyLink link, boolean stuck) {
        if (stuck) {
            watchdog.abandon(link);
        } else {
            watchdog.retire(link);
        }
    }

    @Override
    public void misbehaves(PolicyLink policy, String reason, boolean stuck) {
        PolicyFeed present = serving;
        if (swap != null && swap.link() == policy) {
            swap.fail(reason, stuck);
        } else if (present != null && present.link() == policy) {
            servingFailed(present, reason, stuck);
        }
    }

    /** The policy that serves is not heard any more, whatever it says. */
    private void servingFailed(PolicyFeed failed, String reason, boolean stuck) {
        long now = loop.clock().nanoTime();
        serving = null;
        gapFrom = now;
        if (now - servingFrom > LONGEST_PAUSE.toNanos()) {
            pause = FIRST_PAUSE;
        }
        PolicyOffering offering = failed.link().offering();
        end(failed.link(), stuck);
        journal.failed(offering, reason);
        choices.suspend(offering, reason);
        refuse(
                failed,
                Refusal.Kind.BAD_REQUEST,
                "allocation policy " + offering.title() + " took over and failed at once: " + reason);
        PolicySwap next = swap;
        if (next != null && awaitsState) {
            awaitsState = false;
            next.start(states.saved(next.link().offering().name()));
        }
        if (next == null) {
            reconcile();
        }
        publish();
    }

    /** The policy that serves gave out what is not there: what it believes is wrong, and goes on to be wrong. */
    void oversold(String what) {
        PolicyFeed present = serving;
        if (present != null) {
            servingFailed(present, "it allocated what is not there: " + what, false);
        }
    }

    @Override
    public void ended(PolicyLink policy) {
        publish();
    }

    /** Says to whoever removes plug-ins what is used. */
    private void publish() {
        if (client != null) {
            uses.publish(choices, serving(), swap(), watchdog.ending());
        }
    }
}
