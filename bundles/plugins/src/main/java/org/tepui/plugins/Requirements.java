// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.AbstractWiringNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;

/** What a bundle needs that is not here, in words. */
final class Requirements {
    private static final Pattern ATTRIBUTE = Pattern.compile("(!?)\\(+(version|bundle-version)(>=|<=|=)([^)]+)\\)");

    private final FrameworkWiring framework;

    Requirements(FrameworkWiring framework) {
        this.framework = framework;
    }

    /**
     * What is missing.
     *
     * @param problems a clause for each requirement that nothing meets
     * @param elsewhere whether one of them is the interface of plug-ins of another kind of container
     */
    record Missing(List<String> problems, boolean elsewhere) {}

    Missing missing(Bundle bundle) {
        List<String> problems = new ArrayList<>();
        boolean elsewhere = false;
        for (BundleRequirement requirement : bundle.adapt(BundleRevision.class).getDeclaredRequirements(null)) {
            if (isMandatory(requirement) && framework.findProviders(requirement).isEmpty()) {
                Collection<Version> present = present(requirement);
                String what = name(requirement);
                elsewhere |= present.isEmpty() && PluginKinds.isInterfacePackage(what);
                problems.add(what + " " + range(filter(requirement)) + ", and here is "
                        + (present.isEmpty() ? "none" : String.valueOf(present)));
            }
        }
        return new Missing(problems, elsewhere);
    }

    private static boolean isMandatory(BundleRequirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        String effective =
                directives.getOrDefault(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, Namespace.EFFECTIVE_RESOLVE);
        String resolution =
                directives.getOrDefault(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE, Namespace.RESOLUTION_MANDATORY);
        return effective.equals(Namespace.EFFECTIVE_RESOLVE) && resolution.equals(Namespace.RESOLUTION_MANDATORY);
    }

    /** The versions in which what is required by name is here. */
    private Collection<Version> present(BundleRequirement requirement) {
        String namespace = requirement.getNamespace();
        String filter = "(" + namespace + "=" + name(requirement) + ")";
        Collection<Version> versions = new TreeSet<>();
        for (BundleCapability capability : framework.findProviders(new ByName(namespace, filter))) {
            Object version = capability
                    .getAttributes()
                    .get(
                            namespace.equals(PackageNamespace.PACKAGE_NAMESPACE)
                                    ? Constants.VERSION_ATTRIBUTE
                                    : AbstractWiringNamespace.CAPABILITY_BUNDLE_VERSION_ATTRIBUTE);
            if (version instanceof Version known) {
                versions.add(known);
            } else if (capability.getAttributes().get(Constants.VERSION_ATTRIBUTE) instanceof List<?> several) {
                several.forEach(one -> versions.add(Version.parseVersion(String.valueOf(one))));
            }
        }
        return versions;
    }

    /** The name of the package, bundle or environment that is required; the whole filter where it has another form. */
    private static String name(BundleRequirement requirement) {
        String filter = filter(requirement);
        Matcher matcher = Pattern.compile("\\(" + Pattern.quote(requirement.getNamespace()) + "=([^()*]+)\\)")
                .matcher(filter);
        return matcher.find() ? matcher.group(1) : requirement.getNamespace() + " " + filter;
    }

    private static String filter(BundleRequirement requirement) {
        @Nullable String filter = requirement.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE);
        return filter == null ? "" : filter;
    }

    /** The versions that a filter allows, as an interval. */
    static String range(String filter) {
        String low = "";
        String high = "";
        Matcher matcher = ATTRIBUTE.matcher(filter);
        while (matcher.find()) {
            boolean negated = !matcher.group(1).isEmpty();
            String version = matcher.group(4);
            switch (matcher.group(3)) {
                case ">=" -> {
                    if (negated) {
                        high = version + ")";
                    } else {
                        low = "[" + version;
                    }
                }
                case "<=" -> {
                    if (negated) {
                        low = "(" + version;
                    } else {
                        high = version + "]";
                    }
                }
                default -> {
                    low = "[" + version;
                    high = version + "]";
                }
            }
        }
        if (low.isEmpty() && high.isEmpty()) {
            return "of any version";
        }
        return (low.isEmpty() ? "[0" : low) + "," + (high.isEmpty() ? "infinity)" : high);
    }

    /** Asks for something by name, in any version. */
    private record ByName(String namespace, String filter) implements Requirement {
        @Override
        public String getNamespace() {
            return namespace;
        }

        @Override
        public Map<String, String> getDirectives() {
            return Map.of(Namespace.REQUIREMENT_FILTER_DIRECTIVE, filter);
        }

        @Override
        public Map<String, Object> getAttributes() {
            return Map.of();
        }

        @Override
        @SuppressWarnings("NullAway") // a requirement that belongs to no bundle: the framework allows null here
        public org.osgi.resource.@Nullable Resource getResource() {
            return null;
        }
    }
}
