// SPDX-License-Identifier: Apache-2.0
/** What others must not use. */
@NullMarked
package org.tepui.itests.architecture.bad.internal;

import org.jspecify.annotations.NullMarked;
