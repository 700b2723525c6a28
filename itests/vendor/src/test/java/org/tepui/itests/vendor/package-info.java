// SPDX-License-Identifier: Apache-2.0
/** What a vendor does with the pages about writing plug-ins. */
@NullMarked
package org.tepui.itests.vendor;

import org.jspecify.annotations.NullMarked;
