// SPDX-License-Identifier: Apache-2.0
/**
 * Typed reading of a service's configuration. Keys, defaults and descriptions are declared once, in an annotation type
 * that OSGi metatype describes too; what is wrong is reported all together.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.api.configuration;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
