// SPDX-License-Identifier: Apache-2.0
/**
 * RecordIO, the framing of the event streams of the v1 API: each record is its length in decimal digits, a line
 * feed, and the bytes.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.proto.recordio;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
