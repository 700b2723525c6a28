// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.tepui.bench.transport;

import org.jspecify.annotations.NullMarked;
