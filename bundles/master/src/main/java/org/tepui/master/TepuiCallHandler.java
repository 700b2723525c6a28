// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.List;
import java.util.Optional;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.TaskId;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.operator.Call;
import org.tepui.proto.operator.Response;
import org.tepui.transport.Exchange;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.KillPolicy;
import org.tepui.v1.TaskID;

/** Tepui's own calls: what operators need and the v1 API has no call for. */
final class TepuiCallHandler {
    private final MasterContext context;
    private final Agents agents;
    private final Frameworks frameworks;
    private final OfferManager offers;
    private final TaskManager tasks;
    private final AllocatorCalls allocators;

    TepuiCallHandler(Managers managers) {
        this.context = managers.context();
        this.agents = managers.agents();
        this.frameworks = managers.frameworks();
        this.offers = managers.offers();
        this.tasks = managers.tasks();
        this.allocators = new AllocatorCalls(managers.slot().policies());
    }

    void handle(Call call, Exchange exchange) {
        context.figures().operatorCalls.increment();
        try {
            switch (call.getType()) {
                case KILL_TASK -> kill(call.getKillTask(), exchange);
                case GET_OFFERS -> exchange.reply(offers());
                case GET_CAPACITY -> exchange.reply(capacity(call.getGetCapacity()));
                case USE_ALLOCATOR -> allocators.use(call.getUseAllocator(), exchange);
                case GET_ALLOCATORS -> exchange.reply(allocators.list());
                case GET_ALLOCATOR_STATUS -> exchange.reply(allocators.status());
                default -> exchange.refuse(Kind.NOT_IMPLEMENTED, "Call " + call.getType() + " is not supported");
            }
        } catch (IllegalArgumentException e) {
            exchange.refuse(Kind.BAD_REQUEST, "Invalid call: " + e.getMessage());
        }
    }

    private void kill(Call.KillTask call, Exchange exchange) {
        TaskId task = new TaskId(call.getTaskId().getValue());
        List<FrameworkEntry> owners;
        if (call.hasFrameworkId()) {
            FrameworkId id = new FrameworkId(call.getFrameworkId().getValue());
            owners = frameworks.find(id).stream().toList();
            if (owners.isEmpty()) {
                exchange.refuse(Kind.NOT_FOUND, "There is no framework " + id);
                return;
            }
        } else {
            owners = frameworks.all().stream()
                    .filter(framework -> framework.tasks.containsKey(task))
                    .toList();
        }
        if (owners.size() > 1) {
            exchange.refuse(
                    Kind.CONFLICT,
                    "Several frameworks have a task " + task + ", name one of them: "
                            + owners.stream().map(owner -> owner.id.value()).toList());
            return;
        }
        Optional<TaskEntry> found = owners.stream()
                .flatMap(owner -> Optional.ofNullable(owner.tasks.get(task)).stream())
                .findFirst();
        if (found.isEmpty()) {
            exchange.refuse(Kind.NOT_FOUND, "There is no task " + task + unreachable(owners, task));
            return;
        }
        kill(owners.get(0), found.get(), call, exchange);
    }

    private void kill(FrameworkEntry owner, TaskEntry task, Call.KillTask call, Exchange exchange) {
        if (task.state().isTerminal()) {
            exchange.refuse(Kind.CONFLICT, "Task " + task.key.task() + " has ended: it is " + task.state());
            return;
        }
        Optional<KillPolicy> policy = call.hasKillPolicy() ? Optional.of(call.getKillPolicy()) : Optional.empty();
        tasks.kill(owner, task.key.task(), Optional.empty(), policy);
        exchange.reply(Response.newBuilder()
                .setType(Call.Type.KILL_TASK)
                .setKillTask(Response.KillTask.newBuilder()
                        .setFrameworkId(FrameworkID.newBuilder().setValue(owner.id.value()))
                        .setTaskId(TaskID.newBuilder().setValue(task.key.task().value()))
                        .setAgentId(IdConversion.toWire(task.agent)))
                .build());
    }

    private static String unreachable(List<FrameworkEntry> owners, TaskId task) {
        return owners.stream().anyMatch(owner -> owner.unreachableTasks.containsKey(task))
                ? " that can be reached: its agent is unreachable"
                : "";
    }

    private Response offers() {
        Response.GetOffers.Builder answer = Response.GetOffers.newBuilder();
        offers.all().forEach(offer -> answer.addOffers(offer.message));
        return Response.newBuilder()
                .setType(Call.Type.GET_OFFERS)
                .setGetOffers(answer)
                .build();
    }

    private Response capacity(Call.GetCapacity call) {
        Role role = call.hasRole() ? new Role(call.getRole()) : Role.ANY;
        Response.GetCapacity.Builder answer = Response.GetCapacity.newBuilder();
        agents.all().stream()
                .filter(AgentEntry::isActive)
                .forEach(agent -> answer.addAgents(Response.AgentCapacity.newBuilder()
                        .setAgentId(IdConversion.toWire(agent.id))
                        .setHostname(agent.info.getHostname())
                        .addAllTotal(WireResources.of(agent.total.allocatableTo(role)))
                        .addAllFree(WireResources.of(agent.free().allocatableTo(role)))));
        return Response.newBuilder()
                .setType(Call.Type.GET_CAPACITY)
                .setGetCapacity(answer)
                .build();
    }
}
