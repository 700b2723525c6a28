// SPDX-License-Identifier: Apache-2.0
/**
 * A world in one thread under virtual time: loops, workers, clocks, randomness, disks, a network and processes that
 * repeat with their seed. The services that run in it are those of production. Nothing here looks at the time of day,
 * at threads or at identities, so that the same seed gives the same events in every JVM.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.runtime.simulated;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
