// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Processes;

/**
 * The processes of a node. They belong to the machine and not to the service that started them: they run on while it
 * is down, and end when the machine crashes.
 */
public final class SimulatedMachine {
    private static final int SIGINT = 2;
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final int SIGCONT = 18;
    private static final int FIRST_PID = 1000;
    private static final int LONGEST_START_NANOS = 5_000_000;
    private static final int LONGEST_SIGNAL_NANOS = 200_000;
    private static final long NANOS_PER_TICK = 10_000_000;

    private final VirtualTime time;
    private final String node;
    private final SimulatedRandomness randomness;
    private final Map<String, Running> processes = new TreeMap<>();
    private Function<Processes.ProcessSpec, ProcessPlan> behaviour =
            spec -> ProcessPlan.exits(Duration.ofSeconds(1), 0);
    private Life life = new Life();
    private Lane lane;
    private @Nullable Service service;
    private long nextPid = FIRST_PID;
    private long started;

    SimulatedMachine(VirtualTime time, String node) {
        this.time = time;
        this.node = node;
        this.randomness = SimulatedRandomness.of(time.seed(), "machine " + node);
        this.lane = time.newLane("machine " + node, life);
    }

    /** Sets what processes do, by what was to be started; each runs for a second and exits with 0 at first. */
    public void setBehaviour(Function<Processes.ProcessSpec, ProcessPlan> newBehaviour) {
        behaviour = newBehaviour;
    }

    /** The ids of the processes that run, sorted. */
    public List<String> running() {
        List<String> ids = new ArrayList<>();
        processes.forEach((id, process) -> {
            if (process.exit == null) {
                ids.add(id);
            }
        });
        return ids;
    }

    /** How many processes were started so far. */
    public long startedCount() {
        return started;
    }

    /** Ends a process from outside, as the kernel does for want of memory. */
    public void kill(String id) {
        Running process = processes.get(id);
        if (process != null) {
            end(process, signalled(SIGKILL));
        }
    }

    Processes processes(EventLoop loop, Life serviceLife) {
        return new Service(loop, serviceLife);
    }

    void crash() {
        life.end();
        processes.clear();
        service = null;
        life = new Life();
        lane = time.newLane("machine " + node, life);
    }

    private void end(Running process, Processes.ExitStatus exit) {
        if (process.exit == null) {
            process.exit = exit;
            process.reportEnd();
        }
    }

    private static Processes.ExitStatus signalled(int signal) {
        return new Processes.ExitStatus(OptionalInt.empty(), OptionalInt.of(signal));
    }

    private final class Running {
        private final Processes.Started started;
        private final ProcessPlan plan;
        private Processes.@Nullable ExitStatus exit;

        Running(Processes.Started started, ProcessPlan plan) {
            this.started = started;
            this.plan = plan;
        }

        private void reportEnd() {
            Service present = service;
            if (present != null) {
                present.report(this);
            }
        }
    }

    /** The processes as one life of a service sees them. */
    private final class Service implements Processes {
        private final EventLoop loop;
        private final Life serviceLife;
        private @Nullable Listener listener;

        Service(EventLoop loop, Life serviceLife) {
            this.loop = loop;
            this.serviceLife = serviceLife;
        }

        @Override
        public List<Started> recover(Listener newListener) {
            if (listener != null) {
                throw new IllegalStateException("the processes of " + node + " were recovered already");
            }
            listener = newListener;
            service = this;
            List<Started> found = new ArrayList<>();
            for (Running process : processes.values()) {
                found.add(process.started);
                if (process.exit != null) {
                    report(process);
                }
            }
            return found;
        }

        @Override
        public void start(ProcessSpec spec) {
            Listener hears = listener();
            ProcessPlan plan = behaviour.apply(spec);
            time.schedule(lane, "start process", 1L + randomness.nextInt(LONGEST_START_NANOS), () -> {
                if (serviceLife.hasEnded()) {
                    return;
                }
                if (plan.startFailure().isPresent() || processes.containsKey(spec.id())) {
                    String reason = plan.startFailure().orElse("a process of this name is there already");
                    loop.execute("process not started", () -> hears.notStarted(spec.id(), reason));
                    return;
                }
                Started process = new Started(spec.id(), nextPid++, time.nanoTime() / NANOS_PER_TICK);
                Running running = new Running(process, plan);
                processes.put(spec.id(), running);
                started++;
                loop.execute("process started", () -> hears.started(process));
                time.schedule(lane, "process ends", plan.runTime().toNanos(), () -> end(running, plan.exit()));
            });
        }

        @Override
        public void signal(String id, int signal) {
            listener();
            time.schedule(lane, "signal", 1L + randomness.nextInt(LONGEST_SIGNAL_NANOS), () -> {
                Running process = processes.get(id);
                boolean ignored = process == null
                        || signal == SIGCONT
                        || (process.plan.ignoresTermination() && (signal == SIGTERM || signal == SIGINT));
                if (process != null && !ignored) {
                    end(process, signalled(signal));
                }
            });
        }

        @Override
        public void forget(String id) {
            Running process = processes.get(id);
            if (process != null && process.exit != null) {
                processes.remove(id);
            }
        }

        private void report(Running process) {
            Listener hears = listener();
            ExitStatus exit = process.exit;
            if (exit != null) {
                loop.execute("process exited", () -> hears.exited(process.started.id(), exit));
            }
        }

        private Listener listener() {
            Listener hears = listener;
            if (hears == null) {
                throw new IllegalStateException("the processes of " + node + " were not recovered first");
            }
            return hears;
        }
    }
}
