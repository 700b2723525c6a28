// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.tepui.v1.MachineID;
import org.tepui.v1.Unavailability;
import org.tepui.v1.maintenance.Schedule;
import org.tepui.v1.maintenance.Window;

/** Which schedules of maintenance are allowed, and whom they mean. Problems are values: a sentence for the operator. */
final class MaintenanceRules {
    static final int MAXIMUM_BYTES = 1 << 20;

    private MaintenanceRules() {}

    /** What is wrong with a schedule. */
    static Optional<String> problem(Schedule schedule) {
        if (schedule.getSerializedSize() > MAXIMUM_BYTES) {
            return Optional.of("the schedule has " + schedule.getSerializedSize() + " bytes: at most " + MAXIMUM_BYTES
                    + " are allowed");
        }
        Set<MachineID> seen = new HashSet<>();
        for (Window window : schedule.getWindowsList()) {
            if (window.getMachineIdsCount() == 0) {
                return Optional.of("a window has no 'machine_ids'");
            }
            Unavailability unavailability = window.getUnavailability();
            if (unavailability.getDuration().getNanoseconds() < 0) {
                return Optional.of("'unavailability.duration' is "
                        + unavailability.getDuration().getNanoseconds() + " ns: 0 or more is allowed");
            }
            for (MachineID machine : window.getMachineIdsList()) {
                if (machine.getHostname().isEmpty() && machine.getIp().isEmpty()) {
                    return Optional.of("a machine has neither 'hostname' nor 'ip'");
                }
                if (!seen.add(lowerCase(machine))) {
                    return Optional.of("machine '" + FrameworkRules.shown(machine.getHostname() + machine.getIp())
                            + "' is in the schedule twice");
                }
            }
        }
        return Optional.empty();
    }

    private static MachineID lowerCase(MachineID machine) {
        return machine.toBuilder()
                .setHostname(machine.getHostname().toLowerCase(Locale.ROOT))
                .build();
    }

    /** Whether an agent is on a machine: what is said of name and address has to fit. */
    static boolean isOn(AgentEntry agent, MachineID machine) {
        if (!machine.getHostname().isEmpty() && !machine.getHostname().equalsIgnoreCase(agent.info.getHostname())) {
            return false;
        }
        return machine.getIp().isEmpty()
                || agent.openLink()
                        .map(link -> link.connection().peer().remote().host())
                        .filter(machine.getIp()::equals)
                        .isPresent();
    }

    /** When the machine of an agent is not available. */
    static Optional<Unavailability> of(AgentEntry agent, Schedule schedule) {
        for (Window window : schedule.getWindowsList()) {
            if (window.getMachineIdsList().stream().anyMatch(machine -> isOn(agent, machine))) {
                return Optional.of(window.getUnavailability());
            }
        }
        return Optional.empty();
    }
}
