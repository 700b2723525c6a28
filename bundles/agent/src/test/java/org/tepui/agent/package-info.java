// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.tepui.agent;

import org.jspecify.annotations.NullMarked;
