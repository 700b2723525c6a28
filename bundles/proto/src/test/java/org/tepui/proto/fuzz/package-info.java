// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.tepui.proto.fuzz;

import org.jspecify.annotations.NullMarked;
