// SPDX-License-Identifier: Apache-2.0
/** Breaks every rule, so that tests can see that the rules notice. */
@NullMarked
package org.tepui.itests.architecture.bad;

import org.jspecify.annotations.NullMarked;
