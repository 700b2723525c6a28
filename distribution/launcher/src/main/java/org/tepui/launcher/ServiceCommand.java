// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.util.List;
import java.util.Optional;

/** Starts one service: {@code tepui master} and {@code tepui agent}. */
final class ServiceCommand {
    private final Service service;
    private final Launch launch;

    ServiceCommand(Service service, Launch launch) {
        this.service = service;
        this.launch = launch;
    }

    /** Runs until the service ends. */
    int run(List<String> arguments) throws LaunchException, InterruptedException {
        String name = service.bundles();
        OptionCatalog options = launch.distribution().options(service);
        Flags flags = Flags.parse(arguments, options);
        if (flags.help()) {
            launch.out()
                    .print(Usage.of(
                            "tepui " + name + " [OPTION...]",
                            "Starts one " + name + " in the foreground. Ctrl-C or SIGTERM stops it.",
                            options));
            return 0;
        }
        SettingsReader reader = launch.settingsReader();
        Settings settings = reader.read(options, flags.values());
        Launch.refuse(Launch.problems(flags, reader, List.of(settings)));
        Container container = launch.container(name, service, settings, launch.workDirectory(settings, name));
        launch.containers().add(List.of(container));
        String address = container.start();
        launch.out()
                .println(name + " ready on " + address + " (pid "
                        + ProcessHandle.current().pid() + ", " + ProcessAge.milliseconds() + " ms)");
        return container.exitWhenReady() ? 0 : launch.awaitEnd(List.of(container), Optional.empty());
    }
}
