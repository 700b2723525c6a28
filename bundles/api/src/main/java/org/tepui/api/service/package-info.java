// SPDX-License-Identifier: Apache-2.0
/** What shell, HTTP and web call of a service in the same container. */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.api.service;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
