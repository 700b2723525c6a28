// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.BundleException;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.api.service.PluginException;
import org.tepui.plugins.fixture.BlockingPolicy;
import org.tepui.plugins.fixture.ExitingPolicy;
import org.tepui.plugins.fixture.NoPolicy;
import org.tepui.plugins.fixture.ThrowingPolicy;
import org.tepui.plugins.fixture.TwoPolicies;

/** What is wrong is said, and everything is as it was. */
@Timeout(60)
class BadPluginTest {
    @TempDir
    Path directory;

    private TestContainer container;

    @BeforeEach
    void start() throws BundleException, IOException, InterruptedException {
        container = TestContainer.start(directory);
    }

    @AfterEach
    void stop() throws BundleException, InterruptedException {
        container.close();
    }

    static Stream<Arguments> badJars() {
        byte[] good = PluginJars.good("a", "2.0.0");
        byte[] text = "this is no jar".getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                bad("empty", new byte[0], "it is empty"),
                bad("no zip", text, "it is no jar"),
                bad("cut short", Arrays.copyOf(good, good.length / 2), "it is no jar"),
                bad("no manifest", jar().withoutManifest().build(), "no META-INF/MANIFEST.MF"),
                bad("no bundle", jar().without("Bundle-SymbolicName").build(), "no Bundle-SymbolicName"),
                bad("old bundle", jar().without("Bundle-ManifestVersion").build(), "Bundle-ManifestVersion 2"),
                bad("odd name", jar().header("Bundle-SymbolicName", "a/../b").build(), "'a/../b' is not allowed"),
                bad("odd version", jar().header("Bundle-Version", "two").build(), "Bundle-Version 'two'"),
                bad("up", jar().entry("../../etc/passwd", text).build(), "'../../etc/passwd' would leave"),
                bad("absolute", jar().entry("/etc/passwd", text).build(), "'/etc/passwd' would leave"),
                bad("backslash", jar().entry("a\\..\\b", text).build(), "'a\\..\\b' would leave"),
                bad("drive", jar().entry("c:evil", text).build(), "'c:evil' would leave"),
                bad("exports", jar().header("Export-Package", "com.vendor").build(), "it exports com.vendor"),
                bad(
                        "fragment",
                        jar().header("Fragment-Host", "org.tepui.master").build(),
                        "it is a fragment"),
                bad(
                        "single",
                        jar().header("Bundle-SymbolicName", "a;singleton:=true").build(),
                        "is a singleton"),
                bad("copy", jar().type(AllocatorFactory.class).build(), "holds a copy of org.tepui.allocator"),
                bad(
                        "two components",
                        jar().header("Service-Component", "OSGI-INF/a.xml,OSGI-INF/b.xml")
                                .build(),
                        "it has 2 components"),
                bad(
                        "newer interface",
                        jar().header("Import-Package", "org.tepui.allocator;version=\"[0.2,0.3)\"")
                                .build(),
                        "does not resolve: it needs org.tepui.allocator [0.2.0,0.3.0), and here is [0.1.0]"),
                bad(
                        "unknown import",
                        jar().header("Import-Package", "com.vendor.missing").build(),
                        "com.vendor.missing of any version, and here is none"),
                bad(
                        "for agents",
                        jar().header("Import-Package", "org.tepui.isolator;version=\"[0.1,0.2)\"")
                                .build(),
                        "is not for this kind of container: it needs org.tepui.isolator [0.1.0,0.2.0)"),
                bad("no start", jar().activator(ThrowingPolicy.class).build(), "does not start", "no licence"),
                bad("no class", jar().header("Bundle-Activator", "no.Such").build(), "does not start", "no.Such"),
                bad("no service", jar().activator(NoPolicy.class).build(), "registers no service of a plug-in"),
                bad("two services", jar().activator(TwoPolicies.class).build(), "registers 2 services"),
                bad("exit", jar().activator(ExitingPolicy.class).build(), "called System.exit"));
    }

    private static PluginJars jar() {
        return PluginJars.of("a", "2.0.0");
    }

    private static Arguments bad(String what, byte[] jar, String... parts) {
        return Arguments.of(what, jar, parts);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badJars")
    void isRefusedAndLeavesNothing(String what, byte[] jar, String[] parts)
            throws PluginException, InterruptedException, IOException {
        container.install(PluginJars.good("a", "1.0.0"));
        Map<Long, String> bundles = container.bundles();
        byte[] state = Files.readAllBytes(directory.resolve("plugins/state"));
        assertThatThrownBy(() -> container.install(jar))
                .as(what)
                .isInstanceOf(PluginException.class)
                .hasMessageContainingAll(parts);
        assertThat(container.bundles()).isEqualTo(bundles);
        assertThat(Files.readAllBytes(directory.resolve("plugins/state"))).isEqualTo(state);
        try (Stream<Path> jars = Files.list(directory.resolve("plugins/jars"))) {
            assertThat(jars).hasSize(1);
        }
    }

    @Test
    void isLeftBehindIfItsStartDoesNotReturn() throws PluginException, InterruptedException {
        byte[] blocking = jar().activator(BlockingPolicy.class).build();
        try {
            assertThatThrownBy(() -> container.install(blocking)).hasMessageContaining("did not return within 1 s");
            assertThatThrownBy(() -> container.install(blocking)).hasMessageContaining("is still there");
            assertThat(container.install(PluginJars.good("a", "2.0.1")).version())
                    .isEqualTo("2.0.1");
            assertThat(container.bundles()).hasSize(3);
        } finally {
            System.setProperty(BlockingPolicy.RELEASE, "");
        }
        for (int i = 0; i < 500 && container.bundles().size() > 2; i++) {
            Thread.sleep(10);
        }
        System.clearProperty(BlockingPolicy.RELEASE);
        assertThat(container.bundles()).as("it goes when it returns").hasSize(2);
    }
}
