// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.Quota;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.resources.Quantities;
import org.tepui.proto.convert.QuotaConversion;
import org.tepui.registrar.RegistryState;
import org.tepui.transport.Exchange;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.WeightInfo;
import org.tepui.v1.quota.QuotaConfig;

/**
 * The quotas and weights that operators set. Hard state: a change is durable before the policy hears of it and offers
 * that stand in its way are taken back.
 */
final class RoleSettings {
    private static final Logger log = LoggerFactory.getLogger(RoleSettings.class);
    static final int MAXIMUM_WEIGHTS = 10_000;

    private final Agents agents;
    private final Frameworks frameworks;
    private final OfferManager offers;
    private final AllocatorSlot slot;
    private final Registry registry;
    /** Durable, and known to the policy. */
    private Quotas quotas = Quotas.none();
    /** With what is on its way to the registry: what the next change builds on. */
    private Quotas decidedQuotas = Quotas.none();

    private Weights weights = Weights.none();
    private Weights decidedWeights = Weights.none();

    RoleSettings(Agents agents, Frameworks frameworks, OfferManager offers, AllocatorSlot slot, Registry registry) {
        this.agents = agents;
        this.frameworks = frameworks;
        this.offers = offers;
        this.slot = slot;
        this.registry = registry;
    }

    /** Takes what earlier masters left. */
    void recover(RegistryState state) {
        SortedMap<Role, Quota> quotasLeft = new TreeMap<>();
        state.quotas().forEach(config -> quotasLeft.put(new Role(config.getRole()), QuotaConversion.toApi(config)));
        quotas = Quotas.none().with(quotasLeft);
        decidedQuotas = quotas;
        SortedMap<Role, Double> weightsLeft = new TreeMap<>();
        state.weights().forEach(info -> weightsLeft.put(new Role(info.getRole()), info.getWeight()));
        weights = Weights.none().with(weightsLeft);
        decidedWeights = weights;
    }

    Quotas quotas() {
        return quotas;
    }

    Weights weights() {
        return weights;
    }

    /** Sets some quotas, all of them or none. */
    void updateQuotas(List<QuotaConfig> configs, boolean force, Exchange exchange) {
        SortedMap<Role, Quota> changes;
        try {
            changes = QuotaRules.parse(configs);
        } catch (IllegalArgumentException e) {
            exchange.refuse(Kind.BAD_REQUEST, "Invalid QuotaConfig: " + e.getMessage());
            return;
        }
        set(changes, force, Kind.BAD_REQUEST, "Invalid QuotaConfig: ", exchange);
    }

    /**
     * Sets some quotas if nothing speaks against it.
     *
     * @param contradiction how a contradiction to what the cluster has and uses is refused
     */
    void set(Map<Role, Quota> changes, boolean force, Kind contradiction, String prefix, Exchange exchange) {
        Quotas next = decidedQuotas.with(changes);
        Optional<String> problem = QuotaRules.treeProblem(next);
        if (problem.isPresent()) {
            exchange.refuse(Kind.BAD_REQUEST, prefix + problem.get());
            return;
        }
        problem = force ? Optional.empty() : QuotaRules.stateProblem(next, changes, RoleUsage.of(agents));
        if (problem.isPresent()) {
            exchange.refuse(contradiction, prefix + problem.get());
            return;
        }
        List<QuotaConfig> records = new ArrayList<>();
        changes.forEach((role, quota) -> records.add(QuotaConversion.toWire(role, quota)));
        if (records.isEmpty()) {
            exchange.accept();
            return;
        }
        decidedQuotas = next;
        registry.quotasUpdated(records, () -> {
            quotas = next;
            log.info("Quotas were set: {}", changes);
            slot.settingsChanged();
            changes.forEach(this::makeRoom);
            exchange.accept();
        });
    }

    /** Offers that exceed a new limit, or hold what a new guarantee needs, are taken back. */
    private void makeRoom(Role role, Quota quota) {
        RoleUsage usage = RoleUsage.of(agents);
        Quantities held = usage.consumed(role).add(usage.offered(role));
        rescind(QuotaRules.excess(held, quota), offer -> role.covers(offer.role));
        Quantities missing = quota.guarantees().subtractAvailable(held);
        rescind(missing, offer -> !role.covers(offer.role));
    }

    /** Takes offers back until they held so much. */
    private void rescind(Quantities wanted, Predicate<OfferEntry> which) {
        Quantities missing = wanted;
        for (OfferEntry offer : offers.snapshot()) {
            if (missing.isEmpty()) {
                return;
            }
            Quantities holds = RoleUsage.limited(offer.resources);
            if (which.test(offer) && !missing.subtractAvailable(holds).equals(missing)) {
                missing = missing.subtractAvailable(holds);
                offers.rescind(offer, Optional.empty());
            }
        }
    }

    /** Sets some weights, all of them or none. */
    void updateWeights(List<WeightInfo> infos, Exchange exchange) {
        SortedMap<Role, Double> changes = new TreeMap<>();
        Weights next;
        try {
            for (WeightInfo info : infos) {
                if (changes.put(new Role(info.getRole()), info.getWeight()) != null) {
                    throw new IllegalArgumentException("role '" + info.getRole() + "' is named twice");
                }
            }
            next = decidedWeights.with(changes);
            if (next.byRole().size() > MAXIMUM_WEIGHTS) {
                throw new IllegalArgumentException("there would be weights for "
                        + next.byRole().size() + " roles: at most " + MAXIMUM_WEIGHTS + " are allowed");
            }
        } catch (IllegalArgumentException e) {
            exchange.refuse(Kind.BAD_REQUEST, "Failed to validate update weights request: " + e.getMessage());
            return;
        }
        Weights before = decidedWeights;
        changes.entrySet()
                .removeIf(change -> before.byRole().containsKey(change.getKey())
                        && before.of(change.getKey()) == change.getValue());
        if (changes.isEmpty()) {
            exchange.accept();
            return;
        }
        List<WeightInfo> records = new ArrayList<>();
        changes.forEach((role, weight) -> records.add(
                WeightInfo.newBuilder().setRole(role.name()).setWeight(weight).build()));
        decidedWeights = next;
        registry.weightsUpdated(records, () -> {
            weights = next;
            log.info("Weights were set: {}", changes);
            slot.settingsChanged();
            rebalance(changes);
            exchange.accept();
        });
    }

    /** With frameworks in one of the roles, everything that is only offered is shared out anew. */
    private void rebalance(Map<Role, Double> changes) {
        boolean used = frameworks.all().stream()
                .flatMap(framework -> framework.roles.stream())
                .anyMatch(role -> changes.keySet().stream().anyMatch(changed -> changed.covers(role)));
        if (used) {
            offers.snapshot().forEach(offer -> offers.rescind(offer, Optional.empty()));
        }
    }
}
