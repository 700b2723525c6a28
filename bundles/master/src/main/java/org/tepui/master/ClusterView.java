// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tepui.api.Role;
import org.tepui.api.resources.Resource;
import org.tepui.api.resources.Resources;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.TimeInfo;
import org.tepui.v1.master.Response;

/**
 * The books as the v1 operator API shows them. Each answer is made anew and belongs to the caller; its cost grows with
 * what it shows.
 */
final class ClusterView {
    private final Agents agents;
    private final Frameworks frameworks;
    private final RoleSettings settings;

    ClusterView(Agents agents, Frameworks frameworks, RoleSettings settings) {
        this.settings = settings;
        this.agents = agents;
        this.frameworks = frameworks;
    }

    Response.GetState state() {
        return Response.GetState.newBuilder()
                .setGetTasks(tasks())
                .setGetExecutors(Response.GetExecutors.getDefaultInstance())
                .setGetFrameworks(frameworks())
                .setGetAgents(agents())
                .build();
    }

    Response.GetAgents agents() {
        Response.GetAgents.Builder answer = Response.GetAgents.newBuilder();
        for (AgentEntry agent : agents.all()) {
            if (agent.state().inBooks()) {
                answer.addAgents(agent(agent));
            } else if (agent.state() == AgentState.RECOVERED) {
                answer.addRecoveredAgents(agent.info);
            }
        }
        return answer.build();
    }

    private static Response.GetAgents.Agent agent(AgentEntry agent) {
        Response.GetAgents.Agent.Builder answer = Response.GetAgents.Agent.newBuilder()
                .setAgentInfo(agent.info)
                .setActive(agent.isActive())
                .setDeactivated(false)
                .setVersion(agent.version)
                .setPid("slave(1)@" + Agents.address(agent))
                .addAllTotalResources(WireResources.of(agent.total))
                .addAllAllocatedResources(WireResources.of(allocated(agent.tasks.values())))
                .addAllOfferedResources(WireResources.of(offered(agent.offers.values())))
                .addAllCapabilities(agent.capabilities);
        ifTime(agent.registeredTime, answer::setRegisteredTime);
        ifTime(agent.reregisteredTime, answer::setReregisteredTime);
        return answer.build();
    }

    Response.GetFrameworks frameworks() {
        Response.GetFrameworks.Builder answer = Response.GetFrameworks.newBuilder();
        frameworks.all().forEach(framework -> answer.addFrameworks(framework(framework)));
        frameworks.completed().forEach(framework -> answer.addCompletedFrameworks(framework(framework)));
        return answer.build();
    }

    private static Response.GetFrameworks.Framework framework(FrameworkEntry framework) {
        Response.GetFrameworks.Framework.Builder answer = Response.GetFrameworks.Framework.newBuilder()
                .setFrameworkInfo(framework.info)
                .setActive(framework.isActive())
                .setConnected(framework.isActive())
                .setRecovered(framework.state() == FrameworkState.RECOVERED)
                .addAllAllocatedResources(WireResources.of(allocated(framework.tasks.values())))
                .addAllOfferedResources(WireResources.of(offered(framework.offers.values())));
        framework.offers.values().forEach(offer -> answer.addOffers(offer.message));
        if (framework.constraintsMessage.getRoleConstraintsCount() > 0) {
            answer.setOfferConstraints(framework.constraintsMessage);
        }
        ifTime(framework.registeredTime, answer::setRegisteredTime);
        ifTime(framework.reregisteredTime, answer::setReregisteredTime);
        ifTime(framework.unregisteredTime, answer::setUnregisteredTime);
        return answer.build();
    }

    Response.GetTasks tasks() {
        Response.GetTasks.Builder answer = Response.GetTasks.newBuilder();
        for (FrameworkEntry framework : frameworks.all()) {
            boolean aware = framework.partitionAware;
            // a task that ended is shown as completed, whether its end is acknowledged or not
            framework.tasks.values().forEach(task -> {
                if (task.state().isTerminal()) {
                    answer.addCompletedTasks(task.toTask(aware));
                } else {
                    answer.addTasks(task.toTask(aware));
                }
            });
            framework.unreachableTasks.values().forEach(task -> answer.addUnreachableTasks(task.toTask(aware)));
            framework.completedTasks.forEach(answer::addCompletedTasks);
        }
        for (FrameworkEntry framework : frameworks.completed()) {
            framework.completedTasks.forEach(answer::addCompletedTasks);
        }
        return answer.build();
    }

    /** The roles that have a framework, a quota, a weight, a reservation or anything allocated. */
    Response.GetRoles roles() {
        Map<Role, org.tepui.v1.Role.Builder> roles = new TreeMap<>();
        Map<Role, Resources> allocated = new TreeMap<>();
        for (FrameworkEntry framework : frameworks.all()) {
            for (Role role : framework.roles) {
                roles.computeIfAbsent(role, this::role)
                        .addFrameworks(FrameworkID.newBuilder().setValue(framework.id.value()));
            }
            framework.tasks.values().stream()
                    .filter(TaskEntry::charged)
                    .forEach(task -> allocated.merge(task.role, task.resources, Resources::add));
            framework.offers.values().forEach(offer -> allocated.merge(offer.role, offer.resources, Resources::add));
        }
        allocated.forEach((role, resources) ->
                roles.computeIfAbsent(role, this::role).addAllResources(WireResources.of(resources)));
        settings.quotas().byRole().keySet().forEach(role -> roles.computeIfAbsent(role, this::role));
        settings.weights().byRole().keySet().forEach(role -> roles.computeIfAbsent(role, this::role));
        for (AgentEntry agent : agents.all()) {
            for (Resource resource : agent.total.reserved()) {
                roles.computeIfAbsent(resource.identity().reservationRole(), this::role);
            }
        }
        Response.GetRoles.Builder answer = Response.GetRoles.newBuilder();
        roles.values().forEach(answer::addRoles);
        return answer.build();
    }

    private org.tepui.v1.Role.Builder role(Role role) {
        return org.tepui.v1.Role.newBuilder()
                .setName(role.name())
                .setWeight(settings.weights().of(role));
    }

    private static Resources allocated(Collection<TaskEntry> tasks) {
        return tasks.stream()
                .filter(TaskEntry::charged)
                .map(task -> task.resources.allocate(task.role))
                .reduce(Resources.empty(), Resources::add);
    }

    private static Resources offered(Collection<OfferEntry> offers) {
        return offers.stream()
                .map(offer -> offer.resources.allocate(offer.role))
                .reduce(Resources.empty(), Resources::add);
    }

    private static void ifTime(@Nullable Instant time, Consumer<TimeInfo> setter) {
        Optional.ofNullable(time).map(Statuses::time).ifPresent(setter);
    }
}
