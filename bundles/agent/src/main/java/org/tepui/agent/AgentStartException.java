// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

/**
 * An agent cannot start as it is configured, or on this machine: a sentence for the operator, with what to do where
 * that is known.
 */
public final class AgentStartException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message a sentence for the operator */
    public AgentStartException(String message) {
        super(message);
    }
}
