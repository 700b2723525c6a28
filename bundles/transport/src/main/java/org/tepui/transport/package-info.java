// SPDX-License-Identifier: Apache-2.0
/**
 * Messages between services: an endpoint with a handler per protobuf message type, connections that carry them
 * natively or as HTTP, and the HTTP server on the same port. Netty stays inside.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.transport;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
