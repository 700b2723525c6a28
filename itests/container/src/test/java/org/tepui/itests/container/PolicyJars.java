// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.container;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** The installation's policy in other versions: its jar with another manifest. */
final class PolicyJars {
    static final String NAME = "org.tepui.allocators.drf";

    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final String COMPONENTS = "OSGI-INF/" + NAME;

    private PolicyJars() {}

    /** A policy that works. */
    static byte[] version(String version) throws IOException {
        return with(Map.of("Bundle-Version", version));
    }

    /** The policy's jar with other headers. */
    static byte[] with(Map<String, String> headers) throws IOException {
        return with(headers, NAME + ".DrfAllocatorFactory");
    }

    /** The policy's jar with other headers and another class as its component. */
    static byte[] with(Map<String, String> headers, String component) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipInputStream from = new ZipInputStream(new ByteArrayInputStream(original()));
                ZipOutputStream to = new ZipOutputStream(bytes)) {
            for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                if (entry.getName().equals(MANIFEST)) {
                    Manifest manifest = new Manifest(from);
                    headers.forEach(
                            (header, value) -> manifest.getMainAttributes().put(new Attributes.Name(header), value));
                    manifest.write(to);
                } else if (entry.getName().startsWith(COMPONENTS)
                        && entry.getName().endsWith(".xml")) {
                    String text = new String(from.readAllBytes(), StandardCharsets.UTF_8);
                    to.write(text.replace(
                                    "implementation class=\"" + NAME + ".DrfAllocatorFactory\"",
                                    "implementation class=\"" + component + "\"")
                            .getBytes(StandardCharsets.UTF_8));
                } else {
                    from.transferTo(to);
                }
                to.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] original() throws IOException {
        Path policies = TepuiProcess.installation().resolve("bundles/master/60-policies");
        try (Stream<Path> jars = Files.list(policies)) {
            return Files.readAllBytes(
                    jars.filter(jar -> jar.getFileName().toString().startsWith(NAME + "-"))
                            .findFirst()
                            .orElseThrow());
        }
    }
}
