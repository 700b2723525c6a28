// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.transport.Connection;
import org.tepui.transport.Exchange;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.scheduler.Call;

/**
 * The life of frameworks: subscription, failover of their schedulers, and their end. A framework's existence is made
 * durable before its scheduler is told, so that a new master knows whom to wait for.
 */
final class FrameworkManager {
    private static final Logger log = LoggerFactory.getLogger(FrameworkManager.class);
    private static final double NANOS_PER_SECOND = 1e9;

    private final MasterContext context;
    private final Frameworks frameworks;
    private final OfferManager offers;
    private final TaskManager tasks;
    private final AllocatorSlot slot;
    private final Registry registry;
    /** Connections whose SUBSCRIBE waits for the registry: a repeat of it is dropped. */
    private final Set<Long> subscribing = new HashSet<>();

    private long nextFramework;

    FrameworkManager(
            MasterContext context,
            Frameworks frameworks,
            OfferManager offers,
            TaskManager tasks,
            AllocatorSlot slot,
            Registry registry) {
        this.context = context;
        this.frameworks = frameworks;
        this.offers = offers;
        this.tasks = tasks;
        this.slot = slot;
        this.registry = registry;
    }

    /**
     * Takes a framework that an earlier master left.
     *
     * @param deadline when it is to be removed, if its scheduler was gone already
     */
    void recover(FrameworkInfo info, Optional<Instant> deadline) {
        FrameworkEntry framework = addRecovered(new FrameworkId(info.getId().getValue()), info);
        Optional<Duration> left =
                deadline.map(end -> Duration.between(context.clock().wallTime(), end));
        scheduleEnd(framework, left.orElseGet(() -> patience(framework)));
    }

    /** The framework of a task that an agent brought along, made known if it is not. */
    Optional<FrameworkEntry> findOrRecover(FrameworkId id, Optional<FrameworkInfo> info) {
        Optional<FrameworkEntry> known = frameworks.find(id);
        if (known.isPresent() || info.isEmpty() || frameworks.isCompleted(id)) {
            return known;
        }
        return FrameworkRules.problem(
                                Call.Subscribe.newBuilder()
                                        .setFrameworkInfo(info.get())
                                        .build(),
                                Optional.empty())
                        .isPresent()
                ? Optional.empty()
                : Optional.of(recoverUnrecorded(id, info.get()));
    }

    private FrameworkEntry recoverUnrecorded(FrameworkId id, FrameworkInfo info) {
        FrameworkEntry framework = addRecovered(id, info);
        scheduleEnd(framework, patience(framework));
        return framework;
    }

    private FrameworkEntry addRecovered(FrameworkId id, FrameworkInfo info) {
        FrameworkEntry framework = new FrameworkEntry(id, withId(info, id), FrameworkState.RECOVERED);
        frameworks.add(framework);
        slot.frameworkAdded(framework);
        return framework;
    }

    /** Nobody had a chance to subscribe with this master yet: not less than agents have to come back. */
    private Duration patience(FrameworkEntry framework) {
        Duration wait = failoverTimeout(framework);
        Duration least = context.config().agentReregisterTimeout();
        return wait.compareTo(least) < 0 ? least : wait;
    }

    /** Handles SUBSCRIBE: every refusal is an ERROR event in the stream, which is closed then. */
    void subscribe(Call call, Exchange exchange) {
        Call.Subscribe subscribe = call.getSubscribe();
        FrameworkInfo info = subscribe.getFrameworkInfo();
        (info.getId().getValue().isEmpty() ? context.figures().subscriptions : context.figures().resubscriptions)
                .increment();
        Connection connection = exchange.connection();
        Optional<String> principal = connection.peer().principal();
        Optional<String> problem = FrameworkRules.problem(subscribe, principal);
        if (problem.isPresent()) {
            reject(exchange, problem.get());
            return;
        }
        if (subscribing.contains(connection.id())) {
            exchange.accept();
            return;
        }
        Optional<FrameworkEntry> here = frameworks.byConnection(connection);
        if (info.getId().getValue().isEmpty()) {
            FrameworkId id = here.map(framework -> framework.id).orElseGet(this::newId);
            resolve(id, call, exchange);
        } else if (here.isPresent()
                && !here.get().id.value().equals(info.getId().getValue())) {
            reject(exchange, "This connection is subscribed as framework " + here.get().id);
        } else {
            resolve(new FrameworkId(info.getId().getValue()), call, exchange);
        }
    }

    private FrameworkId newId() {
        return new FrameworkId(
                String.format(Locale.ROOT, "%s-%04d", context.info().getId(), nextFramework++));
    }

    /** Makes durable what is new about the framework, then lets its scheduler in. */
    private void resolve(FrameworkId id, Call call, Exchange exchange) {
        FrameworkInfo claimed = withId(call.getSubscribe().getFrameworkInfo(), id);
        Optional<FrameworkEntry> known = frameworks.find(id);
        if (isOver(id)) {
            reject(exchange, "Framework has been removed");
            return;
        }
        if (known.isPresent()) {
            Optional<String> problem = FrameworkRules.changeProblem(known.get().info, claimed);
            if (problem.isPresent()) {
                reject(exchange, problem.get());
                return;
            }
        }
        FrameworkInfo info = known.map(framework -> FrameworkRules.merged(framework.info, claimed))
                .orElse(claimed);
        if (known.isPresent() && known.get().isActive() && known.get().info.equals(info)) {
            admit(known.get(), info, call, exchange);
            return;
        }
        long connection = exchange.connection().id();
        subscribing.add(connection);
        registry.frameworkSubscribed(info, () -> {
            subscribing.remove(connection);
            if (isOver(id)) {
                reject(exchange, "Framework has been removed");
                return;
            }
            admit(frameworks.find(id).orElseGet(() -> addRecovered(id, info)), info, call, exchange);
        });
    }

    private boolean isOver(FrameworkId id) {
        return frameworks.isCompleted(id)
                || frameworks.find(id).filter(framework -> framework.ending).isPresent();
    }

    /** The scheduler is in: from now on it, and only it, speaks for the framework. */
    private void admit(FrameworkEntry framework, FrameworkInfo info, Call call, Exchange exchange) {
        Connection connection = exchange.connection();
        Connection previous = framework.connection;
        exchange.accept();
        if (previous != null && previous.id() == connection.id()) {
            framework.send(Events.subscribed(framework.id, context.config().heartbeatInterval(), context.info()));
            return;
        }
        if (previous != null) {
            log.info("Framework {} failed over", framework.id);
            framework.send(Events.error("Framework failed over"));
            frameworks.disconnect(framework);
            previous.close("framework failed over");
            offers.withdrawAll(framework);
        }
        framework.cancelTimers();
        describe(framework, info);
        framework.want(
                call.getSubscribe().getSuppressedRolesList(),
                call.getSubscribe().getOfferConstraints());
        framework.principal = connection.peer().principal();
        framework.http = exchange.isHttp();
        framework.streamId = exchange.streamId();
        frameworks.connect(framework, connection);
        enter(framework);
        framework.send(Events.subscribed(framework.id, context.config().heartbeatInterval(), context.info()));
        heartbeat(framework);
        slot.frameworkActivated(framework);
        log.info("Framework {} ({}) subscribed", framework.id, FrameworkRules.shown(framework.info.getName()));
        if (!connection.isOpen()) {
            // it broke while the subscription was made durable
            disconnected(connection);
        }
    }

    /** Takes over a new description; of roles that are not in it any more the offers are void. */
    private void describe(FrameworkEntry framework, FrameworkInfo info) {
        SortedSet<Role> left = new TreeSet<>(framework.roles);
        framework.describe(info);
        left.removeAll(framework.roles);
        left.forEach(role -> offers.rescindAll(framework, role));
    }

    /** Handles UPDATE_FRAMEWORK: the scheduler changes what it says of itself and what it wants to be offered. */
    void update(FrameworkEntry framework, Call.UpdateFramework call, Exchange exchange) {
        Optional<String> problem = FrameworkRules.updateProblem(
                framework.info, call, exchange.connection().peer().principal());
        if (problem.isPresent()) {
            exchange.refuse(Kind.BAD_REQUEST, problem.get());
            return;
        }
        if (framework.ending) {
            exchange.refuse(Kind.CONFLICT, "Framework is being removed");
            return;
        }
        FrameworkInfo info = withId(call.getFrameworkInfo(), framework.id);
        Runnable change = () -> {
            if (isOver(framework.id)) {
                exchange.refuse(Kind.CONFLICT, "Framework has been removed");
                return;
            }
            boolean told = framework.info.equals(info);
            describe(framework, info);
            framework.want(call.getSuppressedRolesList(), call.getOfferConstraints());
            slot.frameworkUpdated(framework);
            if (!told) {
                tasks.tellAgents(framework);
            }
            log.info("Framework {} changed its description", framework.id);
            exchange.accept();
        };
        if (framework.info.equals(info)) {
            change.run();
        } else {
            registry.frameworkSubscribed(info, change);
        }
    }

    private void enter(FrameworkEntry framework) {
        if (framework.state() == FrameworkState.DISCONNECTED) {
            context.figures().frameworksDisconnected.decrementAndGet();
        }
        if (framework.state() != FrameworkState.ACTIVE) {
            framework.moveTo(FrameworkState.ACTIVE);
            context.figures().frameworksActive.incrementAndGet();
        }
        if (framework.registeredTime == null) {
            framework.registeredTime = context.clock().wallTime();
        } else {
            framework.reregisteredTime = context.clock().wallTime();
        }
    }

    private void heartbeat(FrameworkEntry framework) {
        framework.heartbeat = context.loop()
                .schedule("scheduler heartbeat", context.config().heartbeatInterval(), () -> {
                    framework.send(Events.heartbeat());
                    heartbeat(framework);
                });
    }

    /** Refuses a subscription in the stream that it asked for. */
    private void reject(Exchange exchange, String reason) {
        log.info(
                "Refused a subscription from {}: {}",
                exchange.connection().peer().address(),
                reason);
        exchange.accept();
        exchange.connection().send(Events.error(reason));
        exchange.connection().close("subscription refused");
    }

    /** The stream of a scheduler broke: it has its failover timeout to come back. */
    void disconnected(Connection connection) {
        frameworks.byConnection(connection).ifPresent(framework -> {
            log.info("Framework {} disconnected", framework.id);
            framework.cancelTimers();
            frameworks.disconnect(framework);
            framework.moveTo(FrameworkState.DISCONNECTED);
            context.figures().frameworksActive.decrementAndGet();
            context.figures().frameworksDisconnected.incrementAndGet();
            slot.frameworkDeactivated(framework);
            offers.withdrawAll(framework);
            Duration wait = failoverTimeout(framework);
            if (framework.ending) {
                // its removal is on its way to the registry: a record after it would bring the framework back
                log.debug("Framework {} is being removed", framework.id);
            } else if (wait.isZero()) {
                end(framework, "its scheduler disconnected and its failover timeout is 0", () -> {});
            } else {
                registry.frameworkDisconnected(
                        framework.info, context.clock().wallTime().plus(wait));
                scheduleEnd(framework, wait);
            }
        });
    }

    private void scheduleEnd(FrameworkEntry framework, Duration wait) {
        framework.failover = context.loop()
                .schedule(
                        "framework failover timeout",
                        wait.isNegative() ? Duration.ZERO : wait,
                        () -> end(framework, "its scheduler did not come back within " + wait, () -> {}));
    }

    private static Duration failoverTimeout(FrameworkEntry framework) {
        return Duration.ofNanos(Math.round(framework.info.getFailoverTimeout() * NANOS_PER_SECOND));
    }

    /**
     * Ends a framework: once that is durable its tasks are killed. A scheduler with its id is refused from now on.
     *
     * @param done called when it is over
     */
    void end(FrameworkEntry framework, String why, Runnable done) {
        if (framework.ending) {
            done.run();
            return;
        }
        framework.ending = true;
        log.info("Framework {} is removed: {}", framework.id, why);
        registry.frameworkRemoved(framework.id, why, () -> {
            remove(framework);
            done.run();
        });
    }

    private void remove(FrameworkEntry framework) {
        Connection connection = framework.connection;
        framework.cancelTimers();
        offers.withdrawAll(framework);
        tasks.endAll(framework);
        leave(framework);
        framework.moveTo(FrameworkState.COMPLETED);
        framework.unregisteredTime = context.clock().wallTime();
        frameworks.complete(framework);
        slot.frameworkRemoved(framework);
        if (connection != null) {
            connection.close("framework removed");
        }
    }

    private void leave(FrameworkEntry framework) {
        if (framework.state() == FrameworkState.ACTIVE) {
            context.figures().frameworksActive.decrementAndGet();
        } else if (framework.state() == FrameworkState.DISCONNECTED) {
            context.figures().frameworksDisconnected.decrementAndGet();
        }
    }

    /** Stops the timers of all frameworks. */
    void stop() {
        frameworks.all().forEach(FrameworkEntry::cancelTimers);
    }

    private static FrameworkInfo withId(FrameworkInfo info, FrameworkId id) {
        return info.toBuilder()
                .setId(FrameworkID.newBuilder().setValue(id.value()))
                .build();
    }
}
