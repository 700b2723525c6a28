// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.bench.report.BenchException;

class PoliciesTest {
    @TempDir
    Path directory;

    /** What a vendor's bundle would have. */
    public static final class Vendors implements AllocatorFactory {
        @Override
        public String name() {
            return "vendors";
        }

        @Override
        public Allocator create(AllocatorContext context, Map<String, String> configuration) {
            throw new UnsupportedOperationException("not needed here");
        }
    }

    /** Cannot be made without a container. */
    public static final class Demanding {
        /** @param needed nobody has it here */
        public Demanding(String needed) {}
    }

    private Path bundle(String path, String type, String service) throws IOException {
        Path jar = directory.resolve(path);
        Files.createDirectories(jar.getParent());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Service-Component", "OSGI-INF/one.xml, OSGI-INF/absent.xml");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            entries.putNextEntry(new JarEntry("OSGI-INF/one.xml"));
            entries.write(
                    ("<scr:component xmlns:scr='http://www.osgi.org/xmlns/scr/v1.3.0'><service><provide interface='"
                                    + service + "'/></service><implementation class='" + type + "'/></scr:component>")
                            .getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    private Path bundle(String path, Class<?> type) throws IOException {
        return bundle(path, type.getName(), AllocatorFactory.class.getName());
    }

    @Test
    void findsThePoliciesAmongTheBundlesOfAMaster() throws Exception {
        bundle("bundles/master/60-policies/vendors.jar", Vendors.class);
        bundle("bundles/master/50-tepui/other.jar", "org.example.Other", "java.lang.Runnable");
        Files.createDirectories(directory.resolve("bundles/shared"));
        Policies policies = Policies.ofInstallation(directory);
        assertThat(policies.names()).containsExactly("vendors");
        assertThat(policies.choose("vendors").name()).isEqualTo("vendors");
        assertThatThrownBy(() -> policies.choose("drf"))
                .isInstanceOf(BenchException.class)
                .hasMessage("there is no policy 'drf' in " + directory + ": there is vendors");
    }

    @Test
    void takesTheOnlyPolicyOfABundleWithoutItsName() throws Exception {
        Path jar = bundle("vendors.jar", Vendors.class);
        assertThat(Policies.ofJar(jar, null).choose(null).name()).isEqualTo("vendors");
    }

    @Test
    void saysWhyABundleCannotBeMeasured() throws Exception {
        Path other = bundle("other.jar", "org.example.Other", "java.lang.Runnable");
        assertThatThrownBy(() -> Policies.ofJar(other, null))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining(other + " provides no policy");
        Path absent = bundle("absent.jar", "org.example.Absent", AllocatorFactory.class.getName());
        assertThatThrownBy(() -> Policies.ofJar(absent, null))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("cannot make the policy org.example.Absent in " + absent);
        Path demanding = bundle("demanding.jar", Demanding.class);
        assertThatThrownBy(() -> Policies.ofJar(demanding, null))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("NoSuchMethodException");
        Path text = Files.writeString(directory.resolve("text.jar"), "no jar");
        assertThatThrownBy(() -> Policies.ofJar(text, null))
                .isInstanceOf(BenchException.class)
                .hasMessageStartingWith("cannot read " + text + " as a jar: ");
    }
}
