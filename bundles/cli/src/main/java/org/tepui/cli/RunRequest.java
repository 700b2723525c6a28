// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tepui.v1.CommandInfo;
import org.tepui.v1.Environment;

/**
 * What {@code run} was asked for.
 *
 * @param name of it
 * @param cpus of one task
 * @param megabytes of one task
 * @param instances how many tasks
 * @param identity as whom
 * @param program of each task
 * @param killAfter how long a task may run; none without a limit
 */
record RunRequest(
        Name name,
        BigDecimal cpus,
        BigDecimal megabytes,
        int instances,
        Identity identity,
        Program program,
        Optional<Duration> killAfter) {
    /**
     * What it is called.
     *
     * @param text of the framework, and the beginning of each task's id
     * @param job tells two runs of the same name apart
     */
    record Name(String text, String job) {}

    /**
     * As whom it asks.
     *
     * @param role in which it asks for offers
     * @param user as whom the tasks run
     */
    record Identity(String role, String user) {}

    /**
     * What each task does.
     *
     * @param command one text for a shell, or a program and its arguments
     * @param environment what is added to it
     */
    record Program(List<String> command, Map<String, String> environment) {}

    /** The id of a task, numbered from one. */
    String taskId(int number) {
        return name.text() + "-" + name.job() + "-" + number;
    }

    /** What one task asks for, as users read it. */
    String room() {
        return "cpus:" + cpus.toPlainString() + " mem:" + megabytes.toPlainString();
    }

    CommandInfo commandInfo() {
        CommandInfo.Builder info = CommandInfo.newBuilder().setUser(identity.user());
        if (program.command().size() == 1) {
            info.setShell(true).setValue(program.command().get(0));
        } else {
            info.setShell(false).setValue(program.command().get(0)).addAllArguments(program.command());
        }
        Environment.Builder variables = Environment.newBuilder();
        program.environment()
                .forEach((key, value) -> variables.addVariables(Environment.Variable.newBuilder()
                        .setName(key)
                        .setType(Environment.Variable.Type.VALUE)
                        .setValue(value)));
        return info.setEnvironment(variables).build();
    }
}
