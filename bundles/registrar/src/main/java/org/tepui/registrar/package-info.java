// SPDX-License-Identifier: Apache-2.0
/**
 * What a master must not forget: records of the changes of its hard state, made durable many at a time, and the
 * state that they lead to.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.registrar;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
