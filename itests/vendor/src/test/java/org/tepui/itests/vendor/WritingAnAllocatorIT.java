// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.tepui.itests.cluster.Installation;
import org.tepui.itests.cluster.Outcome;
import org.tepui.itests.cluster.Program;

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
    void theCommandsOfThePageBringItIntoARunningCluster(@TempDir Path var) throws Exception {
        Installation installation = Installation.built(var);
        try (Program local = installation.start("local", "--agents", "1", "--port", "0")) {
            Installation tepui = installation.with("TEPUI_MASTER", Installation.awaitReady(local));
            String out = "";
            for (String command : commands()) {
                Outcome outcome = tepui.run(command.replaceAll("target/\\S+\\.jar", bundle.toString())
                        .split(" ", -1));
                assertThat(outcome.code()).as("%s: %s", command, outcome).isZero();
                out = outcome.out();
            }
            assertThat(out).contains("asset-fairness");
            Outcome run = tepui.run("run", "--name", "n", "--cpus", "0.1", "--mem", "32", "--", "true");
            assertThat(run.code()).as(run.toString()).isZero();
            local.signal("TERM");
            assertThat(local.await().code()).isZero();
        }
    }

    private static List<String> commands() throws IOException {
        String page = Files.readString(PAGE);
        return page.substring(page.indexOf("## 5. In a cluster"))
                .lines()
                .filter(line -> line.startsWith("./tepui "))
                .map(line -> line.substring("./tepui ".length()))
                .toList();
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
