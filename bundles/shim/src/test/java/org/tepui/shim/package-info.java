// SPDX-License-Identifier: Apache-2.0
/** Tests of the shim together with the Java side that drives it. */
@NullMarked
package org.tepui.shim;

import org.jspecify.annotations.NullMarked;
