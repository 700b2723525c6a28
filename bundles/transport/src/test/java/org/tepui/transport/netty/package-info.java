// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.tepui.transport.netty;

import org.jspecify.annotations.NullMarked;
