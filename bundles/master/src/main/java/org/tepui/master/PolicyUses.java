// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.LongConsumer;
import org.tepui.api.service.PluginUser;

/** Says which bundles of policies the master uses, so that whoever removes plug-ins can wait. From any thread. */
final class PolicyUses implements PluginUser {
    private record Published(Map<Long, Use> uses, Set<Long> candidates) {}

    private static final Published NOTHING =
            new Published(Collections.unmodifiableMap(new TreeMap<>()), Collections.unmodifiableSet(new TreeSet<>()));
    private static final Use PREPARING = new Use(Standing.PREPARING, "it is brought up as the allocation policy");

    private final Set<Long> arriving = new ConcurrentSkipListSet<>();
    private volatile Published published = NOTHING;
    private volatile LongConsumer releaser = bundle -> {};

    /** A policy of this bundle was registered, and the master's loop does not know it yet. */
    void arriving(long bundleId) {
        arriving.add(bundleId);
    }

    /** The master's loop knows it: what is published next says how it stands to it. */
    void arrived(long bundleId) {
        arriving.remove(bundleId);
    }

    /**
     * Says how the master stands to every policy. On its loop.
     *
     * @param ending policies that were retired and still run
     */
    void publish(
            PolicyChoices choices, Optional<PolicyFeed> serving, Optional<PolicySwap> swap, List<PolicyLink> ending) {
        Map<Long, Use> standings = new TreeMap<>();
        Set<Long> candidates = new TreeSet<>();
        Optional<PolicyOffering> other = choices.other().map(PolicyChoices.Target::offering);
        for (PolicyOffering offering : choices.shelf().all()) {
            boolean isNext =
                    swap.filter(next -> next.link().offering().isSame(offering)).isPresent();
            standings.put(offering.bundleId(), isNext ? PREPARING : use(offering, choices));
            boolean couldServe = offering.name().equals(choices.chosenName())
                    || offering.name().equals(AllocatorSettings.DEFAULT_POLICY)
                    || other.filter(next -> next.isSame(offering)).isPresent();
            if (couldServe && choices.isUsable(offering)) {
                candidates.add(offering.bundleId());
            }
        }
        for (PolicyLink policy : ending) {
            standings.put(
                    policy.offering().bundleId(),
                    new Use(
                            Standing.IN_USE,
                            "allocation policy " + policy.offering().title() + " is ending"));
        }
        serving.ifPresent(feed -> standings.put(
                feed.link().offering().bundleId(), new Use(Standing.IN_USE, "it is the allocation policy in use")));
        published = new Published(Collections.unmodifiableMap(standings), Collections.unmodifiableSet(candidates));
    }

    private static Use use(PolicyOffering offering, PolicyChoices choices) {
        Optional<String> suspension = choices.suspension(offering);
        if (suspension.isPresent()) {
            return new Use(Standing.REJECTED, suspension.get());
        }
        Optional<String> pinned = choices.chosenVersion().filter(version -> !version.equals(offering.version()));
        if (offering.name().equals(choices.chosenName()) && pinned.isPresent()) {
            return new Use(
                    Standing.REJECTED,
                    "version " + pinned.get() + " was chosen: 'tepui allocator use " + offering.name()
                            + "' takes up the newest");
        }
        return Use.NONE;
    }

    /** Nothing is used: the master does not lead. */
    void clear() {
        published = NOTHING;
    }

    /** @param releases called from any thread with the id of a bundle that is to be let go */
    void onRelease(LongConsumer releases) {
        releaser = releases;
    }

    @Override
    public Use useOf(long bundleId) {
        if (arriving.contains(bundleId)) {
            return PREPARING;
        }
        return published.uses().getOrDefault(bundleId, Use.NONE);
    }

    @Override
    public Optional<String> release(long bundleId) {
        Published now = published;
        Standing standing = useOf(bundleId).standing();
        boolean used = standing == Standing.IN_USE || standing == Standing.PREPARING;
        if (used && now.candidates().stream().allMatch(candidate -> candidate == bundleId)) {
            return Optional.of("it is the allocation policy in use, and there is no other to take its place:"
                    + " install one, or choose one by 'tepui allocator use NAME', and remove this one then");
        }
        releaser.accept(bundleId);
        return Optional.empty();
    }
}
