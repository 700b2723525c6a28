// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Rules about dependencies between packages. */
final class ImportRules {
    private ImportRules() {}

    /** A module uses its own packages and those that the table allows, and no others. */
    static ArchRule of(String root, List<String> allowed) {
        List<String> packages = new ArrayList<>(allowed);
        packages.add(root);
        packages.addAll(Modules.EVERYBODY);
        boolean plain = root.equals("org.tepui.api") || root.equals("org.tepui.allocator");
        if (!plain) {
            packages.addAll(Modules.LOGGING_AND_SERVICES);
        }
        return ArchRuleDefinition.classes()
                .that(in(List.of(root)))
                .should()
                .onlyDependOnClassesThat(in(packages))
                .because("docs/architecture.md says who may import whom")
                .allowEmptyShould(true);
    }

    /** A library is used by one module alone. */
    static ArchRule only(List<String> modules, String library) {
        return ArchRuleDefinition.noClasses()
                .that(DescribedPredicate.not(in(modules)))
                .should()
                .dependOnClassesThat(in(List.of(library)))
                .because("only " + modules + " use " + library);
    }

    /** Nobody outside uses what a module does not export; tools, which run on a class path, apart. */
    static ArchRule onlyExportsAreUsed(String root, Set<String> exported) {
        return ArchRuleDefinition.noClasses()
                .that(DescribedPredicate.not(in(List.of(root))))
                .and(DescribedPredicate.not(in(Modules.TOOLS)))
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "classes of " + root + " that are not exported",
                        type -> Modules.within(type.getPackageName(), root)
                                && !exported.contains(type.getPackageName())))
                .because("packages that are not exported are free to change")
                .allowEmptyShould(true);
    }

    static DescribedPredicate<JavaClass> in(List<String> roots) {
        return DescribedPredicate.describe(
                "classes in " + roots, type -> roots.stream().anyMatch(root -> Modules.within(packageOf(type), root)));
    }

    private static String packageOf(JavaClass type) {
        // arrays count as what they hold, and primitive types as the JDK's
        String name = type.getBaseComponentType().getPackageName();
        return name.isEmpty() ? "java.lang" : name;
    }
}
