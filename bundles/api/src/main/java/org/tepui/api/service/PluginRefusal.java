// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.service;

/**
 * A jar in the deploy directory that was not installed.
 *
 * @param file its name in that directory
 * @param reason a sentence that says what is wrong and what would help
 */
public record PluginRefusal(String file, String reason) {}
