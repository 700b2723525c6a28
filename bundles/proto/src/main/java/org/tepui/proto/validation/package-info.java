// SPDX-License-Identifier: Apache-2.0
/**
 * What a call must have before a service looks at it: pure functions that name the first problem.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.proto.validation;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
