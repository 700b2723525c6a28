// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BundleTest {
    private static final List<String> PLUG_IN_INTERFACES = List.of("org.tepui.allocator");
    private static Map<String, Bundles.Content> bundles;

    @BeforeAll
    static void read() throws IOException {
        bundles = Bundles.read();
    }

    @Test
    void areAllHere() {
        assertThat(bundles.keySet())
                .contains("org.tepui.api", "org.tepui.proto", "org.tepui.master", "org.tepui.agent")
                .contains("org.tepui.allocators.drf", "org.tepui.allocators.fairshare")
                .contains("org.tepui.http", "org.tepui.transport");
    }

    @Test
    void holdOnlyPackagesBelowTheirNames() {
        bundles.forEach((name, content) -> assertThat(content.packages())
                .as("packages in bundle %s", name)
                .allMatch(held -> Modules.within(held, name)
                        || Modules.packed(name).stream().anyMatch(library -> Modules.within(held, library))
                        || (name.equals("org.tepui.proto") && Modules.within(held, "org.tepui.v1"))));
    }

    @Test
    void exportNoLibrary() {
        bundles.forEach((name, content) -> assertThat(content.packagesOf("Export-Package"))
                .as("exports of bundle %s", name)
                .noneMatch(Modules.packed(name)::contains));
    }

    @Test
    void exportPackagesWithVersions() {
        bundles.forEach((name, content) -> assertThat(content.clauses("Export-Package"))
                .as("exports of bundle %s", name)
                .allMatch(clause -> clause.contains("version=")));
    }

    @Test
    void importNothingOfTheJdkOrOfAnnotations() {
        bundles.forEach((name, content) -> assertThat(content.packagesOf("Import-Package"))
                .as("imports of bundle %s", name)
                .noneMatch(imported -> imported.startsWith("java."))
                .noneMatch(imported -> imported.startsWith("org.jspecify"))
                .noneMatch(imported -> imported.startsWith("org.osgi.annotation")));
    }

    @Test
    void importPackagesOfOthersWithRanges() {
        bundles.forEach((name, content) -> assertThat(content.clauses("Import-Package"))
                .as("imports of bundle %s", name)
                .filteredOn(clause -> clause.startsWith("org.tepui."))
                .filteredOn(clause -> !Modules.TOOLS.contains(name))
                .allMatch(clause -> clause.contains("version=\"[")));
    }

    @Test
    void doNotExportOrHoldTheInterfacesOfPlugInsAsPlugIns() {
        for (Map.Entry<String, Bundles.Content> bundle : bundles.entrySet()) {
            if (bundle.getKey().startsWith("org.tepui.allocators.")) {
                assertThat(bundle.getValue().packagesOf("Export-Package")).isEmpty();
                assertThat(bundle.getValue().packages())
                        .noneMatch(held -> PLUG_IN_INTERFACES.stream().anyMatch(api -> Modules.within(held, api)));
            }
        }
    }

    @Test
    void splitNoPackage() {
        for (Map.Entry<String, Bundles.Content> one : bundles.entrySet()) {
            for (Map.Entry<String, Bundles.Content> other : bundles.entrySet()) {
                if (!one.getKey().equals(other.getKey())) {
                    assertThat(one.getValue().packages())
                            .as("packages that %s and %s both hold", one.getKey(), other.getKey())
                            .noneMatch(other.getValue().packages()::contains);
                }
            }
        }
    }
}
