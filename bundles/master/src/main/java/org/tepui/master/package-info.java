// SPDX-License-Identifier: Apache-2.0
/**
 * The master: one event loop that admits agents, subscribes frameworks, turns allocations into offers and accepted
 * offers into tasks, and passes status updates on.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.master;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
