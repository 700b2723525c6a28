// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.tepui.master;

import org.jspecify.annotations.NullMarked;
