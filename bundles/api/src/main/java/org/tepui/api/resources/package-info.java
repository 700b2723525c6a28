// SPDX-License-Identifier: Apache-2.0
/**
 * Resources and their exact arithmetic: amounts are whole thousandths, ranges and sets count their members, and
 * everything is immutable.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.api.resources;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
