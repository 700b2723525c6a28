// SPDX-License-Identifier: Apache-2.0
/** Benchmarks of real clusters: processes of this installation, measured from outside and through the driver. */
@NullMarked
package org.tepui.bench.cluster;

import org.jspecify.annotations.NullMarked;
