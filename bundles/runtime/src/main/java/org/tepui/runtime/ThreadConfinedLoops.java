// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Objects;

/**
 * Confined loops on threads. Each has a thread group of its own, which threads that the code starts belong to as
 * well, so that they are seen and counted. They are daemons: code that loops for ever does not keep the process
 * alive.
 */
public final class ThreadConfinedLoops implements ConfinedLoops {
    /** More threads of one loop are not looked at. */
    private static final int MOST_THREADS = 1000;

    private final FaultHandler faults;

    /** Makes loops whose events, when they throw, go to a handler. */
    public ThreadConfinedLoops(FaultHandler faults) {
        this.faults = faults;
    }

    @Override
    public ConfinedLoop open(String name) {
        ThreadGroup group = new ThreadGroup(name);
        ThreadEventLoop loop =
                ThreadEventLoop.start(name, faults, ThreadEventLoop.DEFAULT_SLOW_EVENT, body -> daemon(group, body));
        return new ThreadConfinedLoop(loop, group);
    }

    private static Thread daemon(ThreadGroup group, Runnable body) {
        Thread thread = new Thread(group, body, group.getName());
        thread.setDaemon(true);
        return thread;
    }

    private record ThreadConfinedLoop(ThreadEventLoop owned, ThreadGroup group) implements ConfinedLoop {
        @Override
        public EventLoop loop() {
            return owned;
        }

        @Override
        public void close() {
            owned.close();
        }

        @Override
        public void abandon() {
            owned.abandon();
            group.interrupt();
        }

        @Override
        public boolean isAlive() {
            return owned.isAlive() || threads() > 0;
        }

        @Override
        public int threads() {
            return live().length;
        }

        @Override
        public long allocatedBytes() {
            long bytes = 0;
            if (ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
                    && threads.isThreadAllocatedMemorySupported()) {
                for (Thread thread : live()) {
                    bytes += Math.max(0, threads.getThreadAllocatedBytes(thread.getId()));
                }
            }
            return bytes;
        }

        private Thread[] live() {
            Thread[] threads = new Thread[Math.min(MOST_THREADS, group.activeCount() + 8)];
            group.enumerate(threads, true);
            return Arrays.stream(threads).filter(Objects::nonNull).toArray(Thread[]::new);
        }
    }
}
