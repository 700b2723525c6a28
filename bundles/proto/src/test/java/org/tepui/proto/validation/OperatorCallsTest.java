// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.TaskID;
import org.tepui.v1.master.Call;

class OperatorCallsTest {
    private static Optional<String> master(Call.Type type) {
        return OperatorCalls.validate(Call.newBuilder().setType(type).build());
    }

    private static Optional<String> agent(org.tepui.v1.agent.Call.Type type) {
        return OperatorCalls.validate(
                org.tepui.v1.agent.Call.newBuilder().setType(type).build());
    }

    @Test
    void aCallNeedsAType() {
        assertThat(OperatorCalls.validate(Call.getDefaultInstance())).contains("Expecting 'type' to be present");
        assertThat(OperatorCalls.validate(org.tepui.v1.agent.Call.getDefaultInstance()))
                .contains("Expecting 'type' to be present");
        assertThat(OperatorCalls.validate(org.tepui.proto.operator.Call.getDefaultInstance()))
                .contains("Expecting 'type' to be present");
    }

    @Test
    void typesWithoutArgumentsNeedNone() {
        assertThat(master(Call.Type.UNKNOWN)).isEmpty();
        assertThat(master(Call.Type.GET_HEALTH)).isEmpty();
        assertThat(master(Call.Type.GET_STATE)).isEmpty();
        assertThat(master(Call.Type.SUBSCRIBE)).isEmpty();
        assertThat(agent(org.tepui.v1.agent.Call.Type.GET_AGENT)).isEmpty();
        assertThat(agent(org.tepui.v1.agent.Call.Type.GET_CONTAINERS)).isEmpty();
        assertThat(agent(org.tepui.v1.agent.Call.Type.PRUNE_IMAGES)).isEmpty();
    }

    @Test
    void typesWithArgumentsNeedThem() {
        assertThat(master(Call.Type.READ_FILE)).contains("Expecting 'read_file' to be present");
        assertThat(master(Call.Type.GET_METRICS)).contains("Expecting 'get_metrics' to be present");
        assertThat(master(Call.Type.UPDATE_MAINTENANCE_SCHEDULE))
                .contains("Expecting 'update_maintenance_schedule' to be present");
        assertThat(agent(org.tepui.v1.agent.Call.Type.LIST_FILES)).contains("Expecting 'list_files' to be present");
        assertThat(agent(org.tepui.v1.agent.Call.Type.ATTACH_CONTAINER_INPUT))
                .contains("Expecting 'attach_container_input' to be present");
    }

    @Test
    void requiredFieldsAreNamedByTheirPath() {
        Call call = Call.newBuilder()
                .setType(Call.Type.READ_FILE)
                .setReadFile(Call.ReadFile.newBuilder().setPath("p").buildPartial())
                .buildPartial();
        assertThat(OperatorCalls.validate(call))
                .contains("Not initialized: the required fields read_file.offset are missing");
    }

    @Test
    void killsOfOperatorsNameTasksThatKeepTheRules() {
        var kill = org.tepui.proto.operator.Call.KillTask.newBuilder()
                .setTaskId(TaskID.newBuilder().setValue("t"));
        var call = org.tepui.proto.operator.Call.newBuilder().setType(org.tepui.proto.operator.Call.Type.KILL_TASK);
        assertThat(OperatorCalls.validate(call.clone().build())).contains("Expecting 'kill_task' to be present");
        assertThat(OperatorCalls.validate(call.clone().setKillTask(kill).build()))
                .isEmpty();
        assertThat(OperatorCalls.validate(call.clone()
                        .setKillTask(kill.clone()
                                .setFrameworkId(FrameworkID.newBuilder().setValue("a/b")))
                        .build()))
                .isPresent();
        assertThat(OperatorCalls.validate(call.clone()
                        .setKillTask(kill.clone().setTaskId(TaskID.newBuilder().setValue("")))
                        .build()))
                .isPresent();
    }

    @Test
    void capacityMayBeAskedWithoutARole() {
        assertThat(OperatorCalls.validate(org.tepui.proto.operator.Call.newBuilder()
                        .setType(org.tepui.proto.operator.Call.Type.GET_CAPACITY)
                        .build()))
                .isEmpty();
    }
}
