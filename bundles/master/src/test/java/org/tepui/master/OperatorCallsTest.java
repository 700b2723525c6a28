// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tepui.proto.internal.KillTask;
import org.tepui.proto.operator.Call;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.Offer;
import org.tepui.v1.Task;
import org.tepui.v1.TaskState;
import org.tepui.v1.master.Response;

// SET_QUOTA and REMOVE_QUOTA are deprecated, and built
@SuppressWarnings("deprecation")
class OperatorCallsTest {
    private static final Set<org.tepui.v1.master.Call.Type> BUILT = EnumSet.of(
            org.tepui.v1.master.Call.Type.GET_HEALTH,
            org.tepui.v1.master.Call.Type.GET_VERSION,
            org.tepui.v1.master.Call.Type.GET_METRICS,
            org.tepui.v1.master.Call.Type.GET_STATE,
            org.tepui.v1.master.Call.Type.GET_AGENTS,
            org.tepui.v1.master.Call.Type.GET_FRAMEWORKS,
            org.tepui.v1.master.Call.Type.GET_TASKS,
            org.tepui.v1.master.Call.Type.GET_ROLES,
            org.tepui.v1.master.Call.Type.GET_MASTER,
            org.tepui.v1.master.Call.Type.GET_QUOTA,
            org.tepui.v1.master.Call.Type.UPDATE_QUOTA,
            org.tepui.v1.master.Call.Type.SET_QUOTA,
            org.tepui.v1.master.Call.Type.REMOVE_QUOTA,
            org.tepui.v1.master.Call.Type.GET_WEIGHTS,
            org.tepui.v1.master.Call.Type.GET_MAINTENANCE_SCHEDULE,
            org.tepui.v1.master.Call.Type.GET_MAINTENANCE_STATUS,
            org.tepui.v1.master.Call.Type.UPDATE_MAINTENANCE_SCHEDULE,
            org.tepui.v1.master.Call.Type.RESERVE_RESOURCES,
            org.tepui.v1.master.Call.Type.UNRESERVE_RESOURCES,
            org.tepui.v1.master.Call.Type.UPDATE_WEIGHTS);

    private TestMaster master;
    private TestAgent agent;
    private TestScheduler scheduler;

    @BeforeEach
    void cluster() {
        master = TestMaster.started();
        agent = master.agent("cpus:4;mem:100");
        scheduler = master.scheduler();
        Offer offer = scheduler.lastOffer();
        scheduler.accept(List.of(offer), 0, Messages.task("t", offer, "cpus:1"));
    }

    static Set<org.tepui.v1.master.Call.Type> callsThatAreNotBuilt() {
        return EnumSet.complementOf(EnumSet.copyOf(BUILT));
    }

    private Response get(org.tepui.v1.master.Call.Type type) {
        return master.operator(Views.call(type)).response(Response.class);
    }

    private RecordingExchange kill(String task, String framework) {
        Call.KillTask.Builder kill = Call.KillTask.newBuilder().setTaskId(Messages.task(task));
        if (!framework.isEmpty()) {
            kill.setFrameworkId(FrameworkID.newBuilder().setValue(framework));
        }
        return master.operator(
                Call.newBuilder().setType(Call.Type.KILL_TASK).setKillTask(kill).build());
    }

    @ParameterizedTest
    @MethodSource("callsThatAreNotBuilt")
    void refusesByNameWhatIsNotBuilt(org.tepui.v1.master.Call.Type type) {
        RecordingExchange exchange = master.operator(Views.call(type));
        assertThat(exchange.refused().kind()).isEqualTo(Kind.NOT_IMPLEMENTED);
        assertThat(exchange.refused().reason()).contains(type.name());
    }

    @ParameterizedTest
    @EnumSource(
            value = org.tepui.v1.master.Call.Type.class,
            names = {
                "GET_HEALTH",
                "GET_VERSION",
                "GET_METRICS",
                "GET_STATE",
                "GET_AGENTS",
                "GET_FRAMEWORKS",
                "GET_TASKS",
                "GET_ROLES",
                "GET_MASTER",
                "GET_QUOTA",
                "GET_MAINTENANCE_SCHEDULE",
                "GET_MAINTENANCE_STATUS",
                "GET_WEIGHTS"
            })
    void answersWithTheTypeOfTheCall(org.tepui.v1.master.Call.Type type) {
        assertThat(get(type).getType().name()).isEqualTo(type.name());
    }

    @Test
    void showsAgents() {
        Response.GetAgents.Agent shown =
                get(org.tepui.v1.master.Call.Type.GET_AGENTS).getGetAgents().getAgents(0);
        assertThat(shown.getAgentInfo()).isEqualTo(agent.info);
        assertThat(shown.getActive()).isTrue();
        assertThat(shown.getVersion()).isEqualTo("test");
        assertThat(shown.getTotalResourcesList())
                .anySatisfy(r -> assertThat(r.getScalar().getValue()).isEqualTo(4.0));
        assertThat(shown.getAllocatedResources(0).getScalar().getValue()).isEqualTo(1.0);
        assertThat(shown.getAllocatedResources(0).getAllocationInfo().getRole()).isEqualTo("*");
        assertThat(shown.getOfferedResources(0).getScalar().getValue()).isEqualTo(3.0);
    }

    @Test
    void showsTasksByWhereTheyAre() {
        Offer offer = scheduler.lastOffer();
        scheduler.accept(List.of(offer), 0, Messages.task("done", offer, "cpus:1"));
        scheduler.acknowledge(agent.update(scheduler.id(), "done", TaskState.TASK_FINISHED));
        Response.GetTasks shown = get(org.tepui.v1.master.Call.Type.GET_TASKS).getGetTasks();
        assertThat(shown.getTasksList())
                .extracting(Task::getTaskId, Task::getState)
                .containsExactly(tuple(Messages.task("t"), TaskState.TASK_STAGING));
        assertThat(shown.getCompletedTasksList())
                .extracting(Task::getTaskId, Task::getState)
                .containsExactly(tuple(Messages.task("done"), TaskState.TASK_FINISHED));
        agent.answersPings = false;
        master.time.advance(Duration.ofSeconds(95));
        shown = get(org.tepui.v1.master.Call.Type.GET_STATE).getGetState().getGetTasks();
        assertThat(shown.getUnreachableTasksList())
                .extracting(Task::getState)
                .containsExactly(TaskState.TASK_UNREACHABLE);
    }

    @Test
    void remembersABoundedNumberOfTasks() {
        MasterConfig d = MasterConfig.defaults();
        TestMaster small = TestMaster.started(new MasterConfig(
                d.agentPingTimeout(),
                d.maxAgentPingTimeouts(),
                d.agentReregisterTimeout(),
                d.heartbeatInterval(),
                d.offerTimeout(),
                2,
                3,
                3));
        TestAgent worker = small.agent("cpus:1");
        TestScheduler busy = small.scheduler();
        for (int i = 0; i < 10; i++) {
            Offer offer = busy.lastOffer();
            busy.launch(offer, Messages.task("t" + i, offer, "cpus:1"));
            busy.acknowledge(worker.update(busy.id(), "t" + i, TaskState.TASK_FINISHED));
        }
        Response.GetTasks shown = small.operator(Views.call(org.tepui.v1.master.Call.Type.GET_TASKS))
                .response(Response.class)
                .getGetTasks();
        assertThat(shown.getCompletedTasksList())
                .extracting(task -> task.getTaskId().getValue())
                .containsExactly("t7", "t8", "t9");
        assertThat(small.metric("master/tasks_finished")).isEqualTo(10);
    }

    @Test
    void showsRolesWithWhatIsInThem() {
        assertThat(get(org.tepui.v1.master.Call.Type.GET_ROLES).getGetRoles().getRolesList())
                .singleElement()
                .satisfies(role -> {
                    assertThat(role.getName()).isEqualTo("*");
                    assertThat(role.getFrameworksList()).containsExactly(scheduler.id());
                    assertThat(role.getResourcesList())
                            .anySatisfy(
                                    r -> assertThat(r.getScalar().getValue()).isEqualTo(4.0));
                });
    }

    @Test
    void showsItself() {
        Response.GetMaster shown = get(org.tepui.v1.master.Call.Type.GET_MASTER).getGetMaster();
        assertThat(shown.getMasterInfo().getId()).isEqualTo(master.master.masterId());
        assertThat(shown.getMasterInfo().getPid()).isEqualTo("master@127.0.0.1:5050");
        assertThat(shown.getStartTime()).isPositive();
        assertThat(get(org.tepui.v1.master.Call.Type.GET_METRICS)
                        .getGetMetrics()
                        .getMetricsList())
                .anySatisfy(metric -> assertThat(metric.getName()).isEqualTo("master/tasks_staging"));
    }

    @Test
    void killsATaskAsAnOperator() {
        org.tepui.proto.operator.Response response = kill("t", "").response(org.tepui.proto.operator.Response.class);
        assertThat(response.getKillTask().getFrameworkId()).isEqualTo(scheduler.id());
        assertThat(response.getKillTask().getAgentId()).isEqualTo(agent.wireId());
        assertThat(agent.received(KillTask.class)).hasSize(1);
    }

    @Test
    void saysWhyATaskCannotBeKilled() {
        assertThat(kill("unknown", "").refused().kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(kill("t", "nobody").refused().reason()).isEqualTo("There is no framework nobody");
        assertThat(kill("a/b", "").refused().kind()).isEqualTo(Kind.BAD_REQUEST);
        agent.update(scheduler.id(), "t", TaskState.TASK_FINISHED);
        assertThat(kill("t", "").refused().kind()).isEqualTo(Kind.CONFLICT);
    }

    @Test
    void asksForTheFrameworkWhereAnIdIsAmbiguous() {
        TestScheduler other = master.scheduler();
        scheduler.decline(scheduler.lastOffer(), 60);
        Offer offer = other.lastOffer();
        other.launch(offer, Messages.task("t", offer, "cpus:1"));
        assertThat(kill("t", "").refused().reason())
                .contains(scheduler.id().getValue(), other.id().getValue());
        assertThat(kill("t", other.id().getValue())
                        .response(org.tepui.proto.operator.Response.class)
                        .getKillTask()
                        .getFrameworkId())
                .isEqualTo(other.id());
    }

    @Test
    void showsOffersAndCapacity() {
        org.tepui.proto.operator.Response offers = master.operator(
                        Call.newBuilder().setType(Call.Type.GET_OFFERS).build())
                .response(org.tepui.proto.operator.Response.class);
        assertThat(offers.getGetOffers().getOffersList()).containsExactly(scheduler.lastOffer());
        org.tepui.proto.operator.Response capacity = master.operator(
                        Call.newBuilder().setType(Call.Type.GET_CAPACITY).build())
                .response(org.tepui.proto.operator.Response.class);
        assertThat(capacity.getGetCapacity().getAgentsList()).singleElement().satisfies(shown -> {
            assertThat(shown.getHostname()).isEqualTo(agent.info.getHostname());
            assertThat(shown.getTotal(0).getScalar().getValue()).isEqualTo(4.0);
            assertThat(shown.getFreeList()).isEmpty();
        });
        assertThat(master.operator(Call.getDefaultInstance()).refused().kind()).isEqualTo(Kind.NOT_IMPLEMENTED);
    }
}
