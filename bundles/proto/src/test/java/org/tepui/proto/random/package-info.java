// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.tepui.proto.random;

import org.jspecify.annotations.NullMarked;
