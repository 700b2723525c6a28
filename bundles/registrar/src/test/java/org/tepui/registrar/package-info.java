// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.tepui.registrar;

import org.jspecify.annotations.NullMarked;
