// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.architecture;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The built bundles on the class path, by symbolic name: their manifests and the packages that they hold. */
final class Bundles {
    /** What a bundle says and holds. */
    record Content(Manifest manifest, Set<String> packages) {
        String header(String name) {
            String value = manifest.getMainAttributes().getValue(name);
            return value == null ? "" : value;
        }

        /** The clauses of a header: what stands between commas that are not in quotes. */
        List<String> clauses(String name) {
            return Arrays.stream(header(name).split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1))
                    .map(String::trim)
                    .filter(clause -> !clause.isEmpty())
                    .toList();
        }

        /** The packages that a header names. */
        List<String> packagesOf(String name) {
            return clauses(name).stream()
                    .map(clause -> clause.split(";", -1)[0].trim())
                    .toList();
        }
    }

    private Bundles() {}

    static Map<String, Content> read() throws IOException {
        Map<String, Content> bundles = new TreeMap<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            boolean ours = path.getFileName().toString().startsWith("org.tepui.") || entry.endsWith("target/classes");
            if (ours && Files.exists(path)) {
                Content content = Files.isDirectory(path) ? ofDirectory(path) : ofJar(path);
                String name = content.header("Bundle-SymbolicName");
                if (!name.isEmpty()) {
                    bundles.put(name, content);
                }
            }
        }
        return bundles;
    }

    private static Content ofJar(Path path) throws IOException {
        try (JarFile jar = new JarFile(path.toFile())) {
            Set<String> packages = new TreeSet<>();
            jar.stream().forEach(entry -> addPackage(entry.getName(), packages));
            return new Content(jar.getManifest(), packages);
        }
    }

    private static Content ofDirectory(Path path) throws IOException {
        Path file = path.resolve("META-INF/MANIFEST.MF");
        Manifest manifest = new Manifest();
        if (Files.exists(file)) {
            try (InputStream stream = Files.newInputStream(file)) {
                manifest = new Manifest(stream);
            }
        }
        Set<String> packages = new TreeSet<>();
        try (Stream<Path> files = Files.walk(path)) {
            files.forEach(entry -> addPackage(path.relativize(entry).toString(), packages));
        }
        return new Content(manifest, packages);
    }

    private static void addPackage(String entry, Set<String> packages) {
        int slash = entry.lastIndexOf('/');
        if (entry.endsWith(".class") && slash > 0) {
            packages.add(entry.substring(0, slash).replace('/', '.'));
        }
    }
}
