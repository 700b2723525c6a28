// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.Collection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.proto.internal.ExecutorExited;
import org.tepui.proto.internal.ExecutorMessage;
import org.tepui.proto.internal.StatusUpdate;
import org.tepui.proto.internal.StatusUpdates;
import org.tepui.transport.Connection;
import org.tepui.v1.scheduler.Event;

/**
 * What agents say about their tasks. An agent speaks for itself only: what names an agent that does not speak over
 * this connection is dropped, and the agent says it again once it re-registered.
 */
final class AgentMessageHandler {
    private static final Logger log = LoggerFactory.getLogger(AgentMessageHandler.class);

    private final MasterContext context;
    private final Agents agents;
    private final Frameworks frameworks;
    private final TaskManager tasks;

    AgentMessageHandler(Managers managers) {
        this.context = managers.context();
        this.agents = managers.agents();
        this.frameworks = managers.frameworks();
        this.tasks = managers.tasks();
    }

    void statusUpdates(StatusUpdates message, Connection connection) {
        for (StatusUpdate update : message.getUpdatesList()) {
            Optional<AgentEntry> agent =
                    speaker(connection, update.getStatus().getAgentId().getValue());
            if (agent.isPresent()) {
                tasks.update(agent.get(), update);
            } else {
                dropped("status update", connection);
            }
        }
    }

    void executorMessage(ExecutorMessage message, Connection connection) {
        context.figures().executorToFramework.increment();
        if (speaker(connection, message.getAgentId().getValue()).isEmpty()) {
            dropped("executor message", connection);
            return;
        }
        Event event = Events.message(message.getAgentId(), message.getExecutorId(), message.getData());
        if (!send(message.getFrameworkId().getValue(), event)) {
            context.figures().invalidExecutorToFramework.increment();
        }
    }

    void executorExited(ExecutorExited message, Connection connection) {
        context.figures().exitedExecutors.increment();
        Collection<AgentEntry> speakers = agents.byConnection(connection);
        if (speakers.size() != 1) {
            dropped("end of an executor", connection);
            return;
        }
        AgentId agent = speakers.iterator().next().id;
        send(
                message.getFrameworkId().getValue(),
                Events.executorExited(agent, message.getExecutorId(), message.getStatus()));
    }

    private boolean send(String frameworkId, Event event) {
        try {
            return frameworks
                    .find(new FrameworkId(frameworkId))
                    .filter(framework -> framework.send(event))
                    .isPresent();
        } catch (IllegalArgumentException e) {
            log.warn("Dropped a message of an executor: {}", e.getMessage());
            return false;
        }
    }

    private Optional<AgentEntry> speaker(Connection connection, String agentId) {
        try {
            return agents.find(new AgentId(agentId)).filter(agent -> speaksOver(agent, connection));
        } catch (IllegalArgumentException e) {
            log.warn("Dropped what an agent says: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static boolean speaksOver(AgentEntry agent, Connection connection) {
        AgentLink link = agent.link;
        return link != null && link.connection().id() == connection.id();
    }

    private void dropped(String what, Connection connection) {
        context.figures().droppedMessages.increment();
        log.debug(
                "Dropped a {} of an agent that {} does not speak for",
                what,
                connection.peer().address());
    }
}
