// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.Preemption;
import org.tepui.allocator.ResourceRequest;
import org.tepui.allocator.TaskProfile;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.TaskId;
import org.tepui.api.resources.Resources;
import org.tepui.testkit.AllocatorFixture;

/** A cluster whose tasks the policy may end, and the master's books of them. */
final class PreemptingCluster {
    static final Duration LONG = Duration.ofHours(1);

    final AllocatorFixture fixture;
    final Map<String, TaskProfile> tasks = new LinkedHashMap<>();
    private int seen;

    PreemptingCluster(String... settings) {
        Map<String, String> configuration = new HashMap<>(Map.of(
                "classes",
                "prod:1000,batch:100,test:100,scrap:1",
                "preemption",
                "on",
                "preemption.wait",
                "10s",
                "preemption.interval",
                "1s",
                "preemption.grace",
                "5s"));
        for (int i = 0; i < settings.length; i += 2) {
            configuration.put(settings[i], settings[i + 1]);
        }
        fixture = new AllocatorFixture(new PriorityAllocatorFactory(), configuration, 1);
    }

    /** Adds an agent that is full of tasks, named like their frameworks with a number: {@code batch1 cpus:2 0}. */
    AgentId addAgent(String name, String total, String... launched) {
        Map<FrameworkId, Resources> used = new LinkedHashMap<>();
        List<TaskProfile> profiles = new ArrayList<>();
        for (String text : launched) {
            String[] parts = text.split(" ", -1);
            Role role = new Role(parts[0].replaceAll("[0-9]+$", ""));
            FrameworkId framework = new FrameworkId("f-" + role.name().replace('/', '-'));
            Resources resources = Resources.parse(parts[1]).allocate(role);
            used.merge(framework, resources, Resources::add);
            profiles.add(new TaskProfile(
                    framework,
                    new TaskId(parts[0].replace('/', '-')),
                    new AgentId(name),
                    role,
                    resources,
                    parts.length > 3 ? Integer.parseInt(parts[3]) : 0,
                    Duration.ofSeconds(parts.length > 2 ? Long.parseLong(parts[2]) : 0)));
        }
        AgentId agent = fixture.addAgent(AllocatorFixture.agentProfile(name, total), used);
        profiles.forEach(task -> {
            tasks.put(task.task().value(), task);
            fixture.allocator().addTask(task);
        });
        return agent;
    }

    /** Adds a framework that asks for resources, anywhere. */
    FrameworkId addWaiting(String name, String role, String... wanted) {
        FrameworkId framework = fixture.addFramework(name, role);
        List<ResourceRequest> requests = new ArrayList<>();
        for (String text : wanted) {
            requests.add(new ResourceRequest(null, Resources.parse(text)));
        }
        fixture.allocator().requestResources(framework, requests);
        return framework;
    }

    /** Launches a task on all of an offer. */
    void launch(String name, Allocation offer) {
        TaskProfile task = new TaskProfile(
                offer.framework(), new TaskId(name), offer.agent(), offer.role(), offer.resources(), 0, Duration.ZERO);
        tasks.put(name, task);
        fixture.allocator().addTask(task);
    }

    /** Ends a task, as the master tells of it. */
    void end(String name) {
        TaskProfile task = Objects.requireNonNull(tasks.remove(name), name);
        fixture.allocator().removeTask(task.framework(), task.agent(), task.task());
        fixture.finish(task.framework(), task.agent(), task.resources());
    }

    void advance(int seconds) {
        fixture.advance(Duration.ofSeconds(seconds));
    }

    /** What would be preempted now. */
    List<String> planned() {
        return names(fixture.allocator().planPreemptions());
    }

    /** What was preempted since this was asked last. */
    List<Preemption> preempted() {
        List<Preemption> all = fixture.context().preempted();
        List<Preemption> fresh = all.subList(seen, all.size());
        seen = all.size();
        return fresh;
    }

    static List<String> names(List<Preemption> preemptions) {
        return preemptions.stream().map(one -> one.task().value()).toList();
    }

    /** Who was offered what since this was asked last, in words. */
    List<String> offers() {
        List<String> offers = new ArrayList<>();
        for (Allocation offer : fixture.offers()) {
            offers.add(offer.framework() + " " + offer.agent() + " "
                    + offer.resources().unallocate());
        }
        return offers;
    }
}
