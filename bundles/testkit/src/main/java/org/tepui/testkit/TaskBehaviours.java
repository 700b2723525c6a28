// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.Preemption;
import org.tepui.allocator.TaskProfile;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.TaskId;
import org.tepui.api.resources.Resources;

/** Tasks are told besides what they hold: that is allocated already and comes back by itself. */
abstract class TaskBehaviours extends PolicyPart {
    private static final Role A = new Role("a");

    private static TaskProfile task(Allocation offer, String id, Resources resources) {
        return new TaskProfile(
                offer.framework(), new TaskId(id), offer.agent(), offer.role(), resources, 0, Duration.ZERO);
    }

    @Test
    void countsWhatATaskHoldsOnce() {
        FrameworkId framework = cluster.addFramework("f1", "a");
        AgentId agent = cluster.addAgent("s1", AGENT);
        Allocation offer = cluster.offer();
        Resources used = cluster.accept(offer, "cpus:1;mem:24", Duration.ZERO);
        cluster.addTask(task(offer, "t1", used));
        cluster.advance(ROUND);
        assertThat(cluster.offer().resources().unallocate()).isEqualTo(Resources.parse("cpus:1;mem:1000;ports:[1-10]"));

        cluster.removeTask(new TaskId("t1"));
        cluster.advance(ROUND);
        assertThat(cluster.offers()).isEmpty();
        cluster.finish(framework, agent, used);
        assertThat(cluster.offer().resources()).isEqualTo(used);
    }

    @Test
    void takesTheEndOfATaskAfterItsResourcesToo() {
        FrameworkId framework = cluster.addFramework("f1", "a");
        AgentId agent = cluster.addAgent("s1", AGENT);
        Allocation offer = cluster.offer();
        cluster.addTask(task(offer, "t1", offer.resources()));
        cluster.finish(framework, agent, offer.resources());
        cluster.removeTask(new TaskId("t1"));

        assertThat(cluster.offer().resources()).isEqualTo(offer.resources());
    }

    @Test
    void losesTasksWithTheirAgent() {
        FrameworkId framework = cluster.addFramework("f1", "a");
        AgentId agent = cluster.addAgent("s1", AGENT);
        Allocation offer = cluster.offer();
        cluster.addTask(task(offer, "t1", offer.resources()));
        cluster.removeAgent(agent);
        cluster.removeTask(new TaskId("t1"));
        cluster.addAgent("s1", AGENT);

        assertThat(cluster.offer().resources()).isEqualTo(offer.resources());
        assertThat(cluster.offers()).isEmpty();
        assertThat(cluster.heldBy(framework)).isEqualTo(Resources.parse(AGENT));
        assertThat(cluster.allocator().planPreemptions()).isEmpty();
    }

    @Test
    void toleratesTasksThatItDoesNotKnow() {
        FrameworkId nobody = new FrameworkId("nobody");
        cluster.allocator().removeTask(nobody, new AgentId("nowhere"), new TaskId("none"));
        AgentId agent = cluster.addAgent("s1", AGENT);
        cluster.allocator().removeTask(nobody, agent, new TaskId("none"));
        cluster.addFramework("f1", "a");

        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void takesTasksOfFrameworksThatComeLater() {
        FrameworkId framework = new FrameworkId("f1");
        Resources used = Resources.parse("cpus:1;mem:100").allocate(A);
        AgentId agent = cluster.addAgent(AllocatorFixture.agentProfile("s1", AGENT), Map.of(framework, used));
        cluster.addTask(new TaskProfile(framework, new TaskId("t1"), agent, A, used, 3, Duration.ofHours(2)));
        cluster.addFramework("f1", "a");
        assertThat(cluster.offer().resources().unallocate()).isEqualTo(Resources.parse("cpus:1;mem:924;ports:[1-10]"));

        cluster.removeTask(new TaskId("t1"));
        cluster.finish(framework, agent, used);
        assertThat(cluster.offer().resources()).isEqualTo(used);
    }

    /** Whatever a policy would end is there, and asking it changes nothing. */
    @Test
    void plansToEndTasksThatRunOnly() {
        AllocatorWorkload workload = new AllocatorWorkload(cluster, 11, policy().keepsQuotas());
        for (int step = 0; step < 2_000; step++) {
            workload.step(step);
            if (step % 20 == 0) {
                cluster.tell(this::checkPlan);
            }
        }
    }

    private void checkPlan() {
        for (Preemption preemption : cluster.allocator().planPreemptions()) {
            assertThat(cluster.books().tasks())
                    .as("running tasks, for %s", preemption)
                    .anyMatch(task -> task.task().equals(preemption.task())
                            && task.framework().equals(preemption.framework())
                            && task.agent().equals(preemption.agent()));
        }
    }
}
