// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.service;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Registered as a service once what it stands for cannot go on: a master that lost its lead, an agent that the master
 * refused. The launcher then prints the reason, stops the container and ends with exit code 1.
 *
 * <p>What fails while its component is activated throws instead; the launcher prints a
 * {@link org.tepui.api.configuration.ConfigurationException} as it is. Safe to use from any thread.
 */
@ProviderType
public interface Failure {
    /** What failed: {@code master} or {@code agent}. */
    String service();

    /** One sentence for the operator. */
    String reason();
}
