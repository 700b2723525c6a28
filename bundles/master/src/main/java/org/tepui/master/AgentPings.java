// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.util.function.Consumer;
import org.tepui.proto.internal.PingAgent;

/**
 * Asks every agent in the books at a fixed interval whether it is there, connected or not, and reports one that did
 * not answer several times in a row. A connection that broke is therefore not yet a lost agent.
 */
final class AgentPings {
    private static final PingAgent CONNECTED =
            PingAgent.newBuilder().setConnected(true).build();

    private final MasterContext context;
    private final Consumer<AgentEntry> missed;

    AgentPings(MasterContext context, Consumer<AgentEntry> missed) {
        this.context = context;
        this.missed = missed;
    }

    /** Begins to ping an agent, or begins anew. The first ping comes at a random time, so that pings are spread out. */
    void start(AgentEntry agent) {
        agent.unansweredPings = 0;
        if (agent.pingTimer == null) {
            long interval = context.config().agentPingTimeout().toNanos();
            schedule(agent, Duration.ofNanos(context.randomness().nextLong(interval) + 1));
        }
    }

    void stop(AgentEntry agent) {
        if (agent.pingTimer != null) {
            agent.pingTimer.cancel();
            agent.pingTimer = null;
        }
    }

    void answered(AgentEntry agent) {
        agent.unansweredPings = 0;
    }

    private void schedule(AgentEntry agent, Duration delay) {
        agent.pingTimer = context.loop().schedule("agent ping", delay, () -> ping(agent));
    }

    private void ping(AgentEntry agent) {
        if (agent.unansweredPings >= context.config().maxAgentPingTimeouts()) {
            agent.pingTimer = null;
            missed.accept(agent);
            return;
        }
        agent.unansweredPings++;
        agent.openLink().ifPresent(link -> link.send(CONNECTED));
        schedule(agent, context.config().agentPingTimeout());
    }
}
