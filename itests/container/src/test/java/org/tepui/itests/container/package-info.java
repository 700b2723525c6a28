// SPDX-License-Identifier: Apache-2.0
/** Runs the installation as users do: by its command, in processes of their own. */
@NullMarked
package org.tepui.itests.container;

import org.jspecify.annotations.NullMarked;
