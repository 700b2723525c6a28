// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tepui.proto.operator.Call;
import org.tepui.proto.operator.Response;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The allocation policies of a cluster: which there are, how they do, and which is used. */
@Command(
        name = "allocator",
        description = "Shows and swaps the allocation policy of a cluster while it runs.",
        footer = {
            "",
            "Examples:",
            "  tepui allocator list",
            "  tepui allocator use drf --set allocation.interval=2s",
            "  tepui allocator status"
        })
final class AllocatorCommand implements Callable<Integer> {
    /** The command with its own commands. */
    static CommandLine line(Terminal terminal) {
        return new CommandLine(new AllocatorCommand())
                .addSubcommand(new Use(terminal))
                .addSubcommand(new Installed(terminal))
                .addSubcommand(new Status(terminal));
    }

    @Override
    public Integer call() throws CommandException {
        throw new CommandException(ExitCode.MISUSED, "say use, list or status: 'tepui allocator --help' tells more");
    }

    private static Map<String, Object> describe(Response.Allocator allocator) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", allocator.getName());
        object.put("version", allocator.getVersion());
        object.put("in_use", allocator.getInUse());
        if (allocator.hasSuspended()) {
            object.put("suspended", allocator.getSuspended());
        }
        object.put("configuration", new TreeMap<>(allocator.getConfigurationMap()));
        return object;
    }

    private static double milliseconds(long nanos) {
        return Math.round(nanos / 1e3) / 1e3;
    }

    @Command(
            name = "use",
            description = "Puts a policy in place of the one that is used. Offers and tasks do not notice; if it does"
                    + " not work, the one before goes on.",
            footer = {"", "Example:", "  tepui allocator use fair-share --set half.life=7d"})
    private static final class Use implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private final ClusterOptions cluster = new ClusterOptions();

        @Parameters(paramLabel = "NAME", description = "As 'tepui allocator list' shows it.")
        private String name = "";

        @Option(
                names = "--version",
                paramLabel = "VERSION",
                description = "Only this one, also when another is installed. Without it the one installed last.")
        private @Nullable String version;

        @Option(
                names = "--set",
                paramLabel = "KEY=VALUE",
                description = "A setting of the policy, laid over those of its file. May be repeated.")
        private final Map<String, String> settings = new TreeMap<>();

        @Option(names = "--json", description = "Print one JSON object.")
        private boolean json;

        Use(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws CommandException {
            Call.UseAllocator.Builder use =
                    Call.UseAllocator.newBuilder().setName(name).putAllConfiguration(settings);
            if (version != null) {
                use.setVersion(version);
            }
            Response.UseAllocator answer = cluster.client()
                    .call(Call.newBuilder()
                            .setType(Call.Type.USE_ALLOCATOR)
                            .setUseAllocator(use)
                            .build())
                    .getUseAllocator();
            Response.Allocator serving = answer.getAllocator();
            if (json) {
                Map<String, Object> object = describe(serving);
                object.put("pause_ms", milliseconds(answer.getPauseNs()));
                terminal.out().println(Json.of(object));
            } else {
                terminal.out()
                        .println("allocation policy " + serving.getName() + " " + serving.getVersion()
                                + " serves; offers paused for " + milliseconds(answer.getPauseNs()) + " ms");
            }
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "list",
            description = "Lists the policies that are installed.",
            footer = {"", "Example:", "  tepui allocator list --json"})
    private static final class Installed extends ListCommand {
        Installed(Terminal terminal) {
            super(terminal);
        }

        @Override
        Table table() {
            return new Table("NAME", "VERSION", "STATE", "CONFIGURATION");
        }

        @Override
        String nothing() {
            return "no allocation policies are installed";
        }

        @Override
        List<Map<String, Object>> list(ApiClient client, Table table) throws CommandException {
            List<Map<String, Object>> objects = new ArrayList<>();
            for (Response.Allocator allocator : client.call(
                            Call.newBuilder().setType(Call.Type.GET_ALLOCATORS).build())
                    .getGetAllocators()
                    .getAllocatorsList()) {
                String state = allocator.getInUse()
                        ? "in use"
                        : allocator.hasSuspended() ? "suspended: " + allocator.getSuspended() : "installed";
                table.add(allocator.getName(), allocator.getVersion(), state, settings(allocator));
                objects.add(describe(allocator));
            }
            return objects;
        }

        private static String settings(Response.Allocator allocator) {
            List<String> settings = new ArrayList<>();
            new TreeMap<>(allocator.getConfigurationMap()).forEach((key, value) -> settings.add(key + "=" + value));
            return String.join(" ", settings);
        }
    }

    @Command(
            name = "status",
            description = "Shows which policy serves, since when, and what happened to policies before.",
            footer = {"", "Example:", "  tepui allocator status"})
    private static final class Status implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private final ClusterOptions cluster = new ClusterOptions();

        @Option(names = "--json", description = "Print one JSON object.")
        private boolean json;

        Status(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws CommandException {
            Response.GetAllocatorStatus status = cluster.client()
                    .call(Call.newBuilder()
                            .setType(Call.Type.GET_ALLOCATOR_STATUS)
                            .build())
                    .getGetAllocatorStatus();
            if (json) {
                terminal.out().println(Json.of(object(status)));
            } else {
                print(status);
            }
            return ExitCode.DONE;
        }

        private static String time(long nanos) {
            return Instant.EPOCH.plus(Duration.ofMillis(nanos / 1_000_000)).toString();
        }

        private static Map<String, Object> object(Response.GetAllocatorStatus status) {
            Map<String, Object> object = new LinkedHashMap<>();
            if (status.hasServing()) {
                object.put("serving", describe(status.getServing()));
                object.put("since", time(status.getServingSince().getNanoseconds()));
            }
            object.put("chosen", status.getChosenName());
            if (status.hasChosenVersion()) {
                object.put("chosen_version", status.getChosenVersion());
            }
            if (status.hasPreparing()) {
                object.put("preparing", status.getPreparing());
            }
            object.put("swaps", status.getSwaps());
            object.put("failures", status.getFailures());
            object.put("abandoned", (long) status.getAbandoned());
            List<Object> events = new ArrayList<>();
            for (Response.AllocatorEvent event : status.getEventsList()) {
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("time", time(event.getTime().getNanoseconds()));
                entry.put("event", event.getKind().name());
                entry.put("name", event.getName());
                entry.put("version", event.getVersion());
                entry.put("reason", event.getReason());
                if (event.hasPauseNs()) {
                    entry.put("pause_ms", milliseconds(event.getPauseNs()));
                }
                events.add(entry);
            }
            object.put("events", events);
            return object;
        }

        private void print(Response.GetAllocatorStatus status) {
            if (status.hasServing()) {
                terminal.out()
                        .println(status.getServing().getName() + " "
                                + status.getServing().getVersion() + " serves since "
                                + time(status.getServingSince().getNanoseconds()));
            } else {
                terminal.out().println("no allocation policy serves: there are no new offers");
            }
            String version = status.hasChosenVersion() ? " " + status.getChosenVersion() : "";
            terminal.out().println("chosen: " + status.getChosenName() + version);
            if (status.hasPreparing()) {
                terminal.out().println("preparing: " + status.getPreparing());
            }
            terminal.out().println("swaps: " + status.getSwaps() + "  failures: " + status.getFailures());
            if (status.getAbandoned() > 0) {
                terminal.out()
                        .println("policies that were given up and still run: " + status.getAbandoned()
                                + " (a restart of the master ends them)");
            }
            if (status.getEventsCount() > 0) {
                Table table = new Table("TIME", "EVENT", "POLICY", "REASON");
                status.getEventsList()
                        .forEach(event -> table.add(
                                time(event.getTime().getNanoseconds()),
                                event.getKind().name().toLowerCase(Locale.ROOT),
                                event.getName() + " " + event.getVersion(),
                                event.getReason().replace('\n', ' ')));
                table.print(terminal.out(), terminal.columns());
            }
        }
    }
}
