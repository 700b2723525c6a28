// SPDX-License-Identifier: Apache-2.0
/** Fixtures and contracts that plug-ins are tested with, whoever wrote them. */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.testkit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
