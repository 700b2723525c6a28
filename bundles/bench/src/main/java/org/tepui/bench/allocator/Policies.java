// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.allocator;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.bench.report.BenchException;

/**
 * The policies that bundles provide, without a container: each component that a bundle's header
 * {@code Service-Component} names and that provides an {@link AllocatorFactory}. A policy sees the classes of its own
 * bundle, of the bundles of a master that are no policies, and those of this program; the latter first.
 */
final class Policies {
    private static final String HEADER = "Service-Component";
    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    private final SortedMap<String, AllocatorFactory> byName = new TreeMap<>();
    private final String where;

    private Policies(String where) {
        this.where = where;
    }

    /** Those on a class path. */
    static Policies ofClassPath(ClassLoader loader) throws BenchException {
        Policies found = new Policies("on the class path");
        found.addAll(declared(loader), loader);
        return found;
    }

    /** Those among the bundles of a master. */
    static Policies ofInstallation(Path home) throws BenchException {
        Policies found = new Policies("in " + home);
        Bundles bundles = Bundles.of(home);
        for (Path policy : bundles.policies) {
            found.addJar(policy, bundles.others);
        }
        return found;
    }

    /**
     * Those of one bundle.
     *
     * @param home an installation with what policies build on, or null if the class path of this program has it
     */
    static Policies ofJar(Path jar, @Nullable Path home) throws BenchException {
        try (JarFile file = new JarFile(jar.toFile())) {
            if (file.getManifest() == null) {
                throw new BenchException(jar + " is no bundle: it has no manifest");
            }
        } catch (IOException e) {
            throw new BenchException("cannot read " + jar + " as a jar: " + e.getMessage(), e);
        }
        Policies found = new Policies("in " + jar);
        found.addJar(jar, home == null ? List.of() : Bundles.of(home).others);
        if (found.byName.isEmpty()) {
            throw new BenchException(jar + " provides no policy: none of the components that its header " + HEADER
                    + " names provides " + AllocatorFactory.class.getName());
        }
        return found;
    }

    /** The bundles of a master. */
    private record Bundles(List<Path> policies, List<Path> others) {
        static Bundles of(Path home) throws BenchException {
            Bundles bundles = new Bundles(new ArrayList<>(), new ArrayList<>());
            for (String set : List.of("shared", "master")) {
                Path directory = home.resolve("bundles").resolve(set);
                try (Stream<Path> files = Files.walk(directory)) {
                    for (Path jar : files.filter(file -> file.toString().endsWith(".jar"))
                            .sorted()
                            .toList()) {
                        boolean isPolicy = !declaredIn(jar).isEmpty();
                        (isPolicy ? bundles.policies : bundles.others).add(jar);
                    }
                } catch (IOException e) {
                    throw new BenchException("cannot read the bundles in " + directory + ": " + e.getMessage(), e);
                }
            }
            return bundles;
        }
    }

    /** The names, in order. */
    List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /**
     * One of them.
     *
     * @param name null for the only one
     */
    AllocatorFactory choose(@Nullable String name) throws BenchException {
        AllocatorFactory factory = name == null && byName.size() == 1
                ? byName.get(byName.firstKey())
                : byName.get(name == null ? "" : name);
        if (factory == null) {
            String wanted = name == null ? "no policy is named by --policy" : "there is no policy '" + name + "'";
            throw new BenchException(wanted + " " + where + ": there "
                    + (byName.isEmpty() ? "is none" : "is " + String.join(", ", byName.keySet())));
        }
        return factory;
    }

    private void addJar(Path jar, List<Path> others) throws BenchException {
        List<URL> urls = new ArrayList<>();
        urls.add(url(jar));
        for (Path other : others) {
            urls.add(url(other));
        }
        // stays open as long as the policy is used, which is to the end of the program
        URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), Policies.class.getClassLoader());
        addAll(declaredIn(jar), loader);
    }

    private void addAll(List<String> classes, ClassLoader loader) throws BenchException {
        for (String name : classes) {
            try {
                Object made = loader.loadClass(name).getDeclaredConstructor().newInstance();
                if (!(made instanceof AllocatorFactory factory)) {
                    throw new BenchException(name + " " + where + " is no " + AllocatorFactory.class.getName());
                }
                byName.put(factory.name(), factory);
            } catch (ReflectiveOperationException | LinkageError e) {
                throw new BenchException("cannot make the policy " + name + " " + where + ": " + e, e);
            }
        }
    }

    private static URL url(Path jar) throws BenchException {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new BenchException("cannot name " + jar + " as a URL: " + e.getMessage(), e);
        }
    }

    private static List<String> declaredIn(Path jar) throws BenchException {
        try (URLClassLoader alone = new URLClassLoader(new URL[] {url(jar)}, null)) {
            return declared(alone);
        } catch (IOException e) {
            throw new BenchException("cannot close " + jar + ": " + e.getMessage(), e);
        }
    }

    /** The classes of all components that provide a factory. */
    private static List<String> declared(ClassLoader loader) throws BenchException {
        List<String> classes = new ArrayList<>();
        try {
            for (URL url : Collections.list(loader.getResources(MANIFEST))) {
                try (InputStream in = url.openStream()) {
                    String components = new Manifest(in).getMainAttributes().getValue(HEADER);
                    for (String path : components == null ? new String[0] : components.split(",", -1)) {
                        addFactory(loader.getResource(path.strip()), classes);
                    }
                }
            }
        } catch (IOException | XMLStreamException e) {
            throw new BenchException("cannot read the components of a bundle: " + e.getMessage(), e);
        }
        return classes;
    }

    private static void addFactory(@Nullable URL component, List<String> classes)
            throws IOException, XMLStreamException {
        if (component == null) {
            return;
        }
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        try (InputStream in = component.openStream()) {
            XMLStreamReader reader = factory.createXMLStreamReader(in);
            String type = null;
            boolean provides = false;
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamReader.START_ELEMENT) {
                    String element = reader.getLocalName();
                    type = "implementation".equals(element) ? reader.getAttributeValue(null, "class") : type;
                    provides |= "provide".equals(element)
                            && AllocatorFactory.class.getName().equals(reader.getAttributeValue(null, "interface"));
                }
            }
            if (provides && type != null) {
                classes.add(type);
            }
        }
    }
}
