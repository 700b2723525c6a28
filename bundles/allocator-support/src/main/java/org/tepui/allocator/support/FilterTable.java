// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tepui.api.resources.Resources;

/**
 * The decline filters of one agent by client, in an array sorted by the client's index.
 *
 * <p>It remembers which clients a filter held back from what is free now, one bit each, so that those who declined
 * are passed over at the cost of a bit while nothing changes. The bits are dropped when something else is free than
 * what they were made for.
 */
final class FilterTable {
    private static final DeclineFilter[] NONE = new DeclineFilter[0];
    private static final int[] NO_CLIENTS = new int[0];

    private DeclineFilter[] newest = NONE;

    /** The indexes of their clients, in the same order: a search touches this array and nothing else. */
    private int[] clients = NO_CLIENTS;

    private int size;
    private long[] heldBack = new long[0];
    private Resources heldBackFrom = Resources.empty();

    /** To be called before clients are looked at one after the other: says what is free. */
    void prepare(Resources free) {
        if (!free.equals(heldBackFrom)) {
            Arrays.fill(heldBack, 0);
            heldBackFrom = free;
        }
    }

    /**
     * The same bundle, as the object that was said to be free last if it equals that: offers mostly come back as they
     * went out, and the filters of an agent then share one object.
     */
    Resources shared(Resources bundle) {
        return bundle.equals(heldBackFrom) ? heldBackFrom : bundle;
    }

    /** Whether the client is known to be held back from what was said to be free. */
    boolean isHeldBack(Client client) {
        int word = client.index >> 6;
        return word < heldBack.length && (heldBack[word] & (1L << client.index)) != 0;
    }

    /**
     * Whether a filter holds the client back from an offer.
     *
     * @param whole whether the offer is the client's part of all that was said to be free
     */
    boolean blocks(Client client, Resources offer, boolean whole) {
        for (DeclineFilter filter = find(client); filter != null; filter = filter.older) {
            if (filter.blocks(offer)) {
                if (whole) {
                    remember(client);
                }
                return true;
            }
        }
        return false;
    }

    private void remember(Client client) {
        int word = client.index >> 6;
        if (word >= heldBack.length) {
            heldBack = Arrays.copyOf(heldBack, word + 1);
        }
        heldBack[word] |= 1L << client.index;
    }

    /** The newest filter of a client, which leads to its older ones. */
    @Nullable
    DeclineFilter find(Client client) {
        int place = place(client);
        return place < 0 ? null : newest[place];
    }

    void add(DeclineFilter filter) {
        int place = place(filter.client);
        if (place >= 0) {
            filter.older = newest[place];
            newest[place] = filter;
            return;
        }
        if (size == newest.length) {
            newest = Arrays.copyOf(newest, Math.max(4, 2 * size));
            clients = Arrays.copyOf(clients, newest.length);
        }
        int insertion = -1 - place;
        System.arraycopy(newest, insertion, newest, insertion + 1, size - insertion);
        System.arraycopy(clients, insertion, clients, insertion + 1, size - insertion);
        newest[insertion] = filter;
        clients[insertion] = filter.client.index;
        size++;
    }

    void remove(DeclineFilter removed) {
        int word = removed.client.index >> 6;
        if (word < heldBack.length) {
            heldBack[word] &= ~(1L << removed.client.index);
        }
        int place = place(removed.client);
        DeclineFilter next = newest[place];
        if (next.equals(removed)) {
            removeNewest(place);
            return;
        }
        while (next != null) {
            DeclineFilter older = next.older;
            if (older != null && older.equals(removed)) {
                next.older = removed.older;
                return;
            }
            next = older;
        }
    }

    private void removeNewest(int place) {
        DeclineFilter older = newest[place].older;
        if (older != null) {
            newest[place] = older;
            return;
        }
        System.arraycopy(newest, place + 1, newest, place, size - place - 1);
        System.arraycopy(clients, place + 1, clients, place, size - place - 1);
        newest[--size] = null;
        if (size == 0) {
            newest = NONE;
            clients = NO_CLIENTS;
        }
    }

    /** Any filter, or null if there is none. */
    @Nullable
    DeclineFilter any() {
        return size == 0 ? null : newest[size - 1];
    }

    private int place(Client client) {
        return Arrays.binarySearch(clients, 0, size, client.index);
    }
}
