// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.tepui.runtime.FaultHandler;
import org.tepui.runtime.Timer;

/**
 * Machines and a network under one virtual time, all of whose chances come from one seed. The same seed and the same
 * services give the same events, which {@link VirtualTime#digest()} shows. Used by one thread.
 */
public final class SimulatedWorld {
    private final VirtualTime time;
    private final SimulatedNetwork network;
    private final SimulatedRandomness randomness;
    private final Lane lane;
    private final Map<String, SimulatedNode> nodes = new TreeMap<>();

    /** A world in which an event that throws ends the run with a {@link SimulatedFaultException}. */
    public SimulatedWorld(long seed) {
        this.time = new VirtualTime(seed, this::stop);
        this.network = new SimulatedNetwork(time);
        this.randomness = SimulatedRandomness.of(seed, "world");
        this.lane = time.newLane("world", new Life());
    }

    /** A world whose events that throw go to a handler. */
    public SimulatedWorld(long seed, FaultHandler faultHandler) {
        this.time = new VirtualTime(seed, faultHandler);
        this.network = new SimulatedNetwork(time);
        this.randomness = SimulatedRandomness.of(seed, "world");
        this.lane = time.newLane("world", new Life());
    }

    private void stop(String where, String what, Throwable failure) {
        throw new SimulatedFaultException(
                "event '" + what + "' of " + where + " failed after " + time.elapsed() + " with seed " + time.seed()
                        + ": " + failure,
                failure);
    }

    /** The time, which is also what runs the events. */
    public VirtualTime time() {
        return time;
    }

    /** What lies between the nodes. */
    public SimulatedNetwork network() {
        return network;
    }

    /** Chances for the one who runs the simulation: when to kill what. */
    public SimulatedRandomness randomness() {
        return randomness;
    }

    /** The node of a name, made at the first call. */
    public SimulatedNode node(String name) {
        return nodes.computeIfAbsent(name, made -> new SimulatedNode(made, time, network));
    }

    /** Lets something happen to the world after a delay: a fault, or what a user does. */
    public Timer schedule(String what, Duration delay, Runnable event) {
        return time.schedule(lane, what, delay.toNanos(), event);
    }
}
