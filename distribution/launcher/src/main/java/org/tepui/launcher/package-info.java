// SPDX-License-Identifier: Apache-2.0
/**
 * Starts OSGi containers from bundle sets: reads their configuration from flags, environment and files, waits until
 * what they hold is ready, and stops them in order.
 */
@NullMarked
package org.tepui.launcher;

import org.jspecify.annotations.NullMarked;
