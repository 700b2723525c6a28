// SPDX-License-Identifier: Apache-2.0
/** Tests of clusters of real processes: what users do, what breaks, and what nobody should do. */
@NullMarked
package org.tepui.itests.cluster;

import org.jspecify.annotations.NullMarked;
