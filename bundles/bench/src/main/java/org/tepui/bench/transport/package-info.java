// SPDX-License-Identifier: Apache-2.0
/** The transport against its peer: an echo of Netty alone. The only package here that uses Netty. */
@NullMarked
package org.tepui.bench.transport;

import org.jspecify.annotations.NullMarked;
