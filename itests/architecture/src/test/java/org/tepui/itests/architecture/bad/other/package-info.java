// SPDX-License-Identifier: Apache-2.0
/** Uses what is internal elsewhere. */
@NullMarked
package org.tepui.itests.architecture.bad.other;

import org.jspecify.annotations.NullMarked;
