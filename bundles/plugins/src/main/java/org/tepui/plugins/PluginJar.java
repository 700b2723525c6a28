// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.tepui.api.service.PluginException;
import org.tepui.api.service.PluginException.Kind;

/**
 * What a jar says of itself, checked before anything of it is used: that it is a bundle which can be installed beside
 * another version of itself, and that its going affects no other bundle.
 *
 * @param name symbolic name
 * @param version of the bundle
 */
record PluginJar(String name, Version version) {
    private static final int MOST_ENTRIES = 50_000;
    private static final long MOST_UNPACKED_BYTES = 1L << 30;
    private static final Pattern SYMBOLIC_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,200}");
    private static final Pattern SINGLETON = Pattern.compile(";\\s*singleton\\s*:=\\s*\"?true");

    /**
     * Checks a jar.
     *
     * @param label the jar as messages name it
     * @throws PluginException saying what is wrong and what is allowed
     */
    static PluginJar inspect(Path jar, String label) throws PluginException {
        try (JarFile file = new JarFile(jar.toFile(), false, ZipFile.OPEN_READ)) {
            checkEntries(file, label);
            Manifest manifest = file.getManifest();
            if (manifest == null) {
                throw invalid(label, "it has no META-INF/MANIFEST.MF, so it is no bundle: build it with bnd");
            }
            return of(manifest.getMainAttributes(), label);
        } catch (IOException | IllegalArgumentException e) {
            throw invalid(label, "it is no jar: " + e.getMessage());
        }
    }

    private static void checkEntries(JarFile file, String label) throws PluginException {
        if (file.size() > MOST_ENTRIES) {
            throw invalid(label, "it has " + file.size() + " entries; " + MOST_ENTRIES + " are allowed");
        }
        Set<String> names = new HashSet<>();
        long unpacked = 0;
        for (Enumeration<? extends ZipEntry> entries = file.entries(); entries.hasMoreElements(); ) {
            ZipEntry entry = entries.nextElement();
            String name = entry.getName();
            if (!isPlain(name)) {
                throw invalid(label, "its entry '" + printable(name) + "' would leave the directory it is in");
            }
            if (!names.add(name)) {
                throw invalid(label, "it has two entries '" + printable(name) + "'");
            }
            String directory = name.substring(0, Math.max(0, name.lastIndexOf('/')));
            if (name.endsWith(".class") && PluginKinds.isInterfacePackage(directory.replace('/', '.'))) {
                throw invalid(
                        label,
                        "it holds a copy of " + directory.replace('/', '.')
                                + ", which every plug-in is to import: leave it out of the jar");
            }
            unpacked += Math.max(0, entry.getSize());
        }
        if (unpacked > MOST_UNPACKED_BYTES) {
            throw invalid(label, "it unpacks to " + unpacked + " bytes; " + MOST_UNPACKED_BYTES + " are allowed");
        }
    }

    private static PluginJar of(Attributes headers, String label) throws PluginException {
        String symbolicName = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
        if (!"2".equals(trimmed(headers.getValue(Constants.BUNDLE_MANIFESTVERSION))) || symbolicName == null) {
            throw invalid(
                    label,
                    "its manifest has no Bundle-SymbolicName with Bundle-ManifestVersion 2, so it is no bundle: build"
                            + " it with bnd");
        }
        String name = symbolicName.split(";", 2)[0].trim();
        if (!SYMBOLIC_NAME.matcher(name).matches()) {
            throw invalid(
                    label,
                    "its Bundle-SymbolicName '" + printable(name)
                            + "' is not allowed: 1 to 200 letters, digits, dots, hyphens and underscores are");
        }
        if (SINGLETON.matcher(symbolicName).find()) {
            throw invalid(label, "it is a singleton, and two versions could not be there at once: leave that out");
        }
        if (headers.getValue(Constants.FRAGMENT_HOST) != null) {
            throw invalid(label, "it is a fragment, which would change another bundle: build a bundle of its own");
        }
        String exports = trimmed(headers.getValue(Constants.EXPORT_PACKAGE));
        if (!exports.isEmpty()) {
            throw invalid(
                    label,
                    "it exports " + printable(exports) + ", so that others could come to need it: a plug-in exports"
                            + " nothing");
        }
        List<String> components = Arrays.stream(
                        trimmed(headers.getValue("Service-Component")).split(",", -1))
                .filter(component -> !component.isBlank())
                .toList();
        if (components.size() > 1) {
            throw invalid(label, "it has " + components.size() + " components; a plug-in has one: " + components);
        }
        return new PluginJar(name, version(headers, label));
    }

    private static Version version(Attributes headers, String label) throws PluginException {
        String text = trimmed(headers.getValue(Constants.BUNDLE_VERSION));
        try {
            return Version.parseVersion(text);
        } catch (IllegalArgumentException e) {
            throw invalid(label, "its Bundle-Version '" + printable(text) + "' is not of the form 1.2.3.qualifier");
        }
    }

    /** Whether a path stays below the directory that it is relative to, on every system. */
    private static boolean isPlain(String name) {
        return !name.isEmpty()
                && !name.startsWith("/")
                && name.indexOf('\\') < 0
                && name.indexOf(':') < 0
                && name.chars().noneMatch(Character::isISOControl)
                && Arrays.stream(name.split("/", -1)).noneMatch(part -> part.equals("..") || part.equals("."));
    }

    private static PluginException invalid(String label, String reason) {
        return new PluginException(Kind.INVALID, label + " is refused: " + reason);
    }

    private static String trimmed(@Nullable String header) {
        return header == null ? "" : header.trim();
    }

    /** For messages: without control characters, and not long. */
    static String printable(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() > 200 ? plain.substring(0, 200) + "..." : plain;
    }
}
