// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tepui.api.Role;
import org.tepui.api.resources.DiskInfo;
import org.tepui.api.resources.ItemSet;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Ranges;
import org.tepui.api.resources.ResourceIdentity;
import org.tepui.api.resources.ResourceValue;
import org.tepui.api.resources.Resources;
import org.tepui.api.resources.Scalar;
import org.tepui.api.resources.ValueType;
import org.tepui.v1.Resource;
import org.tepui.v1.ResourceProviderID;
import org.tepui.v1.Value;

/** Resources. Nothing else in Tepui turns resources from messages into bundles and back. */
public final class ResourceConversion {
    private static final int SHOWN_CHARACTERS = 40;

    private ResourceConversion() {}

    /**
     * The sum of the resources, reserved in either form (see {@link ReservationFormat}). Empty ones are left out.
     *
     * @throws IllegalArgumentException naming the first that is not allowed by its place and name: a value that is
     *     missing, negative, no number, too large or of several kinds, ranges that overlap, reservations that do not
     *     fit together
     */
    public static Resources toApi(List<Resource> resources) {
        List<org.tepui.api.resources.Resource> converted = new ArrayList<>(resources.size());
        for (int i = 0; i < resources.size(); i++) {
            try {
                converted.add(toApi(resources.get(i)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "resources[" + i + "] '" + shown(resources.get(i).getName()) + "': " + e.getMessage(), e);
            }
        }
        return Resources.of(converted);
    }

    private static org.tepui.api.resources.Resource toApi(Resource resource) {
        ResourceValue value = value(resource);
        ResourceIdentity identity = ResourceIdentity.of(resource.getName(), value.type());
        boolean special = resource.getReservationsCount() > 0
                || resource.hasReservation()
                || hasRole(resource)
                || resource.hasDisk()
                || resource.hasRevocable()
                || resource.hasShared()
                || resource.hasProviderId();
        if (special) {
            identity = identity.withReservations(ReservationConversion.toApi(resource))
                    .withDisk(resource.hasDisk() ? DiskConversion.toApi(resource.getDisk()) : null)
                    .withRevocable(resource.hasRevocable())
                    .withShared(resource.hasShared())
                    .withProvider(
                            resource.hasProviderId() ? resource.getProviderId().getValue() : null);
        }
        if (resource.hasAllocationInfo()) {
            if (!resource.getAllocationInfo().hasRole()) {
                throw new IllegalArgumentException("'allocation_info.role' is missing");
            }
            identity =
                    identity.allocatedTo(new Role(resource.getAllocationInfo().getRole()));
        }
        return org.tepui.api.resources.Resource.of(identity, value);
    }

    @SuppressWarnings("deprecation") // the older form of reservations
    private static boolean hasRole(Resource resource) {
        return resource.hasRole();
    }

    private static ResourceValue value(Resource resource) {
        boolean scalar = resource.hasScalar();
        boolean ranges = resource.hasRanges();
        boolean set = resource.hasSet();
        return switch (resource.getType()) {
            case SCALAR -> {
                ValueConversion.requireKinds(resource.getType(), scalar, ranges || set);
                yield ValueConversion.toApi(resource.getScalar());
            }
            case RANGES -> {
                ValueConversion.requireKinds(resource.getType(), ranges, scalar || set);
                yield ValueConversion.toApi(resource.getRanges());
            }
            case SET -> {
                ValueConversion.requireKinds(resource.getType(), set, scalar || ranges);
                yield ValueConversion.toApi(resource.getSet());
            }
            case TEXT ->
                throw new IllegalArgumentException("type TEXT is not allowed: one of " + ValueType.SCALAR + ", "
                        + ValueType.RANGES + ", " + ValueType.SET + " is expected");
        };
    }

    /**
     * The resources in their own order. What is given out as a whole is repeated as often as there are copies.
     *
     * @param format the form of reservations that the reader understands
     * @throws IllegalArgumentException if a reservation within a reservation is to be written as {@link
     *     ReservationFormat#SINGLE}; those are not offered to frameworks that read that form
     */
    public static List<Resource> toWire(Resources resources, ReservationFormat format) {
        List<Resource> wire = new ArrayList<>(resources.size());
        for (org.tepui.api.resources.Resource resource : resources) {
            Resource each = toWire(resource, format);
            for (int copy = 0; copy < resource.copies(); copy++) {
                wire.add(each);
            }
        }
        return wire;
    }

    private static Resource toWire(org.tepui.api.resources.Resource resource, ReservationFormat format) {
        ResourceIdentity identity = resource.identity();
        Resource.Builder wire = Resource.newBuilder().setName(identity.name());
        value(resource.value(), wire);
        ReservationConversion.toWire(identity.reservations(), format, wire);
        Role role = identity.allocationRole();
        if (role != null) {
            wire.setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(role.name()));
        }
        DiskInfo disk = identity.disk();
        if (disk != null) {
            wire.setDisk(DiskConversion.toWire(disk));
        }
        if (identity.isRevocable()) {
            wire.setRevocable(Resource.RevocableInfo.getDefaultInstance());
        }
        if (identity.isShared()) {
            wire.setShared(Resource.SharedInfo.getDefaultInstance());
        }
        String provider = identity.providerId();
        if (provider != null) {
            wire.setProviderId(ResourceProviderID.newBuilder().setValue(provider));
        }
        return wire.build();
    }

    private static void value(ResourceValue value, Resource.Builder wire) {
        if (value instanceof Scalar scalar) {
            wire.setType(Value.Type.SCALAR).setScalar(ValueConversion.toWire(scalar));
        } else if (value instanceof Ranges ranges) {
            wire.setType(Value.Type.RANGES).setRanges(ValueConversion.toWire(ranges));
        } else if (value instanceof ItemSet set) {
            wire.setType(Value.Type.SET).setSet(ValueConversion.toWire(set));
        }
    }

    /**
     * Amounts by name, as in quotas and offer filters.
     *
     * @throws IllegalArgumentException naming the first that is negative, no number or too large
     */
    public static Quantities quantities(Map<String, Value.Scalar> amounts) {
        Map<String, Long> thousandths = new TreeMap<>();
        amounts.forEach((name, amount) -> {
            try {
                thousandths.put(name, ValueConversion.toApi(amount).thousandths());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("'" + shown(name) + "': " + e.getMessage(), e);
            }
        });
        return Quantities.of(thousandths);
    }

    /** Amounts by name, in the order of the names. */
    public static Map<String, Value.Scalar> quantities(Quantities amounts) {
        Map<String, Value.Scalar> wire = new TreeMap<>();
        for (int i = 0; i < amounts.size(); i++) {
            wire.put(amounts.name(i), ValueConversion.toWire(new Scalar(amounts.thousandths(i))));
        }
        return wire;
    }

    private static String shown(String name) {
        String start = name.length() > SHOWN_CHARACTERS ? name.substring(0, SHOWN_CHARACTERS) + "..." : name;
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
