// SPDX-License-Identifier: Apache-2.0
/**
 * Installs, replaces and removes plug-ins of a container while it runs: {@link org.tepui.plugins.PluginManager}
 * changes, {@link org.tepui.plugins.DeployDirectory} watches, {@link org.tepui.plugins.PluginStore} remembers.
 */
@NullMarked
package org.tepui.plugins;

import org.jspecify.annotations.NullMarked;
