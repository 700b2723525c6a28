// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tepui.api.Quota;
import org.tepui.api.Quotas;
import org.tepui.api.Role;
import org.tepui.api.resources.Reservation;
import org.tepui.api.resources.Resource;
import org.tepui.api.resources.Resources;
import org.tepui.api.resources.Scalar;

/**
 * Who has consumed how much of its quota, and how much of a bundle somebody may be given.
 *
 * <p>A role consumes what is reserved for it, used or not, and what is allocated to it without being reserved; the
 * roles above it consume the same. Reservations and revocable resources are given whatever the quota says. Of the
 * rest, a framework gets no more than the limits of its role and the roles above leave, and no more than leaves enough
 * for what others are owed: within each role above for those below it, and in the cluster for everybody.
 *
 * <p>A change costs the number of roles above that have quotas. Without quotas nothing is counted. Amounts are kept
 * for the resources that quotas name, and for no others.
 */
final class QuotaBooks {
    private String[] names = new String[0];

    /** Only looked up, never walked. */
    private final Map<Role, QuotaNode> nodes = new HashMap<>();

    /** Those nodes, each before those below it. */
    private final List<QuotaNode> inOrder = new ArrayList<>();

    private @Nullable QuotaNode root;

    /** Nodes with more room than before. */
    private final List<QuotaNode> grown = new ArrayList<>();

    /** How often there was or may have been more room than before; until the next time there can only be less. */
    private long growths;

    /** Used within a call. */
    private long[] wanted = new long[0];

    private long[] allowed = new long[0];

    /** Whether there are no quotas: then nothing is counted, and nobody is cut. */
    boolean isEmpty() {
        return root == null;
    }

    /** Begins anew, with nothing consumed and nothing to give. */
    void reset(Quotas quotas) {
        nodes.clear();
        inOrder.clear();
        grown.clear();
        root = null;
        TreeSet<String> named = new TreeSet<>();
        for (Quota quota : quotas.byRole().values()) {
            named.addAll(quota.guarantees().toMap().keySet());
            named.addAll(quota.limits().keySet());
        }
        names = named.toArray(String[]::new);
        wanted = new long[names.length];
        allowed = new long[names.length];
        if (quotas.isEmpty()) {
            return;
        }
        QuotaNode top = new QuotaNode(names.length);
        root = top;
        // a role sorts before those below it, so that its node is there when theirs are made
        quotas.byRole().forEach((role, quota) -> {
            QuotaNode above = nearest(role);
            QuotaNode node = new QuotaNode(above == null ? top : above, quota, names);
            nodes.put(role, node);
            inOrder.add(node);
        });
        for (int i = inOrder.size() - 1; i >= 0; i--) {
            inOrder.get(i).begin();
        }
    }

    /** The quota of a role, or null if it has none. */
    @Nullable
    QuotaNode of(Role role) {
        return nodes.get(role);
    }

    /** The quota of a role, or of the nearest role above that has one, or the root; null without quotas. */
    @Nullable
    QuotaNode nearest(Role role) {
        if (root == null) {
            return null;
        }
        for (Role next = role; next != null; next = next.parent()) {
            QuotaNode node = nodes.get(next);
            if (node != null) {
                return node;
            }
        }
        return root;
    }

    /** The number of a resource, or a negative one if no quota names it. */
    int number(String name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether anybody is owed anything. */
    boolean isAnybodyOwed() {
        return root != null && root.isOwed();
    }

    private static boolean isCharged(Resource resource) {
        return resource.isUnreserved()
                && resource.value() instanceof Scalar
                && !resource.identity().isRevocable();
    }

    /** Counts what is allocated to a client, or with sign -1 not any more. */
    void charge(Client client, Resources allocated, int sign) {
        QuotaNode node = client.quota;
        if (node == null) {
            return;
        }
        for (Resource resource : allocated) {
            int number = isCharged(resource) ? number(resource.name()) : -1;
            if (number >= 0) {
                consume(node, number, sign * resource.thousandths());
            }
        }
    }

    /** Counts what an agent has reserved, or with sign -1 not any more. */
    void chargeReservations(Resources total, int sign) {
        QuotaNode top = root;
        if (top == null || !total.hasReserved()) {
            return;
        }
        for (Resource resource : total) {
            List<Reservation> stack = resource.identity().reservations();
            int number = stack.isEmpty() || !(resource.value() instanceof Scalar) ? -1 : number(resource.name());
            QuotaNode node =
                    number < 0 ? null : nearest(stack.get(stack.size() - 1).role());
            if (node != null) {
                noteGrowth(top, number);
                consume(node, number, sign * resource.thousandths());
            }
        }
    }

    private void consume(QuotaNode first, int resource, long amount) {
        for (QuotaNode node = first; node.parent != null; node = node.parent) {
            if (amount < 0) {
                noteGrowth(node, resource);
            }
            node.consume(resource, amount);
        }
    }

    /** To be called before the room grows. */
    private void noteGrowth(QuotaNode node, int resource) {
        if (!node.grown) {
            node.grown = true;
            grown.add(node);
        }
        growths++;
        node.wasShort = node.wasShort || node.isShort(resource);
    }

    /** Counts again what an agent has to give, after something on it changed. */
    void supply(AgentEntry agent) {
        QuotaNode top = root;
        if (top == null) {
            return;
        }
        long[] before = agent.supply;
        long[] now = new long[names.length];
        if (agent.active) {
            measure(agent.free(), now);
        }
        for (int i = 0; i < now.length; i++) {
            long change = now[i] - (i < before.length ? before[i] : 0);
            if (change > 0) {
                noteGrowth(top, i);
            }
            if (change != 0) {
                top.supply(i, change);
            }
        }
        agent.supply = now;
    }

    /** An agent is gone. */
    void withdraw(AgentEntry agent) {
        for (int i = 0; root != null && i < agent.supply.length; i++) {
            root.supply(i, -agent.supply[i]);
        }
        agent.supply = AgentEntry.NO_SUPPLY;
    }

    private void measure(Resources bundle, long[] amounts) {
        Arrays.fill(amounts, 0);
        for (Resource resource : bundle) {
            int number = isCharged(resource) ? number(resource.name()) : -1;
            if (number >= 0) {
                amounts[number] += resource.thousandths();
            }
        }
    }

    /** What a client may be given of a bundle by the limits alone, whatever others are owed. */
    Resources withinLimits(Client client, Resources bundle) {
        QuotaNode first = client.quota;
        if (first == null) {
            return bundle;
        }
        measure(bundle, wanted);
        for (int i = 0; i < names.length; i++) {
            allowed[i] = wanted[i];
            for (QuotaNode node = first; node.parent != null; node = node.parent) {
                allowed[i] = Math.min(allowed[i], Math.max(0, node.room(i)));
            }
        }
        return cut(bundle);
    }

    /**
     * What a client may be given of a bundle.
     *
     * @param noting whether, if that is less than the whole, the client waits for more
     */
    Resources admit(Client client, Resources bundle, boolean noting) {
        QuotaNode first = client.quota;
        if (first == null) {
            return bundle;
        }
        measure(bundle, wanted);
        for (int i = 0; i < names.length; i++) {
            allowed[i] = wanted[i] == 0 ? 0 : allowance(first, i, wanted[i], noting);
        }
        return cut(bundle);
    }

    /**
     * How much of a resource may be given. At each node on the way up, what is given must fit the room there is, and
     * must leave what those below are owed, except for what the receiver is owed itself.
     */
    private static long allowance(QuotaNode first, int resource, long amount, boolean noting) {
        long most = amount;
        long own = 0;
        QuotaNode binding = null;
        for (QuotaNode node = first; node != null; node = node.parent) {
            long room = Math.max(0, node.room(resource));
            long spare = Math.max(0, room - node.owedBelow(resource));
            long here = spare >= room ? room : Math.min(room, own + spare);
            if (here < most) {
                most = here;
                binding = node;
            }
            own += node.own(resource);
        }
        if (noting && binding != null) {
            binding.bind(resource);
        }
        return most;
    }

    /** What a client might be given of a bundle if others had given back resources that they hold. */
    Resources admitIfFree(Client client, Resources bundle, Map<Client, Resources> freed) {
        QuotaNode top = root;
        if (top == null) {
            return bundle;
        }
        freed.forEach((holder, resources) -> assume(top, holder, resources, 1));
        Resources admitted = admit(client, bundle, false);
        freed.forEach((holder, resources) -> assume(top, holder, resources, -1));
        return admitted;
    }

    /** Counts without a note that anything grew, as it is taken back at once. */
    private void assume(QuotaNode top, Client holder, Resources freed, int sign) {
        for (Resource resource : freed) {
            int number = isCharged(resource) ? number(resource.name()) : -1;
            if (number < 0) {
                continue;
            }
            long amount = sign * resource.thousandths();
            top.supply(number, amount);
            for (QuotaNode node = holder.quota; node != null && node.parent != null; node = node.parent) {
                node.consume(number, -amount);
            }
        }
    }

    /** What of a bundle is given whatever the quotas say. */
    Resources uncharged(Resources bundle) {
        return bundle.filter(resource -> !isCharged(resource) || number(resource.name()) < 0);
    }

    /**
     * Whether those charged to a node get nothing of what quotas name. Notes what binds them if so. Costs next to
     * nothing to ask again as long as there is no more room.
     */
    boolean isExhausted(QuotaNode first) {
        if (first.exhaustedAt == growths) {
            return true;
        }
        for (int i = 0; i < names.length; i++) {
            if (allowance(first, i, Long.MAX_VALUE, false) > 0) {
                return false;
            }
        }
        for (int i = 0; i < names.length; i++) {
            allowance(first, i, Long.MAX_VALUE, true);
        }
        first.exhaustedAt = growths;
        return true;
    }

    /** Whether a client is owed anything. */
    boolean isOwedAnything(Client client) {
        return isOwnOfAny(client.quota);
    }

    /** Whether a node or one of those above is owed something itself. */
    private boolean isOwnOfAny(@Nullable QuotaNode first) {
        for (QuotaNode node = first; node != null; node = node.parent) {
            for (int i = 0; i < names.length; i++) {
                if (node.own(i) > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether anybody is owed anything whose quota is this one or below it. */
    boolean isOwed(QuotaNode quota) {
        return quota.isOwed() || isOwnOfAny(quota.parent);
    }

    /** Whether a client is owed some of what it would be given. */
    boolean isOwedSome(Client client, Resources part) {
        QuotaNode first = client.quota;
        if (first == null) {
            return false;
        }
        measure(part, wanted);
        for (QuotaNode node = first; node != null; node = node.parent) {
            for (int i = 0; i < names.length; i++) {
                if (wanted[i] > 0 && node.own(i) > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The bundle with no more than what is allowed of each resource. What cannot be divided is left out. */
    private Resources cut(Resources bundle) {
        if (Arrays.equals(wanted, allowed)) {
            return bundle;
        }
        List<Resource> kept = new ArrayList<>(bundle.size());
        for (Resource resource : bundle) {
            int number = isCharged(resource) ? number(resource.name()) : -1;
            if (number < 0) {
                kept.add(resource);
                continue;
            }
            long amount = resource.thousandths();
            if (amount <= allowed[number]) {
                kept.add(resource);
            } else {
                amount = resource.identity().isIndivisible() ? 0 : divisible(resource, allowed[number]);
                if (amount > 0) {
                    kept.add(Resource.of(resource.identity(), new Scalar(amount)));
                }
            }
            allowed[number] -= amount;
        }
        return Resources.of(kept);
    }

    /** GPUs are given out whole. */
    private static long divisible(Resource resource, long amount) {
        return resource.name().equals("gpus") ? amount / 1000 * 1000 : amount;
    }

    /**
     * Whether there is room again, of which somebody was denied some.
     *
     * @param forOwed whether room counts that only those may have who are owed something
     */
    boolean hasRoomAgain(boolean forOwed) {
        for (int g = 0; g < grown.size(); g++) {
            QuotaNode node = grown.get(g);
            for (int i = 0; i < names.length; i++) {
                if (hasSpare(node, i) || (forOwed && (hasRoomForOwn(node, i) || hasRoomAfterShortage(node, i)))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean hasSpare(QuotaNode node, int resource) {
        return node.isBinding(resource) && node.room(resource) > node.owedBelow(resource);
    }

    /** A node that gave something back is owed it again, and a node above held its frameworks back. */
    private static boolean hasRoomForOwn(QuotaNode start, int resource) {
        long own = 0;
        for (QuotaNode node = start; node != null && start.parent != null; node = node.parent) {
            if (own > 0 && node.isBinding(resource) && node.room(resource) > 0) {
                return true;
            }
            own += node.own(resource);
        }
        return false;
    }

    /** There was too little for all who are owed something, and there is more now. */
    private boolean hasRoomAfterShortage(QuotaNode node, int resource) {
        if (!node.wasShort || !node.isBinding(resource) || node.room(resource) <= 0) {
            return false;
        }
        for (QuotaNode other : inOrder) {
            if (other.isOwnWanted(resource)) {
                return true;
            }
        }
        return false;
    }

    /** Those who were denied something are asked again from now on. */
    void beginWalk() {
        growths++;
        grown.forEach(QuotaNode::beginWalk);
    }

    /** The walk is over: whatever room there is, nobody is there who could have it. */
    void endWalk(boolean askedAll) {
        for (QuotaNode node : grown) {
            node.endWalk(askedAll);
        }
        grown.clear();
    }
}
