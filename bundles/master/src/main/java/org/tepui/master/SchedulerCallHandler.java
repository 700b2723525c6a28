// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tepui.allocator.ResourceRequest;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.TaskId;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.proto.internal.ExecutorMessage;
import org.tepui.proto.validation.SchedulerCalls;
import org.tepui.transport.Connection;
import org.tepui.transport.Exchange;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.KillPolicy;
import org.tepui.v1.Request;
import org.tepui.v1.allocator.InverseOfferStatus;
import org.tepui.v1.scheduler.Call;

/**
 * The calls of schedulers, whether they came natively or over HTTP. Who speaks is checked in the order that Mesos
 * documents: is the framework known, does its principal speak, is its scheduler connected, by this means, on this
 * stream.
 */
final class SchedulerCallHandler {
    private final MasterContext context;
    private final Frameworks frameworks;
    private final Agents agents;
    private final AllocatorSlot slot;
    private final OfferManager offers;
    private final OfferAcceptance acceptance;
    private final TaskManager tasks;
    private final FrameworkManager frameworkManager;
    private final Reconciler reconciler;
    private final Maintenance maintenance;

    SchedulerCallHandler(Managers managers) {
        this.context = managers.context();
        this.frameworks = managers.frameworks();
        this.agents = managers.agents();
        this.slot = managers.slot();
        this.offers = managers.offers();
        this.tasks = managers.tasks();
        this.frameworkManager = managers.frameworkManager();
        this.acceptance = new OfferAcceptance(context, offers, tasks, slot, managers.reserver());
        this.maintenance = managers.maintenance();
        this.reconciler = new Reconciler(context, agents);
    }

    void handle(Call call, Exchange exchange) {
        Optional<String> problem = SchedulerCalls.validate(call);
        if (problem.isPresent()) {
            exchange.refuse(Kind.BAD_REQUEST, "Failed to validate scheduler::Call: " + problem.get());
            return;
        }
        context.figures().called(call.getType());
        if (call.getType() == Call.Type.SUBSCRIBE) {
            frameworkManager.subscribe(call, exchange);
            return;
        }
        FrameworkEntry framework = frameworks
                .find(new FrameworkId(call.getFrameworkId().getValue()))
                .orElse(null);
        if (framework == null) {
            context.figures().droppedMessages.increment();
            exchange.refuse(Kind.BAD_REQUEST, "Framework cannot be found");
            return;
        }
        if (isSpeaker(framework, exchange)) {
            serve(framework, call, exchange);
        } else {
            context.figures().droppedMessages.increment();
        }
    }

    /** Whether this exchange comes from the framework's scheduler; refuses it if not. */
    private static boolean isSpeaker(FrameworkEntry framework, Exchange exchange) {
        Optional<String> principal = exchange.connection().peer().principal();
        Connection connection = framework.connection;
        if (!principal.equals(framework.principal)) {
            exchange.refuse(
                    Kind.BAD_REQUEST,
                    "Authenticated principal '" + principal.orElse("") + "' does not match principal '"
                            + framework.principal.orElse("") + "' set in FrameworkInfo");
        } else if (connection == null || !framework.isActive()) {
            exchange.refuse(Kind.FORBIDDEN, "Framework is not subscribed");
        } else if (exchange.isHttp() != framework.http) {
            exchange.refuse(
                    Kind.FORBIDDEN,
                    framework.http
                            ? "Framework is connected via HTTP, not natively"
                            : "Framework is not connected via HTTP");
        } else if (!exchange.isHttp()
                && connection.id() != exchange.connection().id()) {
            exchange.refuse(Kind.FORBIDDEN, "Framework is subscribed over another connection");
        } else if (exchange.isHttp() && exchange.streamId().isEmpty()) {
            exchange.refuse(Kind.BAD_REQUEST, "All non-subscribe calls should include the 'Mesos-Stream-Id' header");
        } else if (exchange.isHttp() && !exchange.streamId().equals(framework.streamId)) {
            exchange.refuse(
                    Kind.BAD_REQUEST,
                    "The stream ID '" + FrameworkRules.shown(exchange.streamId().get())
                            + "' included in this request didn't match the stream ID currently associated with"
                            + " framework ID " + framework.id);
        } else {
            return true;
        }
        return false;
    }

    private void serve(FrameworkEntry framework, Call call, Exchange exchange) {
        switch (call.getType()) {
            case TEARDOWN -> frameworkManager.end(framework, "its scheduler tore it down", exchange::accept);
            case ACCEPT -> accept(framework, call.getAccept(), exchange);
            case KILL -> {
                exchange.accept();
                kill(framework, call.getKill());
            }
            case SHUTDOWN -> {
                exchange.accept();
                shutdown(framework, call.getShutdown());
            }
            case RECONCILE -> {
                exchange.accept();
                reconciler
                        .reconcile(framework, call.getReconcile())
                        .forEach(status -> tasks.tell(framework, status.toBuilder()));
            }
            case UPDATE_FRAMEWORK -> frameworkManager.update(framework, call.getUpdateFramework(), exchange);
            case REQUEST -> request(framework, call.getRequest(), exchange);
            case ACCEPT_INVERSE_OFFERS -> {
                exchange.accept();
                maintenance.answer(
                        framework,
                        call.getAcceptInverseOffers().getInverseOfferIdsList(),
                        call.getAcceptInverseOffers().getFilters(),
                        InverseOfferStatus.Status.ACCEPT);
            }
            case DECLINE_INVERSE_OFFERS -> {
                exchange.accept();
                maintenance.answer(
                        framework,
                        call.getDeclineInverseOffers().getInverseOfferIdsList(),
                        call.getDeclineInverseOffers().getFilters(),
                        InverseOfferStatus.Status.DECLINE);
            }
            case DECLINE, REVIVE, SUPPRESS, ACKNOWLEDGE, MESSAGE -> {
                exchange.accept();
                serveSimple(framework, call);
            }
            default -> exchange.refuse(Kind.NOT_IMPLEMENTED, "Call " + call.getType() + " is not supported");
        }
    }

    private void serveSimple(FrameworkEntry framework, Call call) {
        switch (call.getType()) {
            case DECLINE -> offers.decline(framework, call.getDecline());
            case REVIVE -> {
                Set<Role> roles = ownRoles(framework, call.getRevive().getRolesList());
                if (!roles.isEmpty()) {
                    framework.suppressedRoles.removeAll(roles);
                    slot.revived(framework, roles);
                }
            }
            case SUPPRESS -> {
                Set<Role> roles = ownRoles(framework, call.getSuppress().getRolesList());
                if (!roles.isEmpty()) {
                    framework.suppressedRoles.addAll(roles);
                    slot.suppressed(framework, roles);
                }
            }
            case ACKNOWLEDGE -> tasks.acknowledge(framework, call.getAcknowledge());
            case MESSAGE -> message(framework, call.getMessage());
            default -> throw new IllegalArgumentException("not a simple call: " + call.getType());
        }
    }

    /** The roles named that the framework has; all of its roles if none is named. */
    private static Set<Role> ownRoles(FrameworkEntry framework, List<String> named) {
        if (named.isEmpty()) {
            return framework.roles;
        }
        Set<String> names = new HashSet<>(named);
        Set<Role> roles = new TreeSet<>(framework.roles);
        roles.removeIf(role -> !names.contains(role.name()));
        return roles;
    }

    private void accept(FrameworkEntry framework, Call.Accept call, Exchange exchange) {
        Optional<String> unsupported = OfferAcceptance.unsupportedOperation(call);
        if (unsupported.isPresent()) {
            exchange.refuse(Kind.NOT_IMPLEMENTED, unsupported.get());
            return;
        }
        exchange.accept();
        acceptance.accept(framework, call);
    }

    private void kill(FrameworkEntry framework, Call.Kill call) {
        TaskId task = new TaskId(call.getTaskId().getValue());
        Optional<AgentId> agent =
                call.hasAgentId() ? Optional.of(new AgentId(call.getAgentId().getValue())) : Optional.empty();
        Optional<KillPolicy> policy = call.hasKillPolicy() ? Optional.of(call.getKillPolicy()) : Optional.empty();
        if (!tasks.kill(framework, task, agent, policy)) {
            reconciler.answer(framework, task, agent).ifPresent(status -> tasks.tell(framework, status.toBuilder()));
        }
    }

    /** The executor of a command task has the id of its task, and ends with it; there are no others yet. */
    private void shutdown(FrameworkEntry framework, Call.Shutdown call) {
        tasks.kill(
                framework,
                new TaskId(call.getExecutorId().getValue()),
                Optional.of(new AgentId(call.getAgentId().getValue())),
                Optional.empty());
    }

    private void message(FrameworkEntry framework, Call.Message call) {
        context.figures().frameworkToExecutor.increment();
        Optional<AgentLink> link = agents.find(new AgentId(call.getAgentId().getValue()))
                .filter(AgentEntry::isActive)
                .flatMap(AgentEntry::openLink);
        if (link.isEmpty()) {
            context.figures().invalidFrameworkToExecutor.increment();
            return;
        }
        context.figures().validFrameworkToExecutor.increment();
        link.get()
                .send(ExecutorMessage.newBuilder()
                        .setFrameworkId(framework.info.getId())
                        .setAgentId(call.getAgentId())
                        .setExecutorId(call.getExecutorId())
                        .setData(call.getData())
                        .build());
    }

    private void request(FrameworkEntry framework, Call.Request call, Exchange exchange) {
        List<ResourceRequest> requests;
        try {
            requests = call.getRequestsList().stream()
                    .map(SchedulerCallHandler::request)
                    .toList();
        } catch (IllegalArgumentException e) {
            exchange.refuse(Kind.BAD_REQUEST, "Invalid request: " + e.getMessage());
            return;
        }
        exchange.accept();
        slot.requested(framework, requests);
    }

    private static ResourceRequest request(Request request) {
        return new ResourceRequest(
                request.hasAgentId() ? new AgentId(request.getAgentId().getValue()) : null,
                ResourceConversion.toApi(request.getResourcesList()).unallocate());
    }
}
