// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.tepui.runtime;

import org.jspecify.annotations.NullMarked;
