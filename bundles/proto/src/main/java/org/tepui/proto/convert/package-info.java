// SPDX-License-Identifier: Apache-2.0
/**
 * From messages to the types of {@code org.tepui.api} and back. {@code toApi} checks what it is given and throws {@link
 * IllegalArgumentException} with a text that may be sent back; {@code toWire} cannot fail unless it says so.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.proto.convert;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
