// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.Role;
import org.tepui.api.TaskId;
import org.tepui.api.TaskState;
import org.tepui.api.resources.Resources;
import org.tepui.v1.Offer;
import org.tepui.v1.OfferID;
import org.tepui.v1.Resource;
import org.tepui.v1.Task;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskStatus;
import org.tepui.v1.scheduler.Call;

/**
 * Turns accepted offers into tasks. The offers of one call form one pool; its operations draw on it in order, each task
 * is looked at for itself, and what is left goes back to the policy with the filter of the call.
 */
final class OfferAcceptance {
    private static final Logger log = LoggerFactory.getLogger(OfferAcceptance.class);

    /** LAUNCH_GROUP is answered for each of its tasks. */
    private static final Set<Offer.Operation.Type> BUILT = EnumSet.of(
            Offer.Operation.Type.LAUNCH,
            Offer.Operation.Type.LAUNCH_GROUP,
            Offer.Operation.Type.RESERVE,
            Offer.Operation.Type.UNRESERVE);

    private final MasterContext context;
    private final OfferManager offers;
    private final TaskManager tasks;
    private final AllocatorSlot slot;
    private final Reserver reserver;

    OfferAcceptance(
            MasterContext context, OfferManager offers, TaskManager tasks, AllocatorSlot slot, Reserver reserver) {
        this.reserver = reserver;
        this.context = context;
        this.offers = offers;
        this.tasks = tasks;
        this.slot = slot;
    }

    /** The first operation of a call that is not built, by name: then nothing of the call is done. */
    static Optional<String> unsupportedOperation(Call.Accept call) {
        return call.getOperationsList().stream()
                .filter(operation -> !BUILT.contains(operation.getType()))
                .findFirst()
                .map(operation -> "Offer operation " + operation.getType() + " is not supported");
    }

    /** Launches what can be launched and tells the scheduler of the rest. */
    void accept(FrameworkEntry framework, Call.Accept call) {
        List<OfferEntry> accepted = new ArrayList<>();
        Optional<String> problem = collect(framework, call.getOfferIdsList(), accepted);
        if (problem.isPresent()) {
            log.info("Framework {} accepts invalid offers: {}", framework.id, problem.get());
            drop(framework, call, accepted, problem.get());
            return;
        }
        AgentEntry agent = accepted.get(0).agent;
        Role role = accepted.get(0).role;
        Resources pool = Resources.empty();
        for (OfferEntry offer : accepted) {
            offers.remove(offer, OfferState.ACCEPTED);
            pool = pool.add(offer.resources);
        }
        for (Offer.Operation operation : call.getOperationsList()) {
            switch (operation.getType()) {
                case LAUNCH ->
                    pool = launch(framework, agent, role, operation.getLaunch().getTaskInfosList(), pool);
                case RESERVE, UNRESERVE -> pool = reserver.accept(framework, agent, role, operation, pool);
                default -> refuseGroup(framework, operation.getLaunchGroup());
            }
        }
        if (!pool.isEmpty()) {
            Duration refuse = OfferManager.refusal(call.getFilters());
            slot.declined(framework, agent, role, pool, Optional.of(refuse));
        }
    }

    /** Finds the offers of a call; those that are good are added whatever is wrong with the others. */
    private Optional<String> collect(FrameworkEntry framework, List<OfferID> ids, List<OfferEntry> found) {
        String problem = ids.isEmpty() ? "No offers specified" : null;
        Set<String> seen = new HashSet<>();
        for (OfferID id : ids) {
            Optional<OfferEntry> offer = offers.find(id.getValue()).filter(o -> o.framework == framework);
            if (!seen.add(id.getValue())) {
                problem = "Duplicate offer " + id.getValue() + " in offer list";
            } else if (offer.isEmpty()) {
                problem = "Offer " + FrameworkRules.shown(id.getValue()) + " is no longer valid";
            } else {
                found.add(offer.get());
            }
        }
        if (problem == null && found.stream().anyMatch(offer -> offer.agent != found.get(0).agent)) {
            problem = "Offers are of several agents";
        }
        if (problem == null && found.stream().anyMatch(offer -> !offer.role.equals(found.get(0).role))) {
            problem = "Offers are for several roles";
        }
        return Optional.ofNullable(problem);
    }

    /** The offers are used up although they launch nothing; each task is reported as never started. */
    private void drop(FrameworkEntry framework, Call.Accept call, List<OfferEntry> found, String problem) {
        for (OfferEntry offer : found) {
            offers.remove(offer, OfferState.DECLINED);
            slot.declined(framework, offer.agent, offer.role, offer.resources, Optional.empty());
        }
        for (Offer.Operation operation : call.getOperationsList()) {
            for (TaskInfo task : launched(operation)) {
                refuse(
                        framework,
                        task,
                        TaskState.DROPPED,
                        TaskStatus.Reason.REASON_INVALID_OFFERS,
                        "Task launched with invalid offers: " + problem);
            }
        }
    }

    private static List<TaskInfo> launched(Offer.Operation operation) {
        return operation.getType() == Offer.Operation.Type.LAUNCH
                ? operation.getLaunch().getTaskInfosList()
                : operation.getLaunchGroup().getTaskGroup().getTasksList();
    }

    private Resources launch(
            FrameworkEntry framework, AgentEntry agent, Role role, List<TaskInfo> infos, Resources pool) {
        Resources left = pool;
        for (TaskInfo info : infos) {
            TaskRules.Verdict verdict = TaskRules.check(info, framework, agent, role, left);
            if (verdict.problem().isPresent()) {
                refuse(
                        framework,
                        info,
                        TaskState.ERROR,
                        TaskStatus.Reason.REASON_TASK_INVALID,
                        verdict.problem().get());
                continue;
            }
            left = left.subtract(verdict.resources());
            start(framework, agent, role, allocated(info, role), verdict.resources());
        }
        return left;
    }

    private void start(FrameworkEntry framework, AgentEntry agent, Role role, TaskInfo info, Resources resources) {
        TaskKey key = new TaskKey(framework.id, new TaskId(info.getTaskId().getValue()));
        TaskEntry task = new TaskEntry(key, agent.id, role, resources, describe(framework, info), TaskState.STAGING);
        tasks.add(framework, agent, task);
        slot.taskAdded(task);
        agent.openLink().ifPresent(link -> link.launch(framework.id, framework.info, info));
    }

    /** The same task with each resource allocated to the role of the offer, where the scheduler left that out. */
    private static TaskInfo allocated(TaskInfo info, Role role) {
        if (info.getResourcesList().stream().allMatch(Resource::hasAllocationInfo)) {
            return info;
        }
        TaskInfo.Builder task = info.toBuilder();
        task.getResourcesBuilderList()
                .forEach(resource -> resource.getAllocationInfoBuilder().setRole(role.name()));
        return task.build();
    }

    private static Task describe(FrameworkEntry framework, TaskInfo info) {
        Task.Builder task = Task.newBuilder()
                .setName(info.getName())
                .setTaskId(info.getTaskId())
                .setFrameworkId(framework.info.getId())
                .setAgentId(info.getAgentId())
                .setState(org.tepui.v1.TaskState.TASK_STAGING)
                .addAllResources(info.getResourcesList())
                .setUser(info.getCommand().hasUser() ? info.getCommand().getUser() : framework.info.getUser());
        if (info.hasLabels()) {
            task.setLabels(info.getLabels());
        }
        if (info.hasDiscovery()) {
            task.setDiscovery(info.getDiscovery());
        }
        if (info.hasKillPolicy()) {
            task.setKillPolicy(info.getKillPolicy());
        }
        return task.build();
    }

    private void refuseGroup(FrameworkEntry framework, Offer.Operation.LaunchGroup group) {
        for (TaskInfo task : group.getTaskGroup().getTasksList()) {
            refuse(
                    framework,
                    task,
                    TaskState.ERROR,
                    TaskStatus.Reason.REASON_TASK_GROUP_INVALID,
                    "Offer operation LAUNCH_GROUP is not supported");
        }
    }

    private void refuse(
            FrameworkEntry framework, TaskInfo task, TaskState state, TaskStatus.Reason reason, String message) {
        context.figures().tasks.entered(state);
        tasks.tell(framework, context.statuses().refused(task, state, framework.partitionAware, reason, message));
    }
}
