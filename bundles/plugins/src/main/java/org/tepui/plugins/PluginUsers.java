// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.tepui.api.service.PluginException;
import org.tepui.api.service.PluginException.Kind;
import org.tepui.api.service.PluginUser;
import org.tepui.api.service.PluginUser.Standing;
import org.tepui.api.service.PluginUser.Use;
import org.tepui.runtime.Clock;

/** All users of plug-ins in this container together. */
final class PluginUsers {
    private static final long POLL_MILLISECONDS = 5;
    /** A user that was just told of a bundle may have to look at it first. */
    private static final Duration SETTLED = Duration.ofMillis(100);

    private final Supplier<Collection<PluginUser>> users;
    private final Clock clock;
    private final Duration limit;

    /** @param limit for users to take up what is new, or to let go of what is old */
    PluginUsers(Supplier<Collection<PluginUser>> users, Clock clock, Duration limit) {
        this.users = users;
        this.clock = clock;
        this.limit = limit;
    }

    /** What users say about a bundle; the strongest standing, and every reason. */
    Use useOf(long bundleId) {
        Standing standing = Standing.UNUSED;
        List<String> reasons = new ArrayList<>();
        for (PluginUser user : users.get()) {
            Use use = user.useOf(bundleId);
            if (rank(use.standing()) > rank(standing)) {
                standing = use.standing();
            }
            if (!use.reason().isEmpty()) {
                reasons.add(use.reason());
            }
        }
        return new Use(standing, reasons.stream().distinct().collect(Collectors.joining("; ")));
    }

    private static int rank(Standing standing) {
        return switch (standing) {
            case UNUSED -> 0;
            case REJECTED -> 1;
            case PREPARING -> 2;
            case IN_USE -> 3;
        };
    }

    /**
     * Waits until every user either took up a new bundle or has nothing to do with it, and none uses the old one.
     *
     * @param previous the bundle that the new one is to take the place of
     * @param label the new one as messages name it
     * @throws PluginException if the new one is rejected, or not taken up in time
     */
    void awaitTaken(long taken, Optional<Long> previous, String label) throws PluginException, InterruptedException {
        long deadline = clock.nanoTime() + limit.toNanos();
        long settled = clock.nanoTime() + SETTLED.toNanos();
        while (true) {
            Use use = useOf(taken);
            if (use.standing() == Standing.REJECTED) {
                throw new PluginException(
                        Kind.FAILED, label + " was tried and given up, all is as before: " + use.reason());
            }
            boolean oldInUse = previous.isPresent() && holds(useOf(previous.get()));
            boolean known = use.standing() == Standing.IN_USE
                    || (use.standing() == Standing.UNUSED && clock.nanoTime() - settled > 0);
            if (known && !oldInUse) {
                return;
            }
            if (clock.nanoTime() - deadline > 0) {
                throw new PluginException(
                        Kind.FAILED,
                        label + " was not taken up within " + limit.toSeconds() + " s, all is as before"
                                + (use.reason().isEmpty() ? "" : ": " + use.reason()));
            }
            Thread.sleep(POLL_MILLISECONDS);
        }
    }

    /**
     * Asks every user to do without a bundle, and waits until none uses it.
     *
     * @param title the plug-in as messages name it
     * @throws PluginException if one has nothing else to use, or does not let go in time
     */
    void release(long bundleId, String title) throws PluginException, InterruptedException {
        for (PluginUser user : users.get()) {
            Optional<String> refusal = user.release(bundleId);
            if (refusal.isPresent()) {
                throw new PluginException(Kind.CONFLICT, title + " cannot go: " + refusal.get());
            }
        }
        long deadline = clock.nanoTime() + limit.toNanos();
        while (holds(useOf(bundleId))) {
            if (clock.nanoTime() - deadline > 0) {
                throw new PluginException(
                        Kind.FAILED,
                        title + " stays: it was still in use after " + limit.toSeconds() + " s: "
                                + useOf(bundleId).reason());
            }
            Thread.sleep(POLL_MILLISECONDS);
        }
    }

    private static boolean holds(Use use) {
        return use.standing() == Standing.IN_USE || use.standing() == Standing.PREPARING;
    }
}
