// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(id = LauncherConfiguration.PID, pid = LauncherConfiguration.PID)
@interface LauncherConfiguration {
    /** The configuration's name, and its file's without the ending. */
    String PID = "org.tepui.launcher";

    @AttributeDefinition(
            description = "Directory for everything that the service writes."
                    + " Without it, a directory named as the service under TEPUI_VAR.")
    String work_dir() default "";

    @AttributeDefinition(
            description = "The least severe messages in the log file.",
            options = {
                @Option(label = "error", value = "error"),
                @Option(label = "warn", value = "warn"),
                @Option(label = "info", value = "info"),
                @Option(label = "debug", value = "debug"),
                @Option(label = "trace", value = "trace")
            })
    String log_level() default "info";

    @AttributeDefinition(
            description = "The least severe messages on standard error.",
            options = {
                @Option(label = "off", value = "off"),
                @Option(label = "error", value = "error"),
                @Option(label = "warn", value = "warn"),
                @Option(label = "info", value = "info"),
                @Option(label = "debug", value = "debug"),
                @Option(label = "trace", value = "trace")
            })
    String log_console_level() default "warn";

    @AttributeDefinition(
            description = "Levels of single loggers and all below them: org.tepui.master=debug,io.netty=info.")
    String log_levels() default "";

    @AttributeDefinition(description = "Size at which a log file is closed and the next begun, 1MB to 1GB.")
    String log_file_size() default "20MB";

    @AttributeDefinition(description = "How many closed log files are kept, 1 to 100.")
    int log_files() default 5;

    @AttributeDefinition(description = "How long a start may take until everything is ready, 1s to 1h.")
    String ready_timeout() default "60s";

    @AttributeDefinition(description = "How long a stop may take until the process ends anyway, 1s to 10min.")
    String stop_timeout() default "20s";

    @AttributeDefinition(description = "Stop again as soon as everything is ready: tries an installation out.")
    boolean exit_when_ready() default false;
}
