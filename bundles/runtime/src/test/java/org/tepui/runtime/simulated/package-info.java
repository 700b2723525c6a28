// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.tepui.runtime.simulated;

import org.jspecify.annotations.NullMarked;
