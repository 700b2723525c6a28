// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.v1.Resource;

/**
 * How much of cpus, mem and disk there is and how much the tasks hold: {@code slave/cpus_total}, {@code
 * slave/cpus_used} and {@code slave/cpus_percent} (0 to 1, as in Mesos), and so on. Written on the loop, read from any
 * thread.
 */
final class ResourceGauges {
    private static final List<String> NAMES = List.of("cpus", "mem", "disk");
    private static final double THOUSANDTHS = 1000.0;

    private final Map<String, AtomicLong> totals = new LinkedHashMap<>();
    private final Map<String, AtomicLong> used = new LinkedHashMap<>();

    ResourceGauges(MetricRegistry registry) {
        for (String name : NAMES) {
            AtomicLong total = new AtomicLong();
            AtomicLong held = new AtomicLong();
            totals.put(name, total);
            used.put(name, held);
            registry.gauge("slave/" + name + "_total", () -> total.get() / THOUSANDTHS);
            registry.gauge("slave/" + name + "_used", () -> held.get() / THOUSANDTHS);
            registry.gauge(
                    "slave/" + name + "_percent", () -> total.get() == 0 ? 0 : (double) held.get() / total.get());
        }
    }

    /** What the agent offers. */
    void total(List<Resource> resources) {
        totals.values().forEach(total -> total.set(0));
        add(totals, resources, 1);
    }

    /** A task holds these. */
    void hold(List<Resource> resources) {
        add(used, resources, 1);
    }

    /** A task that held these ended. */
    void release(List<Resource> resources) {
        add(used, resources, -1);
    }

    private static void add(Map<String, AtomicLong> amounts, List<Resource> resources, int sign) {
        for (Resource resource : resources) {
            AtomicLong amount = amounts.get(resource.getName());
            if (amount != null && resource.hasScalar()) {
                amount.addAndGet(sign * Math.round(resource.getScalar().getValue() * THOUSANDTHS));
            }
        }
    }
}
