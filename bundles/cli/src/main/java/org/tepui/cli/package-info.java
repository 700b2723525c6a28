// SPDX-License-Identifier: Apache-2.0
/**
 * The verbs of the tepui command that use a cluster. They are clients of its HTTP APIs and of nothing else, except
 * {@code run}, which is a framework.
 */
@NullMarked
package org.tepui.cli;

import org.jspecify.annotations.NullMarked;
