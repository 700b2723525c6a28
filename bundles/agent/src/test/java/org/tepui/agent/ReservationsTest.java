// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tepui.agent.AgentWorld.framework;
import static org.tepui.agent.AgentWorld.task;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tepui.api.Role;
import org.tepui.api.resources.Reservation;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.ReservationFormat;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.proto.internal.ReserveResources;
import org.tepui.v1.Resource;

/** What calls reserved of an agent outlives the agent's process. */
class ReservationsTest {
    @TempDir
    private Path directory;

    private AgentWorld world;

    @BeforeEach
    void start() {
        world = new AgentWorld(directory).running();
    }

    @AfterEach
    void stop() {
        world.crash();
    }

    static List<Resource> reserved(String text, String role) {
        return ResourceConversion.toWire(
                Resources.parse(text).pushReservation(Reservation.dynamic(new Role(role))), ReservationFormat.STACK);
    }

    private void tell(List<Resource> resources) {
        world.master.send(
                ReserveResources.newBuilder().addAllResources(resources).build());
    }

    @Test
    void keepsReservationsOverARestart() {
        List<Resource> reserved = reserved("cpus:1;ports:[31000-31009]", "eng");
        tell(reserved);
        world.run(framework(), task("t1"));
        world.restart();
        assertThat(world.reregister().getReservedResourcesList()).isEqualTo(reserved);
        world.restart();
        assertThat(world.reregister().getReservedResourcesList()).isEqualTo(reserved);
    }

    @Test
    void forgetsWhatIsNotReservedAnyMore() {
        tell(reserved("cpus:1", "eng"));
        tell(reserved("cpus:2", "eng"));
        world.restart();
        assertThat(world.reregister().getReservedResourcesList()).isEqualTo(reserved("cpus:2", "eng"));
        tell(List.of());
        world.restart();
        assertThat(world.reregister().getReservedResourcesList()).isEmpty();
    }

    @Test
    void refusesWhatItDoesNotHave() {
        tell(reserved("cpus:1", "eng"));
        world.master.refusals.clear();
        tell(reserved("cpus:100", "eng"));
        assertThat(world.master.refusals)
                .singleElement()
                .satisfies(refusal ->
                        assertThat(refusal.reason()).contains(":100", "is not a part of what this agent has"));
        tell(ResourceConversion.toWire(Resources.parse("cpus:1"), ReservationFormat.STACK));
        assertThat(world.master.refusals).hasSize(2);
        world.restart();
        assertThat(world.reregister().getReservedResourcesList()).isEqualTo(reserved("cpus:1", "eng"));
    }
}
