// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

/**
 * A file of the deploy directory as it was when it was read.
 *
 * @param file its name
 * @param size in bytes
 * @param modified in milliseconds since 1970
 */
record DeploySource(String file, long size, long modified) {
    /** As it is remembered once it is installed. */
    DeployedFile installed(PluginRecord record) {
        return new DeployedFile(
                file, size, modified, record.name(), record.version().toString());
    }

    boolean isSame(DeployedFile deployed) {
        return deployed.size() == size && deployed.modified() == modified;
    }
}
