// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.tepui.plugins.fixture.PolicyActivator;

/** Builds the jars of tests. */
final class PluginJars {
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new TreeMap<>();

    private PluginJars() {}

    /** A plug-in that works. */
    static PluginJars of(String name, String version) {
        PluginJars jar = new PluginJars();
        jar.headers.put("Manifest-Version", "1.0");
        jar.headers.put("Bundle-ManifestVersion", "2");
        jar.headers.put("Bundle-SymbolicName", name);
        jar.headers.put("Bundle-Version", version);
        jar.headers.put(
                "Import-Package",
                "org.osgi.framework,org.tepui.allocator;version=\"[0.1,0.2)\",org.tepui.api;version=\"[0.1,1)\"");
        return jar.type(PolicyActivator.class).activator(PolicyActivator.class);
    }

    static byte[] good(String name, String version) {
        return of(name, version).build();
    }

    PluginJars header(String header, String value) {
        headers.put(header, value);
        return this;
    }

    PluginJars without(String header) {
        headers.remove(header);
        return this;
    }

    PluginJars activator(Class<?> type) {
        headers.put("Bundle-Activator", type.getName());
        return type(type);
    }

    PluginJars type(Class<?> type) {
        return entry(type.getName().replace('.', '/') + ".class", bytes(type));
    }

    PluginJars entry(String entry, byte[] content) {
        entries.put(entry, content);
        return this;
    }

    static byte[] bytes(Class<?> type) {
        String resource = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
        try (InputStream stream = type.getResourceAsStream(resource)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] build() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            if (!headers.isEmpty()) {
                StringBuilder manifest = new StringBuilder();
                headers.forEach((header, value) ->
                        manifest.append(folded(header + ": " + value)).append("\r\n"));
                write(zip, "META-INF/MANIFEST.MF", manifest.toString().getBytes(StandardCharsets.UTF_8));
            }
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                write(zip, entry.getKey(), entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    PluginJars withoutManifest() {
        headers.clear();
        return this;
    }

    private static void write(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** Lines of a manifest have 72 bytes at most. */
    private static String folded(String line) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < line.length(); i += 70) {
            text.append(i == 0 ? "" : "\r\n ").append(line, i, Math.min(line.length(), i + 70));
        }
        return text.toString();
    }
}
