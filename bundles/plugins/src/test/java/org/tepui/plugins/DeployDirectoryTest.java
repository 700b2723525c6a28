// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleException;
import org.tepui.api.service.PluginException;

@Timeout(60)
class DeployDirectoryTest {
    @TempDir
    Path directory;

    private Path deploy;
    private TestContainer container;

    @BeforeEach
    void start() throws BundleException, IOException, InterruptedException {
        deploy = Files.createDirectory(directory.resolve("deploy"));
        container = TestContainer.start(directory);
    }

    @AfterEach
    void stop() throws BundleException, InterruptedException {
        container.close();
    }

    @Test
    void installsAJarOnceItDoesNotChangeAnyMore() throws IOException, InterruptedException {
        byte[] jar = PluginJars.good("a", "1.0.0");
        write("a.jar", Arrays.copyOf(jar, 100));
        look(1);
        write("a.jar", Arrays.copyOf(jar, jar.length));
        look(1);
        assertThat(container.installed()).isEmpty();
        look(1);
        assertThat(container.installed()).containsExactly("a 1.0.0");
        assertThat(container.deploy.refused()).isEmpty();
    }

    @Test
    void replacesAPlugInWhoseJarChangedByItsVersion() throws IOException, InterruptedException {
        write("a.jar", PluginJars.good("a", "1.0.0"));
        look(2);
        write(
                "a.jar",
                PluginJars.of("a", "1.0.0").header("Bundle-Name", "changed").build());
        look(2);
        assertThat(container.deploy.refused())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.reason()).contains("a 1.0.0 is installed already"));
        write("a.jar", PluginJars.good("a", "1.1.0"));
        look(2);
        assertThat(container.installed()).containsExactly("a 1.1.0");
        assertThat(container.deploy.refused()).isEmpty();
        write("a.jar", PluginJars.good("a", "0.9.0"));
        look(2);
        assertThat(container.deploy.refused())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.reason()).contains("older than 1.1.0"));
    }

    @Test
    void removesThePlugInOfAJarThatWent() throws IOException, InterruptedException {
        write("a-1.jar", PluginJars.good("a", "1.0.0"));
        look(2);
        write("a-2.jar", PluginJars.good("a", "2.0.0"));
        look(2);
        Files.delete(deploy.resolve("a-1.jar"));
        look(3);
        assertThat(container.installed()).as("the file of an earlier version").containsExactly("a 2.0.0");
        Files.delete(deploy.resolve("a-2.jar"));
        look(1);
        assertThat(container.installed()).as("it may be on its way").containsExactly("a 2.0.0");
        look(1);
        assertThat(container.installed()).isEmpty();
        assertThat(container.store.state().deployed()).isEmpty();
    }

    @Test
    void keepsThePolicyInUseWhoseJarWent() throws IOException, InterruptedException {
        write("a.jar", PluginJars.good("a", "1.0.0"));
        look(2);
        container.user.alone = true;
        Files.delete(deploy.resolve("a.jar"));
        look(3);
        assertThat(container.installed()).containsExactly("a 1.0.0");
    }

    @Test
    void triesABadJarOnce() throws IOException, InterruptedException {
        write("bad.jar", new byte[0]);
        write("note.txt", new byte[] {1});
        Files.createDirectory(deploy.resolve("directory.jar"));
        look(2);
        assertThat(container.deploy.refused()).singleElement().satisfies(refusal -> {
            assertThat(refusal.file()).isEqualTo("bad.jar");
            assertThat(refusal.reason()).isEqualTo("bad.jar is refused: it is empty");
        });
        long next = nextBundle();
        look(3);
        assertThat(nextBundle()).isEqualTo(next);
        Files.delete(deploy.resolve("bad.jar"));
        look(1);
        assertThat(container.deploy.refused()).isEmpty();
    }

    @Test
    void remembersWhatItInstalledOverARestartAndARemoval()
            throws IOException, InterruptedException, PluginException, BundleException {
        write("a.jar", PluginJars.good("a", "1.0.0"));
        write("b.jar", PluginJars.good("b", "1.0.0"));
        look(2);
        container.manager.remove("a", Optional.empty(), "call");
        look(2);
        restart();
        look(3);
        assertThat(container.installed())
                .as("what was removed by a call stays away")
                .containsExactly("b 1.0.0");
        Files.delete(deploy.resolve("b.jar"));
        restart();
        look(2);
        assertThat(container.installed()).as("its file went meanwhile").isEmpty();
    }

    @Test
    void doesNotInstallTwiceWhatWasOnlyTouched() throws IOException, InterruptedException {
        write("a.jar", PluginJars.good("a", "1.0.0"));
        look(2);
        Files.setLastModifiedTime(deploy.resolve("a.jar"), java.nio.file.attribute.FileTime.fromMillis(1000));
        look(3);
        assertThat(container.deploy.refused()).isEmpty();
        assertThat(container.store.state().journal()).hasSize(1);
    }

    @Test
    void toleratesThatThereIsNoDirectory() throws IOException, InterruptedException {
        Files.delete(deploy);
        look(2);
        assertThat(container.installed()).isEmpty();
    }

    private long nextBundle() {
        return container.bundles().keySet().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    private void write(String file, byte[] content) throws IOException {
        Files.write(deploy.resolve(file), content);
    }

    private void look(int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            container.deploy.look();
        }
    }

    private void restart() throws BundleException, IOException, InterruptedException {
        container.close();
        container = TestContainer.start(directory);
    }
}
