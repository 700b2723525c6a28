// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.allocator.ResourceRequest;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;

/** A framework that is subscribed, or that is not (any more) and still holds something. */
final class FrameworkEntry {
    final FrameworkId id;

    /** Null while the framework is not subscribed. */
    @Nullable
    FrameworkProfile profile;

    /** Whether it is connected. */
    boolean active;

    /** What it asked for last. */
    List<ResourceRequest> requests = List.of();

    /** When it did, in nanoseconds. */
    long requestedAt;

    /** Its part in every role that it wants resources in, or still holds some in. */
    final SortedMap<Role, Client> clients = new TreeMap<>();

    FrameworkEntry(FrameworkId id) {
        this.id = id;
    }
}
