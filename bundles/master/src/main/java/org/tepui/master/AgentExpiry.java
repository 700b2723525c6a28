// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.AgentId;
import org.tepui.proto.convert.IdConversion;
import org.tepui.registrar.RegistryState;
import org.tepui.runtime.Timer;
import org.tepui.v1.AgentID;

/**
 * Forgets agents that have been unreachable, or gone, for so long that nobody asks for them any more, and those that
 * the registry had no more room for. One that comes back all the same is admitted again, with its id and its tasks.
 */
final class AgentExpiry {
    /** Between two looks; the interval of Mesos. */
    static final Duration INTERVAL = Duration.ofMinutes(15);

    private static final Logger log = LoggerFactory.getLogger(AgentExpiry.class);

    private final MasterContext context;
    private final Agents agents;
    private final Registry registry;
    private final RegistryState state;
    private @Nullable Timer timer;

    /** @param state what the registry holds; read only */
    AgentExpiry(MasterContext context, Agents agents, Registry registry, RegistryState state) {
        this.context = context;
        this.agents = agents;
        this.registry = registry;
        this.state = state;
    }

    /** Looks now, and again and again. */
    void start() {
        expire();
        timer = context.loop().schedule("forget old agents", INTERVAL, this::start);
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void expire() {
        List<AgentID> old = state.expired(context.clock().wallTime()).stream()
                .filter(this::hasLeft)
                .toList();
        Set<AgentId> ids = old.stream().map(IdConversion::toApi).collect(Collectors.toSet());
        for (AgentEntry agent : agents.forgotten(ids)) {
            // out of the books before it is durable: whoever comes back from now on makes a record after this one
            agents.remove(agent);
            context.figures().agentsUnreachable.decrementAndGet();
        }
        if (!old.isEmpty()) {
            registry.agentsForgotten(old);
            log.info("Forgot {} agents that were unreachable or gone for too long", old.size());
        }
    }

    /** An agent that is on its way back is not forgotten, although the registry does not know of that yet. */
    private boolean hasLeft(AgentID id) {
        return agents.find(IdConversion.toApi(id))
                .map(agent -> agent.state() == AgentState.UNREACHABLE)
                .orElse(true);
    }
}
