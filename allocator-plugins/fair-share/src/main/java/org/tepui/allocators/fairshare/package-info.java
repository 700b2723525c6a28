// SPDX-License-Identifier: Apache-2.0
/**
 * The policy {@code fair-share}: a fair share over time, along a tree of roles. Not exported: nobody needs its classes.
 */
@NullMarked
package org.tepui.allocators.fairshare;

import org.jspecify.annotations.NullMarked;
