// SPDX-License-Identifier: Apache-2.0
/** Starts what is installed as processes, talks to them, and looks at what they leave behind. */
@NullMarked
package org.tepui.itests.cluster;

import org.jspecify.annotations.NullMarked;
