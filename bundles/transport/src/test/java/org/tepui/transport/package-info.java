// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.tepui.transport;

import org.jspecify.annotations.NullMarked;
