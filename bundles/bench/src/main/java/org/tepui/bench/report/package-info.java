// SPDX-License-Identifier: Apache-2.0
/** How benchmarks report: figures of rounds, a table or JSON, goals. */
@NullMarked
package org.tepui.bench.report;

import org.jspecify.annotations.NullMarked;
