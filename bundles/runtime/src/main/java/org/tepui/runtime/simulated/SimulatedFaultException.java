// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

/** An event of a simulation threw: a bug in the service, with all that is needed to see it again. */
public final class SimulatedFaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SimulatedFaultException(String message, Throwable cause) {
        super(message, cause);
    }
}
