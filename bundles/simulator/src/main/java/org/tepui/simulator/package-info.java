// SPDX-License-Identifier: Apache-2.0
/**
 * Whole clusters in one thread under virtual time: the production classes of master, agent and driver on a
 * simulated network, disks and processes. A seed gives one run, with its faults; the same seed gives the same
 * digest of events.
 *
 * <p>A tool: no container has it in its bundle set.
 */
@NullMarked
package org.tepui.simulator;

import org.jspecify.annotations.NullMarked;
