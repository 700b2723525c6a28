// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.convert;

import java.util.ArrayList;
import java.util.List;
import org.tepui.api.Role;
import org.tepui.api.resources.Reservation;
import org.tepui.v1.Resource;

/**
 * Reservations in both forms, see {@link ReservationFormat}. The fields of the older form are deprecated and in use.
 */
@SuppressWarnings("deprecation")
final class ReservationConversion {
    private static final String EVERYBODY = Role.ANY.name();

    private ReservationConversion() {}

    static List<Reservation> toApi(Resource resource) {
        return resource.getReservationsCount() > 0 ? stack(resource) : single(resource);
    }

    private static List<Reservation> stack(Resource resource) {
        if (resource.hasReservation() || !resource.getRole().equals(EVERYBODY)) {
            throw new IllegalArgumentException("'reservations' is set together with "
                    + (resource.hasReservation() ? "'reservation'" : "'role'") + ": one form of the two is allowed");
        }
        List<Reservation> stack = new ArrayList<>(resource.getReservationsCount());
        for (Resource.ReservationInfo each : resource.getReservationsList()) {
            Reservation.Type type = switch (each.getType()) {
                case STATIC -> Reservation.Type.STATIC;
                case DYNAMIC -> Reservation.Type.DYNAMIC;
                case UNKNOWN ->
                    throw new IllegalArgumentException("'reservations[" + stack.size()
                            + "].type' is missing or unknown: STATIC or DYNAMIC is expected");
            };
            if (!each.hasRole()) {
                throw new IllegalArgumentException("'reservations[" + stack.size() + "].role' is missing");
            }
            stack.add(reservation(type, each.getRole(), each));
        }
        return stack;
    }

    private static List<Reservation> single(Resource resource) {
        Resource.ReservationInfo given = resource.getReservation();
        if (given.hasRole() || given.hasType()) {
            throw new IllegalArgumentException("'reservation." + (given.hasRole() ? "role" : "type")
                    + "' is set: it belongs in 'reservations', or as 'role' beside 'reservation'");
        }
        if (resource.hasReservation()) {
            return List.of(reservation(Reservation.Type.DYNAMIC, resource.getRole(), given));
        }
        return resource.getRole().equals(EVERYBODY)
                ? List.of()
                : List.of(Reservation.fixed(new Role(resource.getRole())));
    }

    private static Reservation reservation(Reservation.Type type, String role, Resource.ReservationInfo info) {
        return new Reservation(
                type,
                new Role(role),
                info.hasPrincipal() ? info.getPrincipal() : null,
                DiskConversion.labels(info.getLabels()));
    }

    static void toWire(List<Reservation> stack, ReservationFormat format, Resource.Builder wire) {
        if (format == ReservationFormat.STACK) {
            for (Reservation reservation : stack) {
                wire.addReservations(info(reservation)
                        .setType(Resource.ReservationInfo.Type.forNumber(
                                reservation.type().number()))
                        .setRole(reservation.role().name()));
            }
            return;
        }
        if (stack.size() > 1) {
            throw new IllegalArgumentException(
                    stack.size() + " reservations on top of each other do not fit 'role' and 'reservation'");
        }
        // written where it is the default too: clients of that time look for it
        wire.setRole(stack.isEmpty() ? EVERYBODY : stack.get(0).role().name());
        if (!stack.isEmpty() && stack.get(0).type() == Reservation.Type.DYNAMIC) {
            wire.setReservation(info(stack.get(0)));
        }
    }

    private static Resource.ReservationInfo.Builder info(Reservation reservation) {
        Resource.ReservationInfo.Builder info = Resource.ReservationInfo.newBuilder();
        if (reservation.principal() != null) {
            info.setPrincipal(reservation.principal());
        }
        if (!reservation.labels().isEmpty()) {
            info.setLabels(DiskConversion.labels(reservation.labels()));
        }
        return info;
    }
}
