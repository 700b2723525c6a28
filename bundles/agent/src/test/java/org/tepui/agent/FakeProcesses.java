// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Processes;

/** The processes of a machine that outlives its agents; each life of an agent has its own view. */
final class FakeProcesses {
    /** A process as the machine has it. */
    static final class Entry {
        final ProcessSpecs specs;
        final long pid;
        final List<Integer> signals = new ArrayList<>();
        Processes.@Nullable ExitStatus exit;

        Entry(ProcessSpecs specs, long pid) {
            this.specs = specs;
            this.pid = pid;
        }
    }

    /** What was started. */
    record ProcessSpecs(Processes.ProcessSpec spec) {}

    final Map<String, Entry> entries = new LinkedHashMap<>();
    final List<Processes.ProcessSpec> started = new ArrayList<>();
    private @Nullable View current;
    private long nextPid = 1000;

    /** Why the next start fails, if it is to. */
    Optional<String> nextFailure = Optional.empty();

    /** Whether starts are answered; those of before are answered when it is set again. */
    boolean answering = true;

    /** What one agent sees. */
    Processes view(EventLoop loop) {
        current = new View(loop);
        return current;
    }

    Entry of(String taskId) {
        return entries.values().stream()
                .filter(e -> taskId.equals(e.specs.spec().environment().get("TEPUI_TASK_ID")))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new AssertionError("no process of task " + taskId));
    }

    void exit(String taskId, int code) {
        end(of(taskId), new Processes.ExitStatus(OptionalInt.of(code), OptionalInt.empty()));
    }

    void die(String taskId, int signal) {
        end(of(taskId), new Processes.ExitStatus(OptionalInt.empty(), OptionalInt.of(signal)));
    }

    /** The machine starts again: no process is left. */
    void reboot() {
        entries.clear();
    }

    private void end(Entry entry, Processes.ExitStatus status) {
        entry.exit = status;
        if (current != null) {
            current.exited(entry.specs.spec().id(), status);
        }
    }

    private final class View implements Processes {
        private final EventLoop loop;
        private @Nullable Listener listener;

        View(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public List<Started> recover(Listener hearing) {
            listener = hearing;
            List<Started> found = new ArrayList<>();
            entries.forEach((id, entry) -> {
                found.add(new Started(id, entry.pid, entry.pid));
                Processes.ExitStatus exit = entry.exit;
                if (exit != null) {
                    exited(id, exit);
                }
            });
            return found;
        }

        @Override
        public void start(ProcessSpec spec) {
            Listener hearing = java.util.Objects.requireNonNull(listener);
            started.add(spec);
            if (nextFailure.isPresent()) {
                String reason = nextFailure.get();
                nextFailure = Optional.empty();
                loop.execute("not started", () -> hearing.notStarted(spec.id(), reason));
                return;
            }
            Entry entry = new Entry(new ProcessSpecs(spec), nextPid++);
            entries.put(spec.id(), entry);
            if (answering) {
                loop.execute("started", () -> hearing.started(new Started(spec.id(), entry.pid, entry.pid)));
            }
        }

        @Override
        public void signal(String id, int signal) {
            Entry entry = entries.get(id);
            if (entry != null && entry.exit == null) {
                entry.signals.add(signal);
                if (signal == 9) {
                    end(entry, new ExitStatus(OptionalInt.empty(), OptionalInt.of(9)));
                }
            }
        }

        @Override
        public void forget(String id) {
            entries.remove(id);
        }

        private void exited(String id, ExitStatus status) {
            Listener hearing = listener;
            if (current == this && hearing != null) {
                loop.execute("exited", () -> hearing.exited(id, status));
            }
        }
    }
}
