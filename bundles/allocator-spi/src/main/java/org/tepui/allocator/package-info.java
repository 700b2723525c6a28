// SPDX-License-Identifier: Apache-2.0
/**
 * What an allocation policy implements and what it is given. A policy is a bundle that registers an
 * {@link org.tepui.allocator.AllocatorFactory}.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.tepui.allocator;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
