// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleException;
import org.tepui.api.service.PluginException;
import org.tepui.api.service.PluginException.Kind;
import org.tepui.api.service.PluginInfo;
import org.tepui.plugins.fixture.PolicyActivator;

@Timeout(60)
class PluginManagerTest {
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

    @Test
    void installsANewVersionBesideTheOldAndTouchesNothingElse() throws PluginException, InterruptedException {
        Map<Long, String> before = container.bundles();
        PluginInfo first = container.install(PluginJars.good("a", "1.0.0"));
        assertThat(first.use()).isEqualTo("policy fixture");
        PluginInfo second = container.install(PluginJars.good("a", "1.1.0"));
        assertThat(second.version()).isEqualTo("1.1.0");
        assertThat(second.earlier()).containsExactly("1.0.0");
        assertThat(second.use()).isEqualTo("policy fixture");
        assertThat(container.bundle(first.bundleId())).as("the old bundle").isNull();
        Map<Long, String> after = new TreeMap<>(container.bundles());
        after.remove(second.bundleId());
        assertThat(after).isEqualTo(before);
        container.manager.remove("a", Optional.empty(), "call");
        assertThat(container.bundles()).isEqualTo(before);
    }

    @Test
    void refusesTheSameVersionAndAnOlderOneThatWasNotAskedFor() throws PluginException, InterruptedException {
        container.install(PluginJars.good("a", "1.1.0"));
        assertRefused(Kind.CONFLICT, PluginJars.good("a", "1.1.0"), "a 1.1.0 is installed already", "1.1.1 for");
        assertRefused(Kind.CONFLICT, PluginJars.good("a", "1.0.0"), "a 1.0.0 is older than 1.1.0");
        assertThat(container.installed()).containsExactly("a 1.1.0");
        container.manager.install(PluginJars.good("a", "1.0.0"), "x.jar", Optional.empty(), true);
        assertThat(container.installed()).containsExactly("a 1.0.0");
    }

    @Test
    void rollsBackStepByStep() throws PluginException, InterruptedException {
        for (String version : List.of("1.0.0", "1.1.0", "1.2.0")) {
            container.install(PluginJars.good("a", version));
        }
        assertThat(container.manager.rollback("a", "call").version()).isEqualTo("1.1.0");
        assertThat(container.manager.rollback("a", "call").earlier()).isEmpty();
        assertThat(container.installed()).containsExactly("a 1.0.0");
        assertThatThrownBy(() -> container.manager.rollback("a", "call"))
                .hasMessage("there is no version of a before 1.0.0 to return to");
        container.manager.remove("a", Optional.of("1.0.0"), "call");
        assertThat(container.manager.rollback("a", "call").version()).isEqualTo("1.0.0");
        assertThat(container.store.state().journal())
                .extracting(entry -> entry.number() + " " + entry.action() + " " + entry.from() + ">" + entry.to())
                .containsExactly(
                        "1 INSTALL >1.0.0",
                        "2 INSTALL 1.0.0>1.1.0",
                        "3 INSTALL 1.1.0>1.2.0",
                        "4 ROLLBACK 1.2.0>1.1.0",
                        "5 ROLLBACK 1.1.0>1.0.0",
                        "6 REMOVE 1.0.0>",
                        "7 ROLLBACK >1.0.0");
    }

    @Test
    void keepsPlugInsOverARestart() throws PluginException, BundleException, IOException, InterruptedException {
        container.install(PluginJars.good("a", "1.0.0"));
        container.install(PluginJars.good("b", "1.0.0"));
        container.install(PluginJars.good("a", "1.1.0"));
        List<PluginInfo> before = container.manager.list();
        restart();
        assertThat(container.installed()).containsExactly("a 1.1.0", "b 1.0.0");
        List<PluginInfo> after = container.manager.list();
        assertThat(after.get(0).since()).isEqualTo(before.get(0).since());
        assertThat(after.get(0).bundleId())
                .as("a came last")
                .isGreaterThan(after.get(1).bundleId());
        assertThat(after.get(0).use()).isEqualTo("policy fixture");
        container.manager.rollback("a", "call");
        restart();
        assertThat(container.installed()).containsExactly("a 1.0.0", "b 1.0.0");
    }

    @Test
    void stepsBackWhereTheDistributionHasTheVersionOrAHigherOne()
            throws PluginException, BundleException, IOException, InterruptedException {
        restart(PluginJars.good("a", "1.0.0"));
        assertRefused(Kind.CONFLICT, PluginJars.good("a", "1.0.0"), "installed already");
        assertRefused(Kind.CONFLICT, PluginJars.good("a", "0.9.0"), "older than 1.0.0");
        container.manager.install(PluginJars.good("a", "0.9.0"), "x.jar", Optional.empty(), true);
        restart(PluginJars.good("a", "1.0.0"));
        assertThat(container.installed()).containsExactly("a 0.9.0", "a 1.0.0");
        container.install(PluginJars.good("a", "1.1.0"));
        restart(PluginJars.good("a", "1.2.0"));
        assertThat(container.installed()).containsExactly("a 1.2.0");
        assertThatThrownBy(() -> container.manager.remove("a", Optional.empty(), "call"))
                .hasMessageContaining("belongs to the installation");
    }

    @Test
    void returnsToTheDistributionsVersion() throws PluginException, BundleException, IOException, InterruptedException {
        restart(PluginJars.good("a", "1.0.0"));
        container.install(PluginJars.good("a", "1.1.0"));
        PluginInfo info = container.manager.rollback("a", "call");
        assertThat(info.version()).isEqualTo("1.0.0");
        assertThat(info.origin()).isEqualTo(PluginInfo.Origin.DISTRIBUTION);
        assertThat(info.use()).isEqualTo("policy fixture");
    }

    @Test
    void refusesToReplaceWhatIsNoPlugIn() throws BundleException, IOException, InterruptedException {
        restart(PluginJars.of("core", "1.0.0").without("Bundle-Activator").build());
        assertRefused(Kind.CONFLICT, PluginJars.good("core", "2.0.0"), "core is a part of the installation");
    }

    @Test
    void returnsToTheOldWhereTheNewIsRejected() throws PluginException, InterruptedException {
        PluginInfo first = container.install(PluginJars.good("a", "1.0.0"));
        container.user.rejectNew = "it allocated what is not there";
        assertRefused(Kind.FAILED, PluginJars.good("a", "1.1.0"), "was tried and given up", "allocated what is not");
        assertThat(container.manager.list()).containsExactly(first);
        assertThat(container.bundles()).containsKey(first.bundleId());
        assertThat(container.store.state().journal()).hasSize(1);
    }

    @Test
    void keepsThePolicyInUseIfThereIsNoOther() throws PluginException, InterruptedException {
        container.install(PluginJars.good("a", "1.0.0"));
        container.user.alone = true;
        assertThatThrownBy(() -> container.manager.remove("a", Optional.empty(), "call"))
                .hasMessage("a 1.0.0 cannot go: it is the policy in use, and there is no other of its name");
        assertThat(container.installed()).containsExactly("a 1.0.0");
        assertThatThrownBy(() -> container.manager.remove("a", Optional.of("2.0.0"), "call"))
                .hasMessageContaining("version 1.0.0 is");
        assertThatThrownBy(() -> container.manager.remove("none", Optional.empty(), "call"))
                .hasMessage("there is no plug-in none: installed are [a]");
    }

    @Test
    void goesOnWithoutAPlugInWhoseJarIsDamaged()
            throws PluginException, BundleException, IOException, InterruptedException {
        PluginInfo info = container.install(PluginJars.good("a", "1.0.0"));
        container.install(PluginJars.good("b", "1.0.0"));
        Files.write(container.store.path(info.digest()), new byte[] {1});
        restart();
        assertThat(container.manager.list().get(0).use()).contains("does not run", "damaged");
        assertThat(container.manager.list().get(1).use()).isEqualTo("policy fixture");
        container.install(PluginJars.good("a", "1.0.1"));
        assertThat(container.installed()).containsExactly("a 1.0.1", "b 1.0.0");
    }

    @Test
    void letsGoOfTheClassesOfWhatWent() throws PluginException, InterruptedException, ClassNotFoundException {
        PluginInfo info = container.install(PluginJars.good("a", "1.0.0"));
        WeakReference<ClassLoader> loader = new WeakReference<>(container
                .bundle(info.bundleId())
                .loadClass(PolicyActivator.class.getName())
                .getClassLoader());
        container.install(PluginJars.good("a", "1.1.0"));
        for (int i = 0; i < 50 && loader.get() != null; i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertThat(loader.get()).isNull();
    }

    private void assertRefused(Kind kind, byte[] jar, String... parts) {
        assertThatThrownBy(() -> container.install(jar))
                .isInstanceOfSatisfying(
                        PluginException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContainingAll(parts);
    }

    private void restart(byte[]... distributed) throws BundleException, IOException, InterruptedException {
        container.close();
        container = TestContainer.start(directory, distributed);
    }
}
