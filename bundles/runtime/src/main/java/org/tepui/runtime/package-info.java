// SPDX-License-Identifier: Apache-2.0
/**
 * What a service needs of the machine and of time, as interfaces: event loop, clock, randomness, disk, network,
 * processes and named workers. Each has a real form and a simulated twin, so that the same services run in production
 * and in one thread under virtual time.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.runtime;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
