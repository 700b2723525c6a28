// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.service;

import org.osgi.annotation.versioning.ProviderType;

/** Registered as a service once what it stands for serves its clients. Safe to use from any thread. */
@ProviderType
public interface Readiness {
    /** What is ready: {@code master} or {@code agent}. */
    String service();

    /** {@code HOST:PORT} where it listens. */
    String address();
}
