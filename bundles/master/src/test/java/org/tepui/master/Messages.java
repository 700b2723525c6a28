// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.List;
import org.tepui.api.Role;
import org.tepui.api.resources.Reservation;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.ReservationFormat;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.v1.CommandInfo;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.Resource;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskInfo;

/** Messages that tests send. */
final class Messages {
    private Messages() {}

    static TaskID task(String id) {
        return TaskID.newBuilder().setValue(id).build();
    }

    static List<Resource> resources(String text) {
        return ResourceConversion.toWire(Resources.parse(text), ReservationFormat.SINGLE);
    }

    /** Resources that are reserved dynamically, in the form that can say everything. */
    static List<Resource> reserved(String text, Role... roles) {
        Resources resources = Resources.parse(text);
        for (Role role : roles) {
            resources = resources.pushReservation(Reservation.dynamic(role));
        }
        return ResourceConversion.toWire(resources, ReservationFormat.STACK);
    }

    static Offer.Operation reserve(String role, String resources) {
        return reserve(reserved(resources, new Role(role)));
    }

    static Offer.Operation reserve(List<Resource> resources) {
        return Offer.Operation.newBuilder()
                .setType(Offer.Operation.Type.RESERVE)
                .setReserve(Offer.Operation.Reserve.newBuilder().addAllResources(resources))
                .build();
    }

    static Offer.Operation unreserve(Resource... resources) {
        return Offer.Operation.newBuilder()
                .setType(Offer.Operation.Type.UNRESERVE)
                .setUnreserve(Offer.Operation.Unreserve.newBuilder().addAllResources(List.of(resources)))
                .build();
    }

    static Offer.Operation launch(TaskInfo... tasks) {
        return Offer.Operation.newBuilder()
                .setType(Offer.Operation.Type.LAUNCH)
                .setLaunch(Offer.Operation.Launch.newBuilder().addAllTaskInfos(List.of(tasks)))
                .build();
    }

    static TaskInfo task(String id, Offer offer, String resources) {
        return TaskInfo.newBuilder()
                .setName("a task")
                .setTaskId(task(id))
                .setAgentId(offer.getAgentId())
                .setCommand(CommandInfo.newBuilder().setValue("true"))
                .addAllResources(resources(resources))
                .build();
    }

    static FrameworkInfo.Builder framework() {
        return FrameworkInfo.newBuilder().setUser("nobody").setName("a framework");
    }

    /** A framework that says its role as those without MULTI_ROLE do. */
    @SuppressWarnings("deprecation")
    static FrameworkInfo inRole(String role) {
        return framework().setRole(role).build();
    }

    static FrameworkInfo.Builder framework(FrameworkInfo.Capability.Type... capabilities) {
        FrameworkInfo.Builder info = framework();
        for (FrameworkInfo.Capability.Type capability : capabilities) {
            info.addCapabilities(FrameworkInfo.Capability.newBuilder().setType(capability));
        }
        return info;
    }
}
