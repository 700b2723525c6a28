// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AgentProfile;
import org.tepui.api.AgentId;
import org.tepui.api.Quota;
import org.tepui.api.Role;
import org.tepui.api.resources.Reservation;
import org.tepui.api.resources.Resource;
import org.tepui.api.resources.Resources;
import org.tepui.api.resources.Scalar;

/**
 * Quotas by their definition: what a role consumes is summed up, and how much may be given is found by trying. For one
 * moment of the model.
 */
final class QuotaModel {
    private final NaiveModel model;
    private final Map<String, Map<Role, Long>> consumed = new HashMap<>();
    private final Map<String, Long> available = new HashMap<>();

    QuotaModel(NaiveModel model) {
        this.model = model;
    }

    private static boolean isCharged(Resource resource, String name) {
        return resource.name().equals(name)
                && resource.isUnreserved()
                && resource.value() instanceof Scalar
                && !resource.identity().isRevocable();
    }

    private static boolean isReservedBelow(Role role, Resource resource, String name) {
        List<Reservation> stack = resource.identity().reservations();
        return resource.name().equals(name)
                && !stack.isEmpty()
                && resource.value() instanceof Scalar
                && role.covers(stack.get(stack.size() - 1).role());
    }

    private static long charged(Resources part, String name) {
        long sum = 0;
        for (Resource resource : part) {
            sum += isCharged(resource, name) ? resource.thousandths() : 0;
        }
        return sum;
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (Quota quota : model.quotas.byRole().values()) {
            names.addAll(quota.guarantees().toMap().keySet());
            names.addAll(quota.limits().keySet());
        }
        return names;
    }

    private Map<Role, Long> consumed(String name) {
        return consumed.computeIfAbsent(name, key -> {
            Map<Role, Long> sums = new HashMap<>();
            for (Role role : model.quotas.byRole().keySet()) {
                sums.put(role, consumed(role, key));
            }
            return sums;
        });
    }

    private long consumed(Role role, String name) {
        long sum = 0;
        for (AgentProfile agent : model.agents.values()) {
            for (Resource resource : agent.total()) {
                sum += isReservedBelow(role, resource, name) ? resource.thousandths() : 0;
            }
        }
        for (Map<NaiveModel.ClientKey, Resources> parts : model.held.values()) {
            for (Map.Entry<NaiveModel.ClientKey, Resources> part : parts.entrySet()) {
                sum += role.covers(part.getKey().role()) ? charged(part.getValue(), name) : 0;
            }
        }
        return sum;
    }

    private long available(String name) {
        return available.computeIfAbsent(name, key -> {
            long sum = 0;
            for (AgentId id : model.agents.keySet()) {
                sum += model.inactiveAgents.contains(id) ? 0 : charged(model.free(id), key);
            }
            return sum;
        });
    }

    /** What those below a role, or below the root, still have to consume. */
    private long owedBelow(@Nullable Role above, String name, Map<Role, Long> consumption) {
        long sum = 0;
        for (Map.Entry<Role, Quota> entry : model.quotas.byRole().entrySet()) {
            Role role = entry.getKey();
            if (isNext(above, role)) {
                long lacking = entry.getValue().guarantees().thousandths(name) - consumption.getOrDefault(role, 0L);
                sum += Math.max(0, Math.max(lacking, owedBelow(role, name, consumption)));
            }
        }
        return sum;
    }

    /** Whether a role with a quota lies below the other with none between. */
    private boolean isNext(@Nullable Role above, Role role) {
        for (Role next = role.parent(); next != null; next = next.parent()) {
            if (model.quotas.byRole().containsKey(next)) {
                return next.equals(above);
            }
        }
        return above == null;
    }

    private Map<Role, Long> after(Role receiver, String name, long amount) {
        Map<Role, Long> changed = new HashMap<>(consumed(name));
        changed.replaceAll((role, sum) -> role.covers(receiver) ? sum + amount : sum);
        return changed;
    }

    /** Whether an amount fits the limits of the receiver and those above. */
    private boolean isWithinLimits(Role receiver, String name, long amount) {
        boolean fits = true;
        for (Map.Entry<Role, Quota> entry : model.quotas.byRole().entrySet()) {
            Long limit = entry.getValue().limits().get(name);
            if (limit != null && entry.getKey().covers(receiver)) {
                fits = fits && consumed(name).getOrDefault(entry.getKey(), 0L) + amount <= limit;
            }
        }
        return fits;
    }

    /** Whether no more is lacking afterwards of what is owed, at any node above, than was before. */
    private boolean leavesEnough(Role receiver, String name, long amount) {
        boolean enough = leavesEnough(null, available(name), receiver, name, amount);
        for (Map.Entry<Role, Quota> entry : model.quotas.byRole().entrySet()) {
            Role role = entry.getKey();
            Long limit = entry.getValue().limits().get(name);
            if (limit != null && role.covers(receiver)) {
                long room = limit - consumed(name).getOrDefault(role, 0L);
                enough = enough && leavesEnough(role, Math.max(0, room), receiver, name, amount);
            }
        }
        return enough;
    }

    private boolean leavesEnough(@Nullable Role above, long room, Role receiver, String name, long amount) {
        long lacked = Math.max(0, owedBelow(above, name, consumed(name)) - room);
        long lacks = owedBelow(above, name, after(receiver, name, amount)) - (room - amount);
        return lacks <= lacked;
    }

    /** The largest amount that is allowed, if smaller ones are, too. */
    private static long most(long wanted, LongPredicate allowed) {
        long passes = 0;
        long fails = wanted + 1;
        while (fails - passes > 1) {
            long middle = (passes + fails) >>> 1;
            if (allowed.test(middle)) {
                passes = middle;
            } else {
                fails = middle;
            }
        }
        return passes;
    }

    /** What may be given by the limits alone. */
    Resources limited(Role receiver, Resources part) {
        Resources rest = part;
        for (String name : names()) {
            rest = reduce(rest, name, most(charged(part, name), amount -> isWithinLimits(receiver, name, amount)));
        }
        return rest;
    }

    /** What may be given. */
    Resources admitted(Role receiver, Resources part) {
        Resources rest = part;
        for (String name : names()) {
            LongPredicate allowed =
                    amount -> isWithinLimits(receiver, name, amount) && leavesEnough(receiver, name, amount);
            rest = reduce(rest, name, most(charged(part, name), allowed));
        }
        return rest;
    }

    /** Whether some of the bundle makes less what is owed in all. */
    boolean isOwedSome(Role receiver, Resources part) {
        for (String name : names()) {
            long before = owedBelow(null, name, consumed(name));
            if (charged(part, name) > 0 && owedBelow(null, name, after(receiver, name, 1)) < before) {
                return true;
            }
        }
        return false;
    }

    /** The workload has one entry of a name at most that is charged. */
    private static Resources reduce(Resources part, String name, long most) {
        List<Resource> kept = new ArrayList<>();
        for (Resource resource : part) {
            if (!isCharged(resource, name) || resource.thousandths() <= most) {
                kept.add(resource);
            } else if (most > 0) {
                kept.add(Resource.of(resource.identity(), new Scalar(most)));
            }
        }
        return Resources.of(kept);
    }
}
