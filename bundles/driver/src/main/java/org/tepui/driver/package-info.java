// SPDX-License-Identifier: Apache-2.0
/** What a framework written in Java needs to be a scheduler of a Tepui cluster, over the native protocol. */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.driver;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
