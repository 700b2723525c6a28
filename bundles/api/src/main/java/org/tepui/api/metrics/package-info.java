// SPDX-License-Identifier: Apache-2.0
/** Counters, gauges and timers, and the registry that lists them under the key names of Mesos. */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.api.metrics;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
