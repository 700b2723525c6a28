// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;

/**
 * Keeps plug-ins from ending the process: in their classes a call of {@code System.exit}, {@code Runtime.exit} or
 * {@code Runtime.halt} throws a {@link SecurityException} instead. Classes of other bundles are left as they are.
 *
 * <p>This is a fence against mistakes and careless libraries, not against malice: a call by reflection passes.
 */
final class ExitGuard implements WeavingHook {
    @Override
    public void weave(WovenClass wovenClass) {
        var bundle = wovenClass.getBundleWiring().getBundle();
        if (PluginBundles.isPlugin(bundle)) {
            ExitRewriter.rewrite(
                            wovenClass.getBytes(), "plug-in " + bundle.getSymbolicName() + " " + bundle.getVersion())
                    .ifPresent(wovenClass::setBytes);
        }
    }
}
