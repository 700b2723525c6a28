// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.api.service.Leadership;
import org.tepui.api.service.PluginUser;
import org.tepui.registrar.Registrar;
import org.tepui.registrar.RegistryState;
import org.tepui.runtime.Address;
import org.tepui.runtime.EventLoop;

/**
 * The master of a cluster: admits agents, subscribes frameworks, makes offers of what the policy allocates, launches
 * what is accepted, and passes status updates on.
 *
 * <p>All of it happens on one event loop; the managers behind this class are reachable from that loop only. What agents
 * and schedulers must be able to rely on (who is admitted, who is subscribed) is made durable first; tasks and offers
 * are soft and come back with agents and schedulers.
 *
 * <p>A master is started once and stopped once. {@link #start}, {@link #stop}, {@link #addAllocator} and {@link
 * #removeAllocator} may be called from any thread.
 */
public final class Master implements Leadership {
    private static final Logger log = LoggerFactory.getLogger(Master.class);

    private final MasterParts parts;
    private final AllocatorParts allocator;
    private final EventLoop loop;
    private final String id;
    private final Instant startTime;

    private volatile State state = State.NONE;
    private volatile String address = "";
    private @Nullable MasterServices services;

    /** Makes a master that takes messages and refuses them all, until it is started. */
    public Master(MasterParts parts) {
        this.parts = parts;
        this.allocator =
                new AllocatorParts(parts.allocator(), parts.policyLoops(), new PolicyShelf(), new PolicyUses());
        this.loop = parts.endpoint().loop();
        this.id = parts.randomness().nextUuid().toString();
        this.startTime = loop.clock().wallTime();
        MessageHandlers.install(parts.endpoint(), this::services);
    }

    /**
     * Reads the registry, records the start under a new epoch, and then serves. Until then everybody is refused as
     * unavailable.
     *
     * @param reachable where others reach this master
     * @param leading runs on the master's loop once it serves
     */
    public void start(Address reachable, Runnable leading) {
        address = reachable.toString();
        state = State.RECOVERING;
        Registrar.Owner owner = new Registrar.Owner() {
            @Override
            public void started(RegistryState recovered) {
                lead(reachable, recovered, leading);
            }

            @Override
            public void failed(String reason) {
                resign(reason);
            }
        };
        loop.execute("start master", () -> parts.registrar().start(id, owner));
    }

    private void lead(Address reachable, RegistryState recovered, Runnable leading) {
        loop.assertInLoop();
        if (state != State.RECOVERING) {
            return;
        }
        parts.epochListener().accept(recovered.epoch());
        MasterServices started = new MasterServices(
                parts,
                allocator,
                MasterInfos.of(id, reachable, parts.version(), parts.config().domain()),
                startTime,
                recovered);
        services = started;
        state = State.LEADING;
        log.info("Master {} at {} leads with epoch {}", id, reachable, recovered.epoch());
        leading.run();
    }

    /** Nothing can be made durable any more: another start of the master takes over. */
    private void resign(String reason) {
        log.error("This master cannot go on: {}", reason);
        serveNoLonger();
        parts.failureListener().accept(reason);
    }

    private void serveNoLonger() {
        state = State.NONE;
        if (services != null) {
            services.stop();
            services = null;
        }
    }

    /**
     * Stops to serve: timers end and the registry is let go. Schedulers and agents keep what they have and look for
     * another master.
     *
     * @param stopped runs on the master's loop
     */
    public void stop(Runnable stopped) {
        loop.execute("stop master", () -> {
            boolean started = state != State.NONE;
            serveNoLonger();
            if (started) {
                parts.registrar().stop(stopped);
            } else {
                stopped.run();
            }
        });
    }

    /** An allocation policy was installed. It serves if it is the one that was chosen. */
    public void addAllocator(PolicyOffering offering) {
        allocator.uses().arriving(offering.bundleId());
        loop.execute("add allocator", () -> {
            allocator.shelf().add(offering);
            if (services == null) {
                allocator.uses().arrived(offering.bundleId());
            } else {
                services.managers().slot().policies().added(offering);
            }
        });
    }

    /** An allocation policy is going. If it serves, another takes over. */
    public void removeAllocator(AllocatorFactory factory) {
        loop.execute(
                "remove allocator",
                () -> allocator.shelf().remove(factory).ifPresent(offering -> {
                    if (services != null) {
                        services.managers().slot().policies().removed(offering);
                    }
                }));
    }

    /** Says which bundles of allocation policies this master uses. */
    public PluginUser allocatorUses() {
        return allocator.uses();
    }

    /** The managers while this master leads. On its loop. */
    Optional<MasterServices> services() {
        return Optional.ofNullable(services);
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public String masterId() {
        return id;
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public Optional<String> leaderAddress() {
        State now = state;
        return now == State.LEADING || now == State.RECOVERING ? Optional.of(address) : Optional.empty();
    }

    @Override
    public Instant startTime() {
        return startTime;
    }
}
