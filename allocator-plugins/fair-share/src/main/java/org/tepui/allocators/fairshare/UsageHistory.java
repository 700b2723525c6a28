// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.PolicyState;
import org.tepui.allocator.support.ShareNode;

/**
 * What every node of the role tree had on average over time, also of those that are gone.
 *
 * <p>Nodes that are there are all remembered. Of those that are gone, the ones with the smallest usage are forgotten
 * beyond {@link #MOST_FORMER}, and beyond the size of a {@link PolicyState} when it is kept.
 *
 * <p>Soft state, of which the policy has the master keep a copy: a failover costs what was used since that was made.
 */
final class UsageHistory {
    /** How many nodes that are gone are remembered. */
    static final int MOST_FORMER = 20_000;

    /** How many are still remembered after some had to be forgotten, so that this is seldom. */
    private static final int FORMER_KEPT = 15_000;

    private static final Comparator<NodeUsage> LARGEST_FIRST = Comparator.comparingDouble(
                    (NodeUsage usage) -> usage.size)
            .reversed()
            .thenComparing(usage -> usage.path);

    private final Decay decay;
    private final LongSupplier clock;
    private final Map<String, NodeUsage> usages = new LinkedHashMap<>();
    private final Map<String, Integer> numbersByName = new HashMap<>();
    private final List<String> names = new ArrayList<>();

    /** Numbers of resources here, by their numbers in the role tree. */
    private int[] numbers = new int[0];

    /** How many of the usages are of nodes that are there. */
    private int present;

    /** @param clock as {@link org.tepui.allocator.AllocatorContext#nanoTime} */
    UsageHistory(Decay decay, LongSupplier clock) {
        this.decay = decay;
        this.clock = clock;
    }

    /** What a node of the tree had; remembered with it from now on. */
    NodeUsage of(ShareNode node) {
        return node.attachment() instanceof NodeUsage known ? known : attach(node);
    }

    private NodeUsage attach(ShareNode node) {
        NodeUsage usage = usages.get(node.path());
        if (usage == null) {
            usage = new NodeUsage(node.path(), new double[0], clock.getAsLong());
            usages.put(usage.path, usage);
        } else {
            bringUpToDate(usage);
        }
        usage.node = node;
        present++;
        node.attach(usage);
        return usage;
    }

    /** What a node has is about to change. */
    void beforeChange(ShareNode node) {
        bringUpToDate(of(node));
    }

    /** A node that has nothing any more is gone. */
    void removed(ShareNode node) {
        NodeUsage usage = of(node);
        bringUpToDate(usage);
        usage.node = null;
        present--;
        if (usage.isEmpty()) {
            usages.remove(usage.path);
        } else if (usages.size() - present > MOST_FORMER) {
            forget();
        }
    }

    private void bringUpToDate(NodeUsage usage) {
        long now = clock.getAsLong();
        double part = decay.partOfLast(now - usage.time());
        usage.fade(part, now);
        ShareNode node = usage.node;
        for (int resource = 0; node != null && resource < node.resources(); resource++) {
            long allocated = node.allocated(resource);
            if (allocated > 0) {
                usage.add(number(node, resource), allocated * part);
            }
        }
    }

    /**
     * The part that the time since its last change has in the present average of a node: what it has counts so much,
     * {@link NodeUsage#average} the rest.
     */
    double partSinceChange(NodeUsage usage) {
        return decay.partOfLast(clock.getAsLong() - usage.time());
    }

    /** The number by which usages know a resource, from its number in the tree. */
    int number(ShareNode node, int resource) {
        if (resource >= numbers.length) {
            int known = numbers.length;
            numbers = Arrays.copyOf(numbers, node.resources());
            for (int i = known; i < numbers.length; i++) {
                numbers[i] = number(node.resourceName(i));
            }
        }
        return numbers[resource];
    }

    private int number(String name) {
        Integer known = numbersByName.putIfAbsent(name, names.size());
        if (known == null) {
            names.add(name);
        }
        return known == null ? names.size() - 1 : known;
    }

    /** How many nodes are remembered, gone or not. */
    int size() {
        return usages.size();
    }

    private void forget() {
        List<NodeUsage> former = new ArrayList<>(bySize());
        former.removeIf(usage -> usage.node != null);
        former.subList(FORMER_KEPT, former.size()).forEach(usage -> usages.remove(usage.path));
    }

    /** All usages of this moment, the largest first: by their largest part of what anybody has in the average. */
    private List<NodeUsage> bySize() {
        usages.values().forEach(this::bringUpToDate);
        double[] largest = new double[names.size()];
        for (NodeUsage usage : usages.values()) {
            for (int i = 0; i < usage.resources(); i++) {
                largest[i] = Math.max(largest[i], usage.average(i));
            }
        }
        List<NodeUsage> sorted = new ArrayList<>(usages.values());
        for (NodeUsage usage : sorted) {
            usage.size = 0;
            for (int i = 0; i < usage.resources(); i++) {
                usage.size = largest[i] > 0 ? Math.max(usage.size, usage.average(i) / largest[i]) : usage.size;
            }
        }
        sorted.sort(LARGEST_FIRST);
        return sorted;
    }

    /** What a successor needs to go on, or null if nothing was used ever. */
    @Nullable
    PolicyState save(Instant time) {
        List<NodeUsage> sorted = bySize();
        HistoryWriter writer = new HistoryWriter(time, names);
        int written = 0;
        for (NodeUsage usage : sorted) {
            if (!usage.isEmpty() && writer.write(usage)) {
                written++;
            }
        }
        return written == 0 ? null : writer.finish();
    }

    /**
     * Goes on from what a predecessor saved. What it had fades by the time of day that passed since; if the clock was
     * set back, by nothing.
     *
     * @throws IllegalArgumentException if it is not understood, or if there is a history already
     */
    void restore(PolicyState state, Instant time) {
        if (!usages.isEmpty()) {
            throw new IllegalArgumentException("there is a usage history already");
        }
        SavedHistory saved = SavedHistory.read(state);
        long passed = time.toEpochMilli() - saved.savedAt();
        double part = decay.partOfLast(TimeUnit.MILLISECONDS.toNanos(Math.max(0, passed)));
        long now = clock.getAsLong();
        saved.usages().forEach((path, amounts) -> {
            NodeUsage usage = new NodeUsage(path, new double[0], now);
            amounts.forEach((name, amount) -> usage.add(number(name), amount * (1 - part)));
            usages.put(path, usage);
        });
    }
}
