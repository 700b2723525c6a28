// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** What Declarative Services says about the components of a bundle. */
final class ComponentStates {
    private final BundleContext context;

    ComponentStates(BundleContext context) {
        this.context = context;
    }

    /** Why a component of a bundle is not there; empty if nothing is known. */
    Optional<String> problem(Bundle bundle) {
        ServiceReference<ServiceComponentRuntime> reference =
                context.getServiceReference(ServiceComponentRuntime.class);
        @Nullable ServiceComponentRuntime runtime = reference == null ? null : context.getService(reference);
        if (runtime == null) {
            return Optional.empty();
        }
        List<String> problems = new ArrayList<>();
        for (ComponentDescriptionDTO description : runtime.getComponentDescriptionDTOs(bundle)) {
            missingClass(bundle, description).ifPresent(problems::add);
            for (ComponentConfigurationDTO configuration : runtime.getComponentConfigurationDTOs(description)) {
                problem(configuration).ifPresent(problems::add);
            }
        }
        context.ungetService(reference);
        return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
    }

    /** Declarative Services logs that a class cannot be loaded, and keeps no reason. */
    private static Optional<String> missingClass(Bundle bundle, ComponentDescriptionDTO description) {
        try {
            bundle.loadClass(description.implementationClass);
            return Optional.empty();
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.of("class " + description.implementationClass + " of component " + description.name
                    + " cannot be loaded: " + PluginBundles.rootCause(e));
        }
    }

    private static Optional<String> problem(ComponentConfigurationDTO configuration) {
        String name = "component " + configuration.description.name;
        return switch (configuration.state) {
            case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                Optional.of(name + " failed: " + cause(String.valueOf(configuration.failure)));
            case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION -> Optional.of(name + " waits for configuration");
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE ->
                Optional.of(name + " waits for "
                        + Arrays.stream(configuration.unsatisfiedReferences)
                                .map(missing -> missing.name)
                                .collect(Collectors.joining(", ")));
            default ->
                configuration.failure == null
                        ? Optional.empty()
                        : Optional.of(name + " failed: " + cause(configuration.failure));
        };
    }

    /** The message of the last cause in a printed stack trace. */
    private static String cause(String trace) {
        int cause = trace.lastIndexOf("Caused by: ");
        String text = cause < 0 ? trace : trace.substring(cause + "Caused by: ".length());
        return PluginJar.printable(text.lines().findFirst().orElse(text));
    }
}
