// SPDX-License-Identifier: Apache-2.0
/**
 * Load on one master: agents that run nothing and frameworks that use whatever is offered, all in one process apart
 * from the master's.
 */
@NullMarked
package org.tepui.bench.load;

import org.jspecify.annotations.NullMarked;
