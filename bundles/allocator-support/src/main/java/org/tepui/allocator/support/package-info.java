// SPDX-License-Identifier: Apache-2.0
/**
 * A hierarchical allocator with everything but the order of roles and frameworks, which a policy brings as a {@link
 * org.tepui.allocator.support.Sorter}. Policies may use it or do without.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.allocator.support;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
