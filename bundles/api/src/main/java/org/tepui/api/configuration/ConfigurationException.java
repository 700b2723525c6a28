// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.configuration;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that a service refuses. Its message names every problem, one per line. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigurationProblem> problems;

    /** @param problems at least one */
    public ConfigurationException(List<ConfigurationProblem> problems) {
        super(problems.stream().map(ConfigurationProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Everything that is wrong, in the order in which it was found. */
    public List<ConfigurationProblem> problems() {
        return problems;
    }
}
