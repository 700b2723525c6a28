// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Network;
import org.tepui.runtime.Processes;
import org.tepui.runtime.Randomness;
import org.tepui.runtime.Worker;

/**
 * One machine with one service. The service can be killed and started again, with what is on the disk and the
 * processes that run; the machine can crash, which also ends the processes and loses what was not forced to disk.
 */
public final class SimulatedNode {
    private final String name;
    private final VirtualTime time;
    private final SimulatedNetwork fabric;
    private final SimulatedRandomness randomness;
    private final SimulatedRandomness delays;
    private final SimulatedClock clock;
    private final SimulatedDisk disk;
    private final SimulatedMachine machine;
    private final Lane starting;
    private @Nullable Consumer<SimulatedNode> service;
    private Life life = new Life();
    private boolean running;
    private boolean machineUp = true;
    private int starts;

    SimulatedNode(String name, VirtualTime time, SimulatedNetwork fabric) {
        this.name = name;
        this.time = time;
        this.fabric = fabric;
        this.randomness = SimulatedRandomness.of(time.seed(), name);
        this.delays = SimulatedRandomness.of(time.seed(), "delays of " + name);
        this.clock = new SimulatedClock(time);
        this.disk = new SimulatedDisk(name, SimulatedRandomness.of(time.seed(), "disk of " + name));
        this.machine = new SimulatedMachine(time, name);
        this.starting = time.newLane("node " + name, new Life());
        life.end();
        disk.onCrash(this::crash);
    }

    /** The name, which is also the host of its addresses. */
    public String name() {
        return name;
    }

    /**
     * Starts a service, now and at each {@link #restart}.
     *
     * @param starter makes the service of what this node offers; runs as an event of the node, outside any loop
     */
    public void start(Consumer<SimulatedNode> starter) {
        service = starter;
        restart();
    }

    /** Starts the service anew, after killing it if it runs. */
    public void restart() {
        Consumer<SimulatedNode> starter = service;
        if (starter == null) {
            throw new IllegalStateException("no service was started on " + name + " before");
        }
        kill();
        if (!machineUp) {
            machineUp = true;
            fabric.machineStarted(name);
        }
        life = new Life();
        running = true;
        Life started = life;
        starts++;
        time.schedule(starting, "start service", 0, () -> {
            if (!started.hasEnded()) {
                starter.accept(this);
            }
        });
    }

    /**
     * Ends the service at once, as SIGKILL does: none of its events happens any more, its links are closed by the
     * kernel, its locks are free. Files and processes stay.
     */
    public void kill() {
        if (running) {
            endService();
            fabric.serviceEnded(name);
            disk.releaseLocks();
        }
    }

    /** Ends the machine at once, as a power failure does. It is up again with {@link #restart}. */
    public void crash() {
        endService();
        machineUp = false;
        fabric.machineCrashed(name);
        disk.loseUnforced();
        machine.crash();
    }

    private void endService() {
        running = false;
        life.end();
    }

    /** Whether the service was started and not killed. */
    public boolean isRunning() {
        return running;
    }

    /** How often the service was started. */
    public int starts() {
        return starts;
    }

    /** A loop of the service that runs now. */
    public EventLoop newLoop(String loopName) {
        return new SimulatedEventLoop(loopName, time, time.newLane(loopName, life), clock, delays);
    }

    /** A worker of the service that runs now. */
    public Worker newWorker(String workerName) {
        return new SimulatedWorker(workerName, time, time.newLane(workerName, life), disk, delays);
    }

    /** The clocks of the machine. */
    public SimulatedClock clock() {
        return clock;
    }

    /** The randomness of the service; its numbers go on after a restart. */
    public Randomness randomness() {
        return randomness;
    }

    /** The disk of the machine. */
    public SimulatedDisk disk() {
        return disk;
    }

    /** The network as the service that runs now sees it. */
    public Network network() {
        return fabric.at(name, life);
    }

    /** The processes of the machine as the service that runs now sees them, with answers on its loop. */
    public Processes processes(EventLoop loop) {
        return machine.processes(loop, life);
    }

    /** The processes of the machine as the one who runs the simulation sees them. */
    public SimulatedMachine machine() {
        return machine;
    }
}
