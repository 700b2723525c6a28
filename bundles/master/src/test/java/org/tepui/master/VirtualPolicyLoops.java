// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.tepui.runtime.Clock;
import org.tepui.runtime.ConfinedLoop;
import org.tepui.runtime.ConfinedLoops;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Timer;

/** Loops of policies under virtual time. Each can be made to hang, as if an event did not return. */
final class VirtualPolicyLoops implements ConfinedLoops {
    private final VirtualTime time;
    final List<VirtualPolicyLoop> opened = new ArrayList<>();

    VirtualPolicyLoops(VirtualTime time) {
        this.time = time;
    }

    @Override
    public ConfinedLoop open(String name) {
        VirtualPolicyLoop loop = new VirtualPolicyLoop(time.loop(name + "-" + opened.size()));
        opened.add(loop);
        return loop;
    }

    VirtualPolicyLoop last() {
        return opened.get(opened.size() - 1);
    }

    /** How many were not closed. */
    long open() {
        return opened.stream().filter(VirtualPolicyLoop::isAlive).count();
    }

    static final class VirtualPolicyLoop implements ConfinedLoop, EventLoop {
        private final EventLoop loop;
        boolean hangs;
        boolean abandoned;
        int threads = 1;
        long allocatedBytes;
        private boolean closed;

        private VirtualPolicyLoop(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public EventLoop loop() {
            return this;
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public void abandon() {
            abandoned = true;
            closed = !hangs;
        }

        @Override
        public boolean isAlive() {
            return !closed;
        }

        @Override
        public int threads() {
            return threads;
        }

        @Override
        public long allocatedBytes() {
            return allocatedBytes;
        }

        @Override
        public String name() {
            return loop.name();
        }

        @Override
        public void execute(String what, Runnable event) {
            loop.execute(what, () -> run(event));
        }

        @Override
        public Timer schedule(String what, Duration delay, Runnable event) {
            return loop.schedule(what, delay, () -> run(event));
        }

        private void run(Runnable event) {
            if (!hangs && !closed) {
                event.run();
            }
        }

        @Override
        public boolean inLoop() {
            return loop.inLoop();
        }

        @Override
        public Clock clock() {
            return loop.clock();
        }
    }
}
