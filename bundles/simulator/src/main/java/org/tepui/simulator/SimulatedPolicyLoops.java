// SPDX-License-Identifier: Apache-2.0
package org.tepui.simulator;

import java.time.Duration;
import org.tepui.runtime.Clock;
import org.tepui.runtime.ConfinedLoop;
import org.tepui.runtime.ConfinedLoops;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Timer;
import org.tepui.runtime.simulated.SimulatedNode;

/** Loops of allocation policies on a simulated node: a loop that was closed does nothing more. */
final class SimulatedPolicyLoops implements ConfinedLoops {
    private final SimulatedNode node;

    SimulatedPolicyLoops(SimulatedNode node) {
        this.node = node;
    }

    @Override
    public ConfinedLoop open(String name) {
        return new Loop(node.newLoop(name));
    }

    private static final class Loop implements ConfinedLoop, EventLoop {
        private final EventLoop loop;
        private boolean closed;

        private Loop(EventLoop loop) {
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
            closed = true;
        }

        @Override
        public boolean isAlive() {
            return !closed;
        }

        @Override
        public int threads() {
            return closed ? 0 : 1;
        }

        @Override
        public long allocatedBytes() {
            return 0;
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
            if (!closed) {
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
