// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.validation;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.tepui.v1.AgentID;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.OfferID;
import org.tepui.v1.scheduler.Call;

/**
 * Whether a call of a scheduler is well formed, before it is looked at in the light of what the master knows. What
 * fails here is answered with 400 and changes nothing.
 *
 * <p>Checked are: required fields; the type and the arguments of the type; the framework's id, which every call but
 * SUBSCRIBE has and which SUBSCRIBE and UPDATE_FRAMEWORK have twice or not at all; uuids, which have 16 bytes; and
 * the ids that name something the master should know.
 *
 * <p>Not checked are the operations of ACCEPT: a task that is described wrongly gives TASK_ERROR for that task
 * alone. A list of offers may be empty: ACCEPT without offers loses its tasks, and DECLINE without offers does nothing.
 */
public final class SchedulerCalls {
    private static final int UUID_BYTES = 16;
    private static final CallShape SHAPE = new CallShape(Call.getDescriptor(), Set.of("REVIVE", "SUPPRESS"));

    private SchedulerCalls() {}

    /** What is wrong with the call, or nothing. A call of type UNKNOWN passes: it is answered as not implemented. */
    public static Optional<String> validate(Call call) {
        Optional<String> problem = SHAPE.problem(call);
        if (problem.isEmpty()) {
            problem = frameworkId(call);
        }
        return problem.isPresent() ? problem : arguments(call);
    }

    private static Optional<String> frameworkId(Call call) {
        if (call.getType() == Call.Type.SUBSCRIBE) {
            FrameworkInfo info = call.getSubscribe().getFrameworkInfo();
            return sameId(call, info, "subscribe");
        }
        if (!call.hasFrameworkId()) {
            return CallShape.expecting("framework_id");
        }
        if (call.getType() == Call.Type.UPDATE_FRAMEWORK) {
            return sameId(call, call.getUpdateFramework().getFrameworkInfo(), "update_framework");
        }
        return IdRules.problem(call.getFrameworkId());
    }

    private static Optional<String> sameId(Call call, FrameworkInfo info, String argument) {
        // an empty id counts as none, as clients send it
        FrameworkID outer = call.getFrameworkId();
        if (!outer.getValue().equals(info.getId().getValue())) {
            return Optional.of("'framework_id' differs from '" + argument + ".framework_info.id'");
        }
        return outer.getValue().isEmpty() && call.getType() == Call.Type.SUBSCRIBE
                ? Optional.empty()
                : IdRules.problem(outer);
    }

    private static Optional<String> arguments(Call call) {
        return switch (call.getType()) {
            case ACCEPT -> offers(call.getAccept().getOfferIdsList());
            case DECLINE -> offers(call.getDecline().getOfferIdsList());
            case ACCEPT_INVERSE_OFFERS -> offers(call.getAcceptInverseOffers().getInverseOfferIdsList());
            case DECLINE_INVERSE_OFFERS -> offers(call.getDeclineInverseOffers().getInverseOfferIdsList());
            case KILL -> kill(call.getKill());
            case SHUTDOWN ->
                first(
                        IdRules.problem(call.getShutdown().getExecutorId()),
                        IdRules.problem(call.getShutdown().getAgentId()));
            case ACKNOWLEDGE -> acknowledge(call.getAcknowledge());
            case ACKNOWLEDGE_OPERATION_STATUS -> acknowledge(call.getAcknowledgeOperationStatus());
            case RECONCILE -> each(call.getReconcile().getTasksList(), SchedulerCalls::reconcile);
            case RECONCILE_OPERATIONS ->
                each(
                        call.getReconcileOperations().getOperationsList(),
                        operation -> optional(operation.hasAgentId(), operation.getAgentId()));
            case MESSAGE ->
                first(
                        IdRules.problem(call.getMessage().getAgentId()),
                        IdRules.problem(call.getMessage().getExecutorId()));
            default -> Optional.empty();
        };
    }

    private static Optional<String> offers(List<OfferID> ids) {
        return each(ids, IdRules::problem);
    }

    private static Optional<String> kill(Call.Kill kill) {
        Optional<String> problem =
                first(IdRules.problem(kill.getTaskId()), optional(kill.hasAgentId(), kill.getAgentId()));
        long grace = kill.getKillPolicy().getGracePeriod().getNanoseconds();
        return problem.isPresent() || grace >= 0
                ? problem
                : Optional.of("'kill.kill_policy.grace_period' is " + grace + " ns: 0 or more is allowed");
    }

    private static Optional<String> acknowledge(Call.Acknowledge acknowledge) {
        return first(
                IdRules.problem(acknowledge.getAgentId()),
                first(IdRules.problem(acknowledge.getTaskId()), uuid(acknowledge.getUuid())));
    }

    private static Optional<String> acknowledge(Call.AcknowledgeOperationStatus acknowledge) {
        if (acknowledge.hasResourceProviderId() && !acknowledge.hasAgentId()) {
            return CallShape.expecting("agent_id");
        }
        return first(optional(acknowledge.hasAgentId(), acknowledge.getAgentId()), uuid(acknowledge.getUuid()));
    }

    private static Optional<String> reconcile(Call.Reconcile.Task task) {
        return first(IdRules.problem(task.getTaskId()), optional(task.hasAgentId(), task.getAgentId()));
    }

    private static Optional<String> optional(boolean present, AgentID id) {
        return present ? IdRules.problem(id) : Optional.empty();
    }

    private static Optional<String> uuid(ByteString uuid) {
        return uuid.size() == UUID_BYTES
                ? Optional.empty()
                : Optional.of("'uuid' has " + uuid.size() + " bytes: " + UUID_BYTES + " are expected");
    }

    private static Optional<String> first(Optional<String> one, Optional<String> other) {
        return one.isPresent() ? one : other;
    }

    private static <T> Optional<String> each(List<T> values, Function<T, Optional<String>> check) {
        for (T value : values) {
            Optional<String> problem = check.apply(value);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }
}
