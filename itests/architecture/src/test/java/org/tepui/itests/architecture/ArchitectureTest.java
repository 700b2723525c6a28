// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
    static Stream<String> modules() {
        return Modules.allowed().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void usesOnlyWhatItMay(String root) {
        ImportRules.of(root, Modules.allowed().getOrDefault(root, List.of())).check(Modules.product());
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void isUsedByWhatItExports(String name) throws IOException {
        Set<String> exported =
                new TreeSet<>(Objects.requireNonNull(Bundles.read().get(name)).packagesOf("Export-Package"));
        ImportRules.onlyExportsAreUsed(name, exported).check(Modules.product());
    }

    static Stream<String> bundles() throws IOException {
        return Bundles.read().keySet().stream();
    }

    @Test
    void hasARuleForEachModule() {
        Set<String> without = new TreeSet<>();
        for (JavaClass type : Modules.product()) {
            boolean known = Stream.concat(modules(), Modules.TOOLS.stream())
                    .anyMatch(root -> Modules.within(type.getPackageName(), root));
            if (!known) {
                without.add(type.getPackageName());
            }
        }
        assertThat(without).as("packages without a rule in Modules").isEmpty();
    }

    @Test
    void usesNettyInTransportAlone() {
        ImportRules.only(List.of("org.tepui.transport", "org.tepui.bench"), "io.netty")
                .check(Modules.product());
    }

    @Test
    void usesNoPlugInFromABundle() {
        ImportRules.only(
                        List.of("org.tepui.allocators", "org.tepui.bench", "org.tepui.simulator"),
                        "org.tepui.allocators")
                .check(Modules.product());
    }

    @Test
    void keepsMasterAndAgentApart() {
        List<String> tools = List.of("org.tepui.bench", "org.tepui.simulator");
        for (Map.Entry<String, List<String>> pair : Map.of(
                        "org.tepui.master", List.of("org.tepui.master"), "org.tepui.agent", List.of("org.tepui.agent"))
                .entrySet()) {
            List<String> users =
                    Stream.concat(pair.getValue().stream(), tools.stream()).toList();
            ImportRules.only(users, pair.getKey()).check(Modules.product());
        }
    }

    @Test
    void takesTimeChanceAndThreadsFromRuntime() {
        DeterminismRules.noClockChanceOrThreads(Modules.deterministic()).check(Modules.product());
    }

    @Test
    void keepsAnOrderInSetsAndMaps() {
        DeterminismRules.noRandomOrder(Modules.deterministic()).check(Modules.product());
    }

    @Test
    void needsNoLocksInWhatBelongsToALoop() {
        DeterminismRules.noSynchronizedMethods(Modules.deterministic()).check(Modules.product());
    }

    @Test
    void readsNoSerializedObjects() {
        DeterminismRules.noObjectStreams().check(Modules.product());
    }
}
