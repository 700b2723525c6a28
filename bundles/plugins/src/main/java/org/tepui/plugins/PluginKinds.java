// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.util.List;

/** The packages of the interfaces that plug-ins implement. A plug-in registers one service of one of them. */
final class PluginKinds {
    private static final List<String> INTERFACE_PACKAGES =
            List.of("org.tepui.allocator", "org.tepui.isolator", "org.tepui.framework");

    private PluginKinds() {}

    /** Whether a package holds interfaces that plug-ins implement. */
    static boolean isInterfacePackage(String name) {
        return INTERFACE_PACKAGES.contains(name);
    }

    /** Whether a type is one of those interfaces. */
    static boolean isInterface(String type) {
        return isInterfacePackage(type.substring(0, Math.max(0, type.lastIndexOf('.'))));
    }

    /** For messages. */
    static String interfacePackages() {
        return String.join(", ", INTERFACE_PACKAGES);
    }
}
