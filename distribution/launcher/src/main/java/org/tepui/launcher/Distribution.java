// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where the parts of an installation lie.
 *
 * @param home holds {@code bundles}, {@code etc}, {@code lib} and {@code libexec}
 * @param etc configuration files
 * @param var under which services write that are not told another directory
 */
record Distribution(Path home, Path etc, Path var) {
    /**
     * Takes {@code tepui.home} from the system properties, which the script sets, and from the environment the
     * others.
     */
    static Distribution find(Map<String, String> environment) {
        String property = System.getProperty("tepui.home", ".");
        Path home = Path.of(property).toAbsolutePath().normalize();
        String etc = environment.getOrDefault("TEPUI_ETC", "");
        String var = environment.getOrDefault("TEPUI_VAR", "");
        return new Distribution(
                home,
                etc.isEmpty() ? home.resolve("etc") : Path.of(etc).toAbsolutePath(),
                var.isEmpty() ? home.resolve("var") : Path.of(var).toAbsolutePath());
    }

    /** The bundles of one service: what is shared and what is its own. */
    BundleSet bundles(Service service) throws LaunchException {
        try {
            Path bundles = home.resolve("bundles");
            return BundleSet.of(List.of(bundles.resolve(BundleSet.SHARED), bundles.resolve(service.bundles())));
        } catch (IOException e) {
            throw LaunchException.failure(
                    "the bundles of " + service.bundles() + " cannot be listed: " + e.getMessage());
        }
    }

    /** What a service can be told: by the launcher, and by the bundles of Tepui in its set. */
    OptionCatalog options(Service service) throws LaunchException {
        try {
            List<Path> jars = bundles(service).jars().stream()
                    .filter(jar -> String.valueOf(jar.getFileName()).startsWith("org.tepui."))
                    .toList();
            return new OptionCatalog(own(LauncherConfiguration.PID)).and(MetatypeReader.read(jars));
        } catch (IOException e) {
            throw LaunchException.failure(
                    "what " + service.bundles() + " can be told is not readable: " + e.getMessage());
        }
    }

    /** The options of {@code tepui local} itself. */
    OptionCatalog localOptions() throws LaunchException {
        try {
            return new OptionCatalog(own(LocalConfiguration.PID));
        } catch (IOException e) {
            throw LaunchException.failure("the options of local are not readable: " + e.getMessage());
        }
    }

    private static List<Option> own(String pid) throws IOException {
        String name = "/OSGI-INF/metatype/" + pid + ".xml";
        try (InputStream stream = Distribution.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IOException(name + " is missing");
            }
            return new ArrayList<>(MetatypeReader.parse(stream, name));
        }
    }
}
