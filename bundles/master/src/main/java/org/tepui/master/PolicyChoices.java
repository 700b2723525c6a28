// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tepui.proto.registry.AllocatorChosen;
import org.tepui.registrar.RegistryState;

/**
 * Which of the installed policies is to serve: the one that was chosen, in the version that was installed last or the
 * one that was named; where it is not there or failed, the last one that served well; then the default. Hard state is
 * what was chosen, in the registry; what failed and what served well is soft. On the master's loop.
 */
final class PolicyChoices {
    private static final int MOST_GOOD = 8;

    /** A policy and what it is configured with. */
    record Target(PolicyOffering offering, Map<String, String> configuration) {
        boolean isOf(PolicyLink link) {
            return link.offering().isSame(offering) && link.configuration().equals(configuration);
        }
    }

    private record Suspension(PolicyOffering offering, String reason) {}

    private record Good(String name, String version, Map<String, String> configuration) {}

    private final PolicyShelf shelf;
    private final RegistryState registry;
    private final String firstChoice;
    private final List<Suspension> suspensions = new ArrayList<>();
    private final Set<Long> released = new TreeSet<>();
    private final Deque<Good> good = new ArrayDeque<>();

    PolicyChoices(PolicyShelf shelf, RegistryState registry, String firstChoice) {
        this.shelf = shelf;
        this.registry = registry;
        this.firstChoice = firstChoice;
    }

    PolicyShelf shelf() {
        return shelf;
    }

    String chosenName() {
        return registry.allocator().map(AllocatorChosen::getName).orElse(firstChoice);
    }

    /** The version that was named, if only that will do. */
    Optional<String> chosenVersion() {
        return registry.allocator().filter(AllocatorChosen::hasVersion).map(AllocatorChosen::getVersion);
    }

    /** The one that was chosen, if it is installed and did not fail; without its version one of its name. */
    Optional<Target> chosen() {
        return shelf.find(chosenName(), chosenVersion(), this::isUsable)
                .or(() -> shelf.find(chosenName(), Optional.empty(), this::isUsable))
                .map(offering -> new Target(
                        offering,
                        registry.allocator()
                                .map(AllocatorChosen::getConfigurationMap)
                                .orElse(offering.configuration())));
    }

    /** Another that is to serve as long as the chosen one cannot. */
    Optional<Target> other() {
        for (Good served : good) {
            Optional<PolicyOffering> found = shelf.find(served.name(), Optional.of(served.version()), this::isUsable);
            if (found.isPresent()) {
                return Optional.of(new Target(found.get(), served.configuration()));
            }
        }
        return shelf.find(AllocatorSettings.DEFAULT_POLICY, Optional.empty(), this::isUsable)
                .map(offering -> new Target(offering, offering.configuration()));
    }

    /** Whether a policy may be used without an operator's asking. */
    boolean isUsable(PolicyOffering offering) {
        return shelf.contains(offering)
                && !released.contains(offering.bundleId())
                && suspension(offering).isEmpty();
    }

    /** Whether an operator may choose it. */
    boolean isAvailable(PolicyOffering offering) {
        return !released.contains(offering.bundleId());
    }

    /** A policy served and did not fail. */
    void servedWell(PolicyLink link) {
        Good served = new Good(link.offering().name(), link.offering().version(), link.configuration());
        good.remove(served);
        good.addFirst(served);
        if (good.size() > MOST_GOOD) {
            good.removeLast();
        }
    }

    void suspend(PolicyOffering offering, String reason) {
        admit(offering);
        suspensions.add(new Suspension(offering, reason));
    }

    /** Why a policy is not used any more, if that is so. */
    Optional<String> suspension(PolicyOffering offering) {
        return suspensions.stream()
                .filter(suspension -> suspension.offering().isSame(offering))
                .map(Suspension::reason)
                .findFirst();
    }

    /** A policy may be used again. */
    void admit(PolicyOffering offering) {
        suspensions.removeIf(suspension -> suspension.offering().isSame(offering));
    }

    /** Gives another chance to the policy that would serve had it not failed, because there is no other. */
    void admitBest() {
        shelf.find(chosenName(), Optional.empty(), this::isAvailable)
                .or(() -> shelf.find(AllocatorSettings.DEFAULT_POLICY, Optional.empty(), this::isAvailable))
                .ifPresent(this::admit);
    }

    /** Whether there is one that would get another chance. */
    boolean hasSuspended() {
        return !suspensions.isEmpty();
    }

    void release(long bundleId) {
        released.add(bundleId);
    }

    /** A policy was uninstalled: nothing of it is kept. */
    void forget(PolicyOffering offering) {
        admit(offering);
        released.remove(offering.bundleId());
    }
}
