// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.cluster;

import java.util.List;
import java.util.Locale;
import org.tepui.v1.CommandInfo;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.Resource;
import org.tepui.v1.TaskID;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.Value;

/**
 * Tasks that run /bin/true and ask for next to nothing.
 *
 * @param cpus of a task, in thousandths
 * @param memory of a task, in MB
 */
record TrueTasks(int cpus, int memory) {
    private static final double MILLI = 1000;

    /** The framework that runs them. */
    static FrameworkInfo framework(String name) {
        return FrameworkInfo.newBuilder()
                .setName(name)
                .setUser(System.getProperty("user.name"))
                .addRoles("*")
                .addCapabilities(
                        FrameworkInfo.Capability.newBuilder().setType(FrameworkInfo.Capability.Type.MULTI_ROLE))
                .build();
    }

    /** How many of them fit into an offer. */
    int fitting(Offer offer) {
        double byCpus = unreserved(offer, "cpus") * MILLI / cpus;
        double byMemory = unreserved(offer, "mem") / memory;
        // a value that is meant to be whole may lie just below
        return (int) Math.floor(Math.min(byCpus, byMemory) + 1e-6);
    }

    private static double unreserved(Offer offer, String name) {
        return offer.getResourcesList().stream()
                .filter(resource -> resource.getName().equals(name)
                        && resource.getReservationsCount() == 0
                        && !resource.hasReservation())
                .mapToDouble(resource -> resource.getScalar().getValue())
                .sum();
    }

    /** One task on the agent of an offer. */
    TaskInfo task(String id, Offer offer) {
        return TaskInfo.newBuilder()
                .setName("true")
                .setTaskId(TaskID.newBuilder().setValue(id))
                .setAgentId(offer.getAgentId())
                .addResources(scalar("cpus", cpus / MILLI))
                .addResources(scalar("mem", memory))
                .setCommand(CommandInfo.newBuilder()
                        .setShell(false)
                        .setValue("/bin/true")
                        .addArguments("true"))
                .build();
    }

    private static Resource scalar(String name, double value) {
        return Resource.newBuilder()
                .setName(name)
                .setType(Value.Type.SCALAR)
                .setScalar(Value.Scalar.newBuilder().setValue(value))
                .build();
    }

    /** The operation that starts tasks. */
    static Offer.Operation launch(List<TaskInfo> tasks) {
        return Offer.Operation.newBuilder()
                .setType(Offer.Operation.Type.LAUNCH)
                .setLaunch(Offer.Operation.Launch.newBuilder().addAllTaskInfos(tasks))
                .build();
    }

    /** What a task asks for, in words. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "/bin/true with %.3f cpus and %d MB", cpus / MILLI, memory);
    }
}
