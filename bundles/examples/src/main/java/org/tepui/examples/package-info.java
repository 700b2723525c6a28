// SPDX-License-Identifier: Apache-2.0
/** Small frameworks that show how one is written, each a package of its own. */
@NullMarked
package org.tepui.examples;

import org.jspecify.annotations.NullMarked;
