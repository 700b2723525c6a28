// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;
import org.tepui.api.configuration.ConfigurationException;

/** What Declarative Services knows about components that do not come up. */
final class ComponentProblems {
    private static final String CONFIGURATION_REFUSED = ConfigurationException.class.getName() + ": ";

    private static final Pattern CAUSED_BY = Pattern.compile("\nCaused by: ");

    /** Of an exception that has a message. */
    private static final Pattern CLASS_NAME = Pattern.compile("^[\\w.$]+: ");

    private final BundleContext context;

    ComponentProblems(BundleContext context) {
        this.context = context;
    }

    /**
     * A sentence per component whose activation failed; the problems line by line where a configuration was
     * refused.
     */
    List<String> failures() {
        List<String> failures = new ArrayList<>();
        for (ComponentConfigurationDTO configuration : configurations()) {
            if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                failures.add(explain(configuration.description.name, String.valueOf(configuration.failure)));
            }
        }
        return failures;
    }

    /** Whether a component failed because its configuration was refused. */
    boolean configurationRefused() {
        return configurations().stream()
                .anyMatch(configuration -> configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION
                        && String.valueOf(configuration.failure).contains(CONFIGURATION_REFUSED));
    }

    /** A sentence per component that waits for something. */
    List<String> waiting() {
        List<String> waiting = new ArrayList<>();
        for (ComponentConfigurationDTO configuration : configurations()) {
            ComponentDescriptionDTO description = configuration.description;
            if (configuration.state == ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION) {
                waiting.add(description.name + " waits for its configuration");
            } else if (configuration.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE) {
                String missing = List.of(configuration.unsatisfiedReferences).stream()
                        .map(reference -> interfaceOf(description, reference))
                        .collect(Collectors.joining(", "));
                waiting.add(description.name + " waits for " + missing);
            }
        }
        return waiting;
    }

    private List<ComponentConfigurationDTO> configurations() {
        Optional<ServiceComponentRuntime> runtime = runtime();
        if (runtime.isEmpty()) {
            return List.of();
        }
        Collection<ComponentDescriptionDTO> descriptions = runtime.get().getComponentDescriptionDTOs();
        return descriptions.stream()
                .flatMap(description -> runtime.get().getComponentConfigurationDTOs(description).stream())
                .toList();
    }

    private Optional<ServiceComponentRuntime> runtime() {
        ServiceReference<ServiceComponentRuntime> reference =
                context.getServiceReference(ServiceComponentRuntime.class);
        return reference == null ? Optional.empty() : Optional.ofNullable(context.getService(reference));
    }

    private static String interfaceOf(ComponentDescriptionDTO description, UnsatisfiedReferenceDTO unsatisfied) {
        return List.of(description.references).stream()
                .filter(reference -> reference.name.equals(unsatisfied.name))
                .map(reference -> reference.interfaceName)
                .findFirst()
                .orElse(unsatisfied.name);
    }

    /**
     * The failure is a printed stack trace: what matters is the message of the last cause, which may have several
     * lines, or of the first exception that repeats it and says more.
     */
    static String explain(String component, String trace) {
        int refused = trace.lastIndexOf(CONFIGURATION_REFUSED);
        if (refused >= 0) {
            return linesOfMessage(trace.substring(refused + CONFIGURATION_REFUSED.length()));
        }
        List<String> messages = List.of(CAUSED_BY.split(trace)).stream()
                .map(part -> CLASS_NAME.matcher(linesOfMessage(part)).replaceFirst(""))
                .toList();
        String last = messages.get(messages.size() - 1);
        return component + " failed: "
                + messages.stream()
                        .filter(message -> message.contains(last))
                        .findFirst()
                        .orElse(last);
    }

    private static String linesOfMessage(String text) {
        return text.lines().takeWhile(line -> !line.startsWith("\t")).collect(Collectors.joining("\n"));
    }
}
