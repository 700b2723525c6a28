// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.List;
import java.util.Optional;
import org.tepui.api.Role;
import org.tepui.api.resources.DiskInfo;
import org.tepui.api.resources.DynamicReservations;
import org.tepui.api.resources.Reservation;
import org.tepui.api.resources.Resource;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.ResourceConversion;

/** What may be reserved, and what of it may be taken back: the rules of Mesos. */
final class ReservationRules {
    private ReservationRules() {}

    /**
     * What an operation does.
     *
     * @param before what is there, not allocated
     * @param after what becomes of it, not allocated
     */
    record Change(Resources before, Resources after) {}

    /**
     * Who asks.
     *
     * @param role of the offers; empty for an operator, who may reserve for any role
     * @param principal if it is authenticated
     * @param refines whether reservations upon reservations are understood
     */
    record Caller(Optional<Role> role, Optional<String> principal, boolean refines) {}

    /**
     * One more reservation on each resource, or the move of a reservation.
     *
     * @param source what is there now; empty if that is the same without the innermost reservation
     * @throws IllegalArgumentException saying what is wrong
     */
    static Change reserve(List<org.tepui.v1.Resource> source, List<org.tepui.v1.Resource> resources, Caller caller) {
        Resources after = parse(resources, caller);
        for (Resource resource : after) {
            Reservation top = top(resource);
            if (caller.role().isPresent() && !top.role().equals(caller.role().get())) {
                throw new IllegalArgumentException(resource + " would be reserved for role '" + top.role()
                        + "', but the offers are for role '" + caller.role().get() + "'");
            }
            Optional<String> principal = caller.principal();
            if (principal.isPresent() && !principal.get().equals(top.principal())) {
                throw new IllegalArgumentException(resource + " would be reserved by principal '" + top.principal()
                        + "', but '" + principal.get() + "' asks");
            }
            if (!caller.refines() && resource.identity().reservations().size() > 1) {
                throw new IllegalArgumentException(resource + " would be reserved twice, but the framework does not"
                        + " have the capability RESERVATION_REFINEMENT");
            }
        }
        if (source.isEmpty()) {
            return new Change(after.popReservation(), after);
        }
        Resources before = parse(source, caller);
        if (!DynamicReservations.strip(before).equals(DynamicReservations.strip(after))) {
            throw new IllegalArgumentException(
                    "'source' and 'resources' are not the same amounts: " + before + " and " + after);
        }
        return new Change(before, after);
    }

    /**
     * The innermost reservation of each resource is taken away.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static Change unreserve(List<org.tepui.v1.Resource> resources, Caller caller) {
        Resources before = parse(resources, caller);
        return new Change(before, before.popReservation());
    }

    private static Resources parse(List<org.tepui.v1.Resource> resources, Caller caller) {
        Resources parsed = ResourceConversion.toApi(resources);
        if (parsed.isEmpty()) {
            throw new IllegalArgumentException("no resources are named");
        }
        for (Resource resource : parsed) {
            Role allocated = resource.identity().allocationRole();
            if (allocated != null && !caller.role().equals(Optional.of(allocated))) {
                throw new IllegalArgumentException(
                        resource + " is allocated to role '" + allocated + "', which is not that of the call");
            }
            if (!DynamicReservations.isDynamic(resource)) {
                throw new IllegalArgumentException(resource + " is not reserved dynamically");
            }
            DiskInfo disk = resource.identity().disk();
            if (disk != null && disk.persistence() != null) {
                throw new IllegalArgumentException(resource + " is a persistent volume");
            }
        }
        return parsed.unallocate();
    }

    private static Reservation top(Resource resource) {
        List<Reservation> stack = resource.identity().reservations();
        return stack.get(stack.size() - 1);
    }
}
