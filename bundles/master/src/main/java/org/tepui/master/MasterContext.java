// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import org.tepui.runtime.Clock;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Randomness;
import org.tepui.v1.MasterInfo;

/**
 * What every manager of one start of the master needs.
 *
 * @param loop the master's own: every manager is called on it
 * @param info this start of the master, its id included
 */
record MasterContext(
        MasterConfig config,
        EventLoop loop,
        Clock clock,
        Randomness randomness,
        MasterInfo info,
        Statuses statuses,
        MasterFigures figures) {}
