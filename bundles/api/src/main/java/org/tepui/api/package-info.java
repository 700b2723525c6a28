// SPDX-License-Identifier: Apache-2.0
/**
 * The words that every part of Tepui shares: identifiers, roles, states and errors. Nothing here performs anything,
 * and nothing here depends on more than the JDK.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
