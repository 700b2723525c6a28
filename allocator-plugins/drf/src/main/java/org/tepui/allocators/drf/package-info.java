// SPDX-License-Identifier: Apache-2.0
/**
 * The policy {@code drf}: weighted dominant resource fairness over a tree of roles. Not exported: nobody needs its
 * classes.
 */
@NullMarked
package org.tepui.allocators.drf;

import org.jspecify.annotations.NullMarked;
