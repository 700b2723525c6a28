// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator;

/**
 * Why an agent's resources are not offered to a framework in a role at this moment. The first that applies, in the
 * order given here, counts.
 */
public enum RefusalReason {
    /** The framework is not known, not connected, or does not have this role. */
    NOT_SUBSCRIBED("the framework is not subscribed in this role"),
    /** The framework asked for silence. */
    SUPPRESSED("the framework suppressed offers for this role"),
    /** The agent is disconnected, draining or otherwise taken out. */
    AGENT_INACTIVE("the agent is not active"),
    /** The agent lacks a capability that the framework's roles need. */
    AGENT_CAPABILITY("the agent is too old for this role"),
    /** The agent has GPUs and the framework did not say that it can use them. */
    GPU("the agent is kept for frameworks with the capability GPU_RESOURCES"),
    /** The agent is in another region and the framework did not say that it can use that. */
    REGION("the agent is in another region, for frameworks with the capability REGION_AWARE"),
    /** The framework asked for agents that are not like this one. */
    CONSTRAINT("the offer constraints of the framework leave this agent out"),
    /** The policy makes room on the agent for somebody else. */
    KEPT("the policy makes room on the agent for somebody, and keeps it for a moment"),
    /** Everything on the agent is allocated or offered. */
    NOTHING_FREE("everything on the agent is allocated or offered"),
    /** What is free is reserved for other roles, or of a kind that the framework cannot take. */
    NOT_FOR_ROLE("what is free is reserved for other roles, or of a kind that the framework does not take"),
    /** A limit on the role leaves no room. */
    ROLE_LIMIT("the limit of the role is reached"),
    /** What is free is kept for the guarantees of others. */
    GUARANTEES("what is free is kept for what other roles are guaranteed"),
    /** Less is free than the smallest bundle worth an offer. */
    BELOW_MINIMUM("less is free than the smallest bundle that is offered"),
    /** The framework declined it, and the time for which it did is not over. */
    DECLINED("the framework declined at least this much for a time that is not over"),
    /** None of these: it waits for its turn, behind frameworks that have less. */
    WAITING("nothing stands against it: it is the turn of others first");

    private final String sentence;

    RefusalReason(String sentence) {
        this.sentence = sentence;
    }

    /** The reason in words. */
    public String sentence() {
        return sentence;
    }
}
