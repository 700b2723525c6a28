// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

/**
 * A file of the deploy directory that was installed. Kept over restarts, so that it is not installed again, also if
 * the plug-in was removed or rolled back since.
 *
 * @param file its name
 * @param size in bytes
 * @param modified in milliseconds since 1970
 * @param name of the plug-in in it
 * @param version of the plug-in in it
 */
record DeployedFile(String file, long size, long modified, String name, String version) {}
