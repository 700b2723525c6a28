// SPDX-License-Identifier: Apache-2.0
/**
 * The policy {@code priority}: strict priority classes with aging, guarantees and preemption. Not exported: nobody
 * needs its classes.
 */
@NullMarked
package org.tepui.allocators.priority;

import org.jspecify.annotations.NullMarked;
