// SPDX-License-Identifier: Apache-2.0
/**
 * JSON as the v1 API of Mesos writes and reads it: a mapping of its own, unlike the canonical one of protobuf. See
 * {@link org.tepui.proto.json.JsonCodec}.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.proto.json;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
