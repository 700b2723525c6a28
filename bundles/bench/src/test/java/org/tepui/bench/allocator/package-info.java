// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.tepui.bench.allocator;

import org.jspecify.annotations.NullMarked;
