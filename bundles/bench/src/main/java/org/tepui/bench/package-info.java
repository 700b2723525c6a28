// SPDX-License-Identifier: Apache-2.0
/** The command {@code tepui bench}. */
@NullMarked
package org.tepui.bench;

import org.jspecify.annotations.NullMarked;
