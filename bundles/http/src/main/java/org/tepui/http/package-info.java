// SPDX-License-Identifier: Apache-2.0
/**
 * The HTTP APIs of master and agent: Mesos' v1 contract under {@code /api/v1}, Tepui's own calls under {@code
 * /tepui/v1}, metrics and redirect. Every call becomes the message that a native connection would carry, and goes
 * to the same handler.
 */
@NullMarked
package org.tepui.http;

import org.jspecify.annotations.NullMarked;
