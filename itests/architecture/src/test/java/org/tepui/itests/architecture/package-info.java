// SPDX-License-Identifier: Apache-2.0
/** Keeps the house in order: who imports whom, what may be used where, and what bundles say of themselves. */
@NullMarked
package org.tepui.itests.architecture;

import org.jspecify.annotations.NullMarked;
