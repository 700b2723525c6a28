// SPDX-License-Identifier: Apache-2.0
/**
 * The transport over TCP: native protocol and HTTP/1.1 on one port. Only {@link
 * org.tepui.transport.netty.Transport}, which assembles it, is for others; Netty stays inside.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.transport.netty;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
