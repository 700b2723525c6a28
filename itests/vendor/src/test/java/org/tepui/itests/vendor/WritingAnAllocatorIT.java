// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** The page about writing an allocator, followed from its first line to its last. */
class WritingAnAllocatorIT {
    private static final Path PAGE = Path.of(System.getProperty("tepui.root"), "docs", "writing-an-allocator.md");

    @TempDir
    static Path directory;

    private static VendorProject project;
    private static Path bundle;

    @BeforeAll
    static void buildWhatThePageShows() throws Exception {
        project = VendorProject.of(PAGE, directory);
        bundle = project.build();
    }

    @Test
    void theBundleImportsTheInterfaceInARangeAndExportsNothing() throws Exception {
        try (JarFile jar = new JarFile(bundle.toFile())) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            assertThat(manifest.getValue("Bundle-SymbolicName")).isEqualTo("com.example.assets");
            assertThat(manifest.getValue("Bundle-Version")).isEqualTo(project.version());
            assertThat(manifest.getValue("Import-Package"))
                    .containsPattern("org\\.tepui\\.allocator;version=\"\\[")
                    .containsPattern("org\\.tepui\\.allocator\\.support;version=\"\\[");
            assertThat(manifest.getValue("Export-Package")).isNull();
            assertThat(manifest.getValue("Service-Component")).contains("AssetAllocatorFactory");
            assertThat(jar.stream().map(Object::toString)).noneMatch(name -> name.startsWith("org/tepui/"));
        }
    }

    @Test
    void thePolicyKeepsTheContract() throws Exception {
        URL[] path = {bundle.toUri().toURL(), project.testClasses().toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(path, getClass().getClassLoader())) {
            SummaryGeneratingListener summary = new SummaryGeneratingListener();
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(loader);
            try {
                LauncherFactory.create()
                        .execute(
                                LauncherDiscoveryRequestBuilder.request()
                                        .selectors(
                                                selectClass(loader.loadClass("com.example.assets.AssetContractTest")))
                                        .build(),
                                summary);
            } finally {
                thread.setContextClassLoader(before);
            }
            StringWriter failures = new StringWriter();
            summary.getSummary().printFailuresTo(new PrintWriter(failures));
            assertThat(failures.toString()).isEmpty();
            assertThat(summary.getSummary().getTestsSucceededCount()).isGreaterThan(20);
        }
    }
}
