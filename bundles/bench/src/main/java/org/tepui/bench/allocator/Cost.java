// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.allocator;

import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/**
 * What something took.
 *
 * @param wallNanos by the clock on the wall, which also runs while others have the processor
 * @param cpuNanos of this thread on a processor; what other threads of the JVM did for it does not count
 * @param bytes allocated on the heap by this thread
 */
record Cost(long wallNanos, long cpuNanos, long bytes) {
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    /** Runs something on this thread. */
    static Cost of(Runnable work) {
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long cpu = THREADS.getCurrentThreadCpuTime();
        long wall = System.nanoTime();
        work.run();
        long wallEnd = System.nanoTime();
        long cpuEnd = THREADS.getCurrentThreadCpuTime();
        return new Cost(wallEnd - wall, cpuEnd - cpu, THREADS.getCurrentThreadAllocatedBytes() - bytes);
    }

    /** Both together. */
    Cost plus(Cost other) {
        return new Cost(wallNanos + other.wallNanos, cpuNanos + other.cpuNanos, bytes + other.bytes);
    }

    /** What is reachable on the heap, in bytes. */
    static long liveHeap() {
        // the second one finds what finalizers and references let go after the first
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** How long the garbage collector has run up to now, in milliseconds. */
    static long collectorMillis() {
        long sum = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            sum += Math.max(0, collector.getCollectionTime());
        }
        return sum;
    }
}
