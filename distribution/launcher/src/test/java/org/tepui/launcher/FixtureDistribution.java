// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.tepui.launcher.fixture.FixtureService;

/** An installation whose master and agent are {@link FixtureService}s, made of the bundles on the class path. */
final class FixtureDistribution {
    private static final String COMPONENT = """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="@pid@" immediate="true"
                configuration-policy="require" configuration-pid="@pid@" activate="activate" deactivate="deactivate">
              <implementation class="org.tepui.launcher.fixture.FixtureService"/>@reference@
            </scr:component>
            """;
    private static final String METATYPE = """
            <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.2.0">
              <OCD id="keys" name="Keys">
                <AD id="behaviour" type="String" default="ready" description="What it does."/>
                <AD id="work.dir" type="String" default="" description="Where it writes."/>
                <AD id="port" type="Integer" default="5050" description="Where it listens."/>@more@
              </OCD>
              <Designate pid="@pid@"><Object ocdref="keys"/></Designate>
            </metatype:MetaData>
            """;

    private FixtureDistribution() {}

    static Distribution create(Path home) throws IOException {
        Path shared = home.resolve("bundles/shared");
        link(shared.resolve("10-logging"), "pax-logging-api", "pax-logging-logback");
        link(shared.resolve("20-services"), "org.apache.felix.scr", "org.apache.felix.configadmin");
        Path api = Files.createDirectories(shared.resolve("50-tepui")).resolve("org.tepui.api.jar");
        Path classes = classPathEntry("org.tepui.api", "bundles/api/target/classes");
        if (Files.isDirectory(classes)) {
            pack(classes, api);
        } else {
            Files.createSymbolicLink(api, classes);
        }
        bundle(home.resolve("bundles/master/50-tepui/org.tepui.master.jar"), "org.tepui.master", "", "");
        String agentKeys = "<AD id=\"master\" type=\"String\" default=\"\" description=\"Its master.\"/>"
                + "<AD id=\"resources\" type=\"String\" default=\"\" description=\"What it offers.\"/>";
        bundle(home.resolve("bundles/agent/50-tepui/org.tepui.agent.jar"), "org.tepui.agent", agentKeys, "");
        Path etc = Files.createDirectories(home.resolve("etc"));
        Files.copy(
                Path.of(System.getProperty("tepui.root"), "distribution/src/etc/logback.xml"),
                etc.resolve("logback.xml"));
        return new Distribution(home, etc, home.resolve("var"));
    }

    /** Replaces the master by one that needs a service that nobody has. */
    static void makeMasterWait(Distribution distribution) throws IOException {
        Path jar = distribution.home().resolve("bundles/master/50-tepui/org.tepui.master.jar");
        Files.delete(jar);
        bundle(
                jar,
                "org.tepui.master",
                "",
                "<reference name=\"missing\" interface=\"java.util.concurrent.Callable\"/>");
    }

    /** Adds a bundle that cannot be resolved. */
    static void addUnresolvable(Distribution distribution) throws IOException {
        Path jar = distribution.home().resolve("bundles/master/50-tepui/broken.jar");
        Manifest manifest = manifest("broken");
        manifest.getMainAttributes().putValue("Import-Package", "does.not.exist");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new ZipEntry("empty"));
        }
    }

    private static void bundle(Path jar, String pid, String metatype, String reference) throws IOException {
        Files.createDirectories(jar.getParent());
        Manifest manifest = manifest(pid);
        Attributes attributes = manifest.getMainAttributes();
        attributes.putValue("Import-Package", "org.osgi.framework,org.tepui.api.service,org.tepui.api.configuration");
        attributes.putValue("Service-Component", "OSGI-INF/component.xml");
        attributes.putValue(
                "Require-Capability", "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.5.0))\"");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            String component = COMPONENT.replace("@pid@", pid).replace("@reference@", reference);
            add(out, "OSGI-INF/component.xml", component.getBytes(StandardCharsets.UTF_8));
            String keys = METATYPE.replace("@pid@", pid).replace("@more@", metatype);
            add(out, "OSGI-INF/metatype/" + pid + ".xml", keys.getBytes(StandardCharsets.UTF_8));
            for (String name : List.of("", "$Keys", "$Ready", "$Failed")) {
                String path = FixtureService.class.getName().replace('.', '/') + name + ".class";
                try (InputStream stream = FixtureService.class.getClassLoader().getResourceAsStream(path)) {
                    if (stream == null) {
                        throw new IOException(path + " is missing");
                    }
                    add(out, path, stream.readAllBytes());
                }
            }
        }
    }

    private static Manifest manifest(String symbolicName) {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue("Bundle-SymbolicName", symbolicName);
        return manifest;
    }

    private static void add(JarOutputStream out, String name, byte[] bytes) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        out.write(bytes);
        out.closeEntry();
    }

    private static void link(Path directory, String... names) throws IOException {
        Files.createDirectories(directory);
        for (String name : names) {
            Files.createSymbolicLink(directory.resolve(name + ".jar"), classPathEntry(name, name));
        }
    }

    private static Path classPathEntry(String jar, String directory) {
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator, -1);
        return Arrays.stream(entries)
                .filter(entry -> new File(entry).getName().startsWith(jar + "-") || entry.endsWith(directory))
                .map(Path::of)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(jar + " is not on the class path"));
    }

    private static void pack(Path directory, Path jar) throws IOException {
        Manifest manifest;
        try (InputStream stream = Files.newInputStream(directory.resolve("META-INF/MANIFEST.MF"))) {
            manifest = new Manifest(stream);
        }
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> files = Files.walk(directory)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                add(out, directory.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
    }
}
