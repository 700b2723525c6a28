// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.tepui.bench.report;

import org.jspecify.annotations.NullMarked;
