// SPDX-License-Identifier: Apache-2.0
/** Allocation policies alone, without a master: how long cycles and events take in clusters of any size. */
@NullMarked
package org.tepui.bench.allocator;

import org.jspecify.annotations.NullMarked;
