// SPDX-License-Identifier: Apache-2.0
/**
 * The agent of one machine: it registers with the master, runs the tasks that the master sends, and reports what
 * becomes of them until each report is acknowledged. {@link org.tepui.agent.Agent} owns one loop; everything else
 * here is reached from that loop only.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.agent;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
