// SPDX-License-Identifier: Apache-2.0
/** Published clients of Mesos, run against Tepui. */
@NullMarked
package org.tepui.itests.compatibility;

import org.jspecify.annotations.NullMarked;
