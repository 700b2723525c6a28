// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.proto.internal.RunTasks;
import org.tepui.proto.internal.StatusUpdateAcknowledgements;
import org.tepui.v1.CommandInfo;
import org.tepui.v1.Offer;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskState;
import org.tepui.v1.TaskStatus;

class LaunchTest {
    private TestMaster master;
    private TestAgent agent;
    private TestScheduler scheduler;

    @BeforeEach
    void cluster() {
        master = TestMaster.started();
        agent = master.agent("cpus:4;mem:1024;ports:[31000-31009]");
        scheduler = master.scheduler();
    }

    @Test
    void offersWhatAnAgentHas() {
        Offer offer = scheduler.lastOffer();
        assertThat(offer.getId().getValue()).isEqualTo(master.master.masterId() + "-O0");
        assertThat(offer.getAgentId()).isEqualTo(agent.wireId());
        assertThat(offer.getHostname()).isEqualTo(agent.info.getHostname());
        assertThat(offer.getUrl().getAddress().getHostname()).isEqualTo(agent.info.getHostname());
        assertThat(offer.getUrl().getAddress().getIp()).isEqualTo("127.0.0.1");
        assertThat(offer.getFrameworkId()).isEqualTo(scheduler.id());
        assertThat(offer.getAllocationInfo().getRole()).isEqualTo("*");
        assertThat(ResourceConversion.toApi(offer.getResourcesList()).unallocate())
                .isEqualTo(Resources.parse("cpus:4;mem:1024;ports:[31000-31009]"));
        assertThat(offer.getResourcesList())
                .allMatch(r -> r.getAllocationInfo().getRole().equals("*"));
    }

    @Test
    void countsWhatAgentsHaveAndTasksHold() {
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:1;mem:32"));
        org.tepui.v1.master.Call call = org.tepui.v1.master.Call.newBuilder()
                .setType(org.tepui.v1.master.Call.Type.GET_METRICS)
                .setGetMetrics(org.tepui.v1.master.Call.GetMetrics.getDefaultInstance())
                .build();
        assertThat(master.operator(call)
                        .response(org.tepui.v1.master.Response.class)
                        .getGetMetrics()
                        .getMetricsList())
                .extracting(org.tepui.v1.Metric::getName, org.tepui.v1.Metric::getValue)
                .contains(tuple("master/cpus_total", 4.0), tuple("master/cpus_used", 1.0))
                .contains(tuple("master/cpus_percent", 0.25), tuple("master/mem_percent", 0.03125))
                .contains(tuple("master/disk_total", 0.0), tuple("master/disk_percent", 0.0));
    }

    @Test
    void runsATaskToItsEnd() {
        Offer offer = scheduler.lastOffer();
        assertThat(scheduler.launch(offer, Messages.task("t", offer, "cpus:1;mem:32")).accepted)
                .isTrue();
        assertThat(agent.launched("t").getResourcesList())
                .allMatch(r -> r.getAllocationInfo().getRole().equals("*"));
        assertThat(master.metric("master/tasks_staging")).isEqualTo(1);

        TaskStatus running = agent.update(scheduler.id(), "t", TaskState.TASK_RUNNING);
        scheduler.acknowledge(running);
        assertThat(master.metric("master/tasks_running")).isEqualTo(1);
        TaskStatus finished = agent.update(scheduler.id(), "t", TaskState.TASK_FINISHED);
        scheduler.acknowledge(finished);

        assertThat(scheduler.updates()).containsExactly(running, finished);
        assertThat(agent.received(StatusUpdateAcknowledgements.class))
                .extracting(a -> a.getAcknowledgements(0).getUuid())
                .containsExactly(running.getUuid(), finished.getUuid());
        assertThat(master.metric("master/tasks_running")).isZero();
        assertThat(master.metric("master/tasks_finished")).isEqualTo(1);
    }

    @Test
    void launchesTheTasksOfOneCallInOneMessage() {
        Offer offer = scheduler.lastOffer();
        scheduler.launch(
                offer,
                Messages.task("a", offer, "cpus:1"),
                Messages.task("b", offer, "cpus:1"),
                Messages.task("c", offer, "cpus:2"));
        assertThat(agent.received(RunTasks.class)).hasSize(1);
        assertThat(agent.launched()).containsOnlyKeys("a", "b", "c");
    }

    @Test
    void sendsLargeTasksInSeveralMessages() {
        Offer offer = scheduler.lastOffer();
        TaskInfo[] tasks = IntStream.range(0, 10)
                .mapToObj(i -> Messages.task("t" + i, offer, "cpus:0.1").toBuilder()
                        .setCommand(CommandInfo.newBuilder().setValue("x".repeat(500_000)))
                        .build())
                .toArray(TaskInfo[]::new);
        scheduler.launch(offer, tasks);
        assertThat(agent.launched()).hasSize(10);
        assertThat(agent.received(RunTasks.class))
                .hasSizeGreaterThan(2)
                .allMatch(message -> message.getSerializedSize() < 4 << 20);
    }

    @Test
    void offersWhatATaskHeldOnceItsAgentKnowsThatItEnded() {
        Offer offer = scheduler.lastOffer();
        scheduler.accept(List.of(offer), 0, Messages.task("t", offer, "cpus:4"));
        int before = scheduler.offers().size();
        agent.update(scheduler.id(), "t", TaskState.TASK_RUNNING, TaskState.TASK_FINISHED);
        assertThat(scheduler.offers()).hasSizeGreaterThan(before);
        assertThat(ResourceConversion.toApi(scheduler.lastOffer().getResourcesList())
                        .thousandths("cpus"))
                .isEqualTo(4000);
    }
}
