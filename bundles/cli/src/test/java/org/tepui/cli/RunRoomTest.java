// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunRoomTest {
    private static final double LONG_AFTER = 100;

    private FakeCluster cluster;
    private RunRoom room;

    @BeforeEach
    void start() throws IOException {
        cluster = new FakeCluster();
        RunRequest request = new RunRequest(
                new RunRequest.Name("job", "0"),
                BigDecimal.valueOf(2),
                BigDecimal.valueOf(64),
                1,
                new RunRequest.Identity("*", "root"),
                new RunRequest.Program(List.of("true"), Map.of()),
                Optional.empty());
        room = new RunRoom(new ApiClient(cluster.address()), request);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void needsAMasterToBegin() {
        cluster.close();
        assertThatThrownBy(room::check).hasMessageContaining("cannot reach");
    }

    @Test
    void waitsForAMasterThatIsAwayForAMoment() throws CommandException {
        offer(4);
        room.check();
        cluster.close();
        room.checkAgain(LONG_AFTER);
    }

    @Test
    void waitsForTheMasterAlsoWhereNoAgentWasSeen() throws CommandException {
        room.check();
        cluster.close();
        room.checkAgain(LONG_AFTER);
    }

    @Test
    void waitsForAnAgentThatWasLargeEnough() throws CommandException {
        offer(4);
        room.check();
        offer(1);
        room.checkAgain(LONG_AFTER);
    }

    @Test
    void endsWhenTheFirstAgentsAreTooSmall() throws CommandException {
        room.check();
        offer(1);
        assertThatThrownBy(() -> room.checkAgain(1)).satisfies(RunRoomTest::isNoRoom);
    }

    @Test
    void endsWhenNoAgentComes() throws CommandException {
        room.check();
        room.checkAgain(1);
        assertThatThrownBy(() -> room.checkAgain(LONG_AFTER))
                .hasMessageContaining("no agents")
                .satisfies(RunRoomTest::isNoRoom);
    }

    private void offer(double cpus) {
        cluster.capacity.clear();
        cluster.capacity.add(FakeCluster.scalar("cpus", cpus));
        cluster.capacity.add(FakeCluster.scalar("mem", 1024));
    }

    private static void isNoRoom(Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        CommandException.class,
                        known -> assertThat(known.exitCode()).isEqualTo(ExitCode.NO_ROOM));
    }
}
