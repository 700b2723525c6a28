// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.ObjectInputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules that make the same seed give the same run: time, chance, threads and order come from outside. */
final class DeterminismRules {
    private static final Map<String, Set<String>> FORBIDDEN = Map.ofEntries(
            Map.entry("java.lang.System", Set.of("nanoTime", "currentTimeMillis", "identityHashCode", "exit")),
            Map.entry("java.lang.Math", Set.of("random")),
            Map.entry("java.time.Instant", Set.of("now")),
            Map.entry("java.time.LocalDateTime", Set.of("now")),
            Map.entry("java.time.ZonedDateTime", Set.of("now")),
            Map.entry("java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system")),
            Map.entry("java.util.UUID", Set.of("randomUUID")),
            Map.entry("java.util.Random", Set.of("<init>")),
            Map.entry("java.util.Collections", Set.of("shuffle")),
            Map.entry("java.util.concurrent.ThreadLocalRandom", Set.of("current")),
            Map.entry("java.util.concurrent.CompletableFuture", Set.of("supplyAsync", "runAsync")),
            Map.entry("java.util.concurrent.ForkJoinPool", Set.of("commonPool")),
            Map.entry("java.util.stream.Stream", Set.of("parallel")),
            Map.entry("java.util.Collection", Set.of("parallelStream")));

    private static final Set<String> FORBIDDEN_TYPES = Set.of(
            "java.lang.Thread",
            "java.util.Timer",
            "java.util.IdentityHashMap",
            "java.security.SecureRandom",
            "java.util.concurrent.Executors",
            "java.util.concurrent.ExecutorService",
            "java.util.concurrent.locks.Lock",
            "java.util.concurrent.locks.ReentrantLock");

    /** Sets and maps whose order differs from one virtual machine to the next as soon as they hold two elements. */
    private static final Set<String> UNORDERED = Set.of("java.util.Set", "java.util.Map");

    private DeterminismRules() {}

    /** No clock, no chance, no threads in these packages; components, which wire what is real, apart. */
    static ArchRule noClockChanceOrThreads(List<String> roots) {
        return ArchRuleDefinition.noClasses()
                .that(ImportRules.in(roots))
                .and(areNotComponents())
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "uses the clock, chance or threads directly", DeterminismRules::forbidden))
                .because("runtime brings time, chance and threads in, so that the simulator can")
                .allowEmptyShould(true);
    }

    /** No set or map whose order changes from run to run. */
    static ArchRule noRandomOrder(List<String> roots) {
        return ArchRuleDefinition.noClasses()
                .that(ImportRules.in(roots))
                .should()
                .accessTargetWhere(
                        DescribedPredicate.describe("makes a set or map without an order", DeterminismRules::unordered))
                .because("the order of Set.of and Map.of differs from one virtual machine to the next")
                .allowEmptyShould(true);
    }

    /** No method that locks. */
    static ArchRule noSynchronizedMethods(List<String> roots) {
        return ArchRuleDefinition.noMethods()
                .that(DescribedPredicate.describe(
                        "are in " + roots,
                        (JavaMethod method) -> ImportRules.in(roots).test(method.getOwner())
                                && areNotComponents().test(method.getOwner())))
                .should()
                .haveModifier(JavaModifier.SYNCHRONIZED)
                .because("what belongs to a loop needs no locks")
                .allowEmptyShould(true);
    }

    /** Nobody reads serialized objects. */
    static ArchRule noObjectStreams() {
        return ArchRuleDefinition.noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ObjectInputStream.class)
                .because("bytes from outside must not become objects of any class");
    }

    private static DescribedPredicate<JavaClass> areNotComponents() {
        return DescribedPredicate.describe(
                "are no components", type -> !type.isAnnotatedWith("org.osgi.service.component.annotations.Component"));
    }

    private static boolean forbidden(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        return FORBIDDEN_TYPES.contains(owner)
                || FORBIDDEN.getOrDefault(owner, Set.of()).contains(access.getName());
    }

    private static boolean unordered(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        long commas =
                access.getTarget().getFullName().chars().filter(c -> c == ',').count();
        boolean several =
                access.getTarget().getFullName().contains("[]") || commas > (owner.equals("java.util.Set") ? 0 : 1);
        boolean made = (access.getName().equals("of") && several)
                || access.getName().equals("copyOf")
                || access.getName().equals("ofEntries");
        return (UNORDERED.contains(owner) && made)
                || (owner.equals("java.util.stream.Collectors")
                        && access.getName().startsWith("toUnmodifiable")
                        && !access.getName().equals("toUnmodifiableList"));
    }
}
