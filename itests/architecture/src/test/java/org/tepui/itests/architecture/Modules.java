// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The modules by their root packages, and the table of docs/architecture.md: who may import whom. */
final class Modules {
    /** What everybody may use. */
    static final List<String> EVERYBODY = List.of("java", "org.osgi.annotation", "org.jspecify.annotations");

    /** What everybody but the API and the interfaces of plug-ins may use. */
    static final List<String> LOGGING_AND_SERVICES = List.of("org.slf4j", "org.osgi.service", "org.osgi.framework");

    /** Tools and tests, in no container: they may use all that they drive. */
    static final List<String> TOOLS =
            List.of("org.tepui.launcher", "org.tepui.bench", "org.tepui.testkit", "org.tepui.simulator");

    private static final String API = "org.tepui.api";
    private static final String ALLOCATOR = "org.tepui.allocator";
    private static final String SUPPORT = "org.tepui.allocator.support";
    private static final String PROTO = "org.tepui.proto";
    private static final String V1 = "org.tepui.v1";
    private static final String PROTOBUF = "com.google.protobuf";
    private static final String RUNTIME = "org.tepui.runtime";
    private static final String TRANSPORT = "org.tepui.transport";
    private static final String REGISTRAR = "org.tepui.registrar";
    private static final String DRIVER = "org.tepui.driver";
    private static final String PICOCLI = "picocli";
    private static final String JACKSON = "com.fasterxml.jackson.core";

    private static final String RE2J = "com.google.re2j";

    private static final Map<String, List<String>> ALLOWED = new TreeMap<>();

    static {
        ALLOWED.put(API, List.of());
        ALLOWED.put(ALLOCATOR, List.of(API));
        ALLOWED.put(SUPPORT, List.of(API, ALLOCATOR));
        ALLOWED.put(PROTO, List.of(API, V1, PROTOBUF, JACKSON));
        ALLOWED.put(V1, List.of(PROTOBUF));
        // of the JDK, too: what threads allocate
        ALLOWED.put(RUNTIME, List.of("com.sun.management"));
        ALLOWED.put(TRANSPORT, List.of(API, PROTO, V1, PROTOBUF, RUNTIME, "io.netty"));
        ALLOWED.put(REGISTRAR, List.of(API, PROTO, V1, PROTOBUF, RUNTIME));
        ALLOWED.put(
                "org.tepui.master", List.of(API, ALLOCATOR, PROTO, V1, PROTOBUF, RUNTIME, TRANSPORT, REGISTRAR, RE2J));
        ALLOWED.put("org.tepui.agent", List.of(API, PROTO, V1, PROTOBUF, RUNTIME, TRANSPORT));
        ALLOWED.put("org.tepui.plugins", List.of(API, RUNTIME, "org.osgi.resource", "org.objectweb.asm"));
        ALLOWED.put(DRIVER, List.of(API, PROTO, V1, PROTOBUF, RUNTIME, TRANSPORT));
        ALLOWED.put("org.tepui.http", List.of(API, PROTO, V1, PROTOBUF, RUNTIME, TRANSPORT, JACKSON));
        ALLOWED.put("org.tepui.cli", List.of(API, PROTO, V1, PROTOBUF, RUNTIME, DRIVER, PICOCLI, JACKSON));
        ALLOWED.put("org.tepui.examples", List.of(API, PROTO, V1, PROTOBUF, RUNTIME, DRIVER, PICOCLI));
        ALLOWED.put("org.tepui.allocators.drf", List.of(API, ALLOCATOR, SUPPORT));
        ALLOWED.put("org.tepui.allocators.fairshare", List.of(API, ALLOCATOR, SUPPORT));
        ALLOWED.put("org.tepui.allocators.priority", List.of(API, ALLOCATOR, SUPPORT));
    }

    private Modules() {}

    /** What a bundle may hold beside its own packages: libraries that are no bundles, for nobody else. */
    static List<String> packed(String bundle) {
        return bundle.equals("org.tepui.master") ? List.of(RE2J) : List.of();
    }

    /** Root package to the packages, with all below them, that it may use beside its own and those of everybody. */
    static Map<String, List<String>> allowed() {
        return ALLOWED;
    }

    /** Those that the rules of determinism hold for: they run in the simulator with the same outcome every time. */
    static List<String> deterministic() {
        return List.of(
                "org.tepui.master", "org.tepui.agent", DRIVER, REGISTRAR, SUPPORT, ALLOCATOR, "org.tepui.allocators");
    }

    /** All classes of the product, without tests. */
    static JavaClasses product() {
        return Holder.CLASSES;
    }

    /** Whether a package is a root or below it; {@code org.tepui.allocator.support} is a module of its own. */
    static boolean within(String packageName, String root) {
        boolean below = packageName.equals(root) || packageName.startsWith(root + ".");
        return below && !(root.equals(ALLOCATOR) && within(packageName, SUPPORT));
    }

    private static final class Holder {
        static final JavaClasses CLASSES = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(location -> !location.contains("/itests/"))
                .importPackages("org.tepui");
    }
}
