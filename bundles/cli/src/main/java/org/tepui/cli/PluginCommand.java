// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.tepui.proto.operator.Call;
import org.tepui.proto.operator.Response;
import org.tepui.proto.operator.Response.Plugin;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The plug-ins of one node: listed, installed, removed, rolled back. */
@Command(
        name = "plugin",
        description = "Lists, installs, removes and rolls back plug-ins of one node, while it runs.",
        footer = {
            "",
            "The node is the master, or what --master names: HOST:PORT of an agent lists the plug-ins of that agent.",
            "",
            "Examples:",
            "  tepui plugin",
            "  tepui plugin install target/org.example.policy-1.2.0.jar",
            "  tepui plugin rollback org.example.policy",
            "  tepui plugin remove org.example.policy:1.2.0"
        })
final class PluginCommand extends ListCommand {
    /** A request has at most 10 MiB. */
    private static final long LARGEST_SENT = (10 << 20) - 1024;

    private final Terminal terminal;

    private PluginCommand(Terminal terminal) {
        super(terminal);
        this.terminal = terminal;
    }

    /** The verb with its own verbs; alone it lists. */
    static CommandLine line(Terminal terminal) {
        return new CommandLine(new PluginCommand(terminal))
                .addSubcommand("list", new CommandLine(new PluginCommand(terminal)))
                .addSubcommand(new CommandLine(new Install(terminal)))
                .addSubcommand(new CommandLine(new Remove(terminal)))
                .addSubcommand(new CommandLine(new Rollback(terminal)));
    }

    @Override
    Table table() {
        return new Table("NAME", "VERSION", "ORIGIN", "SINCE", "USE", "EARLIER");
    }

    @Override
    String nothing() {
        return "no plug-in is installed";
    }

    @Override
    List<Map<String, Object>> list(ApiClient client, Table table) throws CommandException {
        Response.PluginList list = client.call(
                        Call.newBuilder().setType(Call.Type.PLUGIN_LIST).build())
                .getPluginList();
        List<Map<String, Object>> objects = new ArrayList<>();
        for (Plugin plugin : list.getPluginsList()) {
            table.add(
                    plugin.getName(),
                    plugin.getVersion(),
                    origin(plugin),
                    since(plugin).truncatedTo(ChronoUnit.SECONDS).toString(),
                    plugin.getUse(),
                    String.join(" ", plugin.getEarlierList()));
            objects.add(object(plugin));
        }
        for (Response.RefusedPlugin refused : list.getRefusedList()) {
            terminal.err().println(refused.getFile() + " was not installed: " + refused.getReason());
        }
        return objects;
    }

    private static Instant since(Plugin plugin) {
        return Instant.EPOCH.plusNanos(plugin.getSinceNs());
    }

    private static String origin(Plugin plugin) {
        return plugin.getOrigin().name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> object(Plugin plugin) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", plugin.getName());
        object.put("version", plugin.getVersion());
        object.put("bundle_id", plugin.getBundleId());
        object.put("origin", origin(plugin));
        object.put("file", plugin.getFile());
        object.put("since_ms", TimeUnit.NANOSECONDS.toMillis(plugin.getSinceNs()));
        object.put("digest", plugin.getDigest());
        object.put("use", plugin.getUse());
        object.put("earlier", List.copyOf(plugin.getEarlierList()));
        return object;
    }

    /** A change of one plug-in: says in a sentence, or as a JSON object, what came of it. */
    private abstract static class Change implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private final ClusterOptions cluster = new ClusterOptions();

        @Option(names = "--json", description = "Print one JSON object instead of a sentence.")
        private boolean json;

        Change(Terminal terminal) {
            this.terminal = terminal;
        }

        /** Makes the change. */
        abstract Plugin change(ApiClient client) throws CommandException;

        /** What was done to what is returned. */
        abstract String sentence(Plugin plugin);

        @Override
        public final Integer call() throws CommandException {
            Plugin plugin = change(cluster.client());
            terminal.out().println(json ? Json.of(object(plugin)) : sentence(plugin));
            return ExitCode.DONE;
        }

        static String installed(Plugin plugin) {
            return plugin.getName() + " " + plugin.getVersion() + " is installed"
                    + (plugin.getUse().isEmpty() ? ", nothing uses it yet" : ": " + plugin.getUse());
        }
    }

    @Command(
            name = "install",
            description = {
                "Installs a plug-in, or a new version of one beside the old, and waits until the new one is used."
                        + " If it is not taken up, everything stays as it was.",
            },
            footer = {"", "Example:", "  tepui plugin install target/org.example.policy-1.2.0.jar"})
    private static final class Install extends Change {
        @Option(names = "--downgrade", description = "Also if a higher version is installed.")
        private boolean downgrade;

        @Parameters(paramLabel = "FILE", description = "The jar of its bundle, at most 10 MiB.")
        private Path file = Path.of("");

        Install(Terminal terminal) {
            super(terminal);
        }

        @Override
        Plugin change(ApiClient client) throws CommandException {
            return client.callSlowly(Call.newBuilder()
                            .setType(Call.Type.PLUGIN_INSTALL)
                            .setPluginInstall(Call.PluginInstall.newBuilder()
                                    .setJar(ByteString.copyFrom(read()))
                                    .setDowngrade(downgrade))
                            .build())
                    .getPluginInstall();
        }

        private byte[] read() throws CommandException {
            try {
                if (!Files.isRegularFile(file)) {
                    throw new CommandException(file + " is no file: the jar of a bundle is expected");
                }
                if (Files.size(file) > LARGEST_SENT) {
                    throw new CommandException(file + " has " + Files.size(file) + " bytes, and a request takes "
                            + LARGEST_SENT + ": copy it into the directory deploy/ of the node's installation");
                }
                return Files.readAllBytes(file);
            } catch (IOException e) {
                throw new CommandException(file + " cannot be read: " + e.getMessage());
            }
        }

        @Override
        String sentence(Plugin plugin) {
            return installed(plugin);
        }
    }

    @Command(
            name = "remove",
            description = "Removes a plug-in. What uses it goes over to another one first; without one it stays.",
            footer = {"", "Example:", "  tepui plugin remove org.example.policy:1.2.0"})
    private static final class Remove extends Change {
        @Parameters(paramLabel = "NAME[:VERSION]", description = "The name of its bundle; with a version only that.")
        private String name = "";

        Remove(Terminal terminal) {
            super(terminal);
        }

        @Override
        Plugin change(ApiClient client) throws CommandException {
            int colon = name.indexOf(':');
            Call.PluginRemove.Builder remove =
                    Call.PluginRemove.newBuilder().setName(colon < 0 ? name : name.substring(0, colon));
            if (colon >= 0) {
                remove.setVersion(name.substring(colon + 1));
            }
            return client.callSlowly(Call.newBuilder()
                            .setType(Call.Type.PLUGIN_REMOVE)
                            .setPluginRemove(remove)
                            .build())
                    .getPluginRemove();
        }

        @Override
        String sentence(Plugin plugin) {
            return plugin.getName() + " " + plugin.getVersion() + " is removed; 'tepui plugin rollback "
                    + plugin.getName() + "' brings it back";
        }
    }

    @Command(
            name = "rollback",
            description = "Returns to the version before the present one, or brings back what was removed.",
            footer = {"", "Example:", "  tepui plugin rollback org.example.policy"})
    private static final class Rollback extends Change {
        @Parameters(paramLabel = "NAME", description = "The name of its bundle.")
        private String name = "";

        Rollback(Terminal terminal) {
            super(terminal);
        }

        @Override
        Plugin change(ApiClient client) throws CommandException {
            return client.callSlowly(Call.newBuilder()
                            .setType(Call.Type.PLUGIN_ROLLBACK)
                            .setPluginRollback(Call.PluginRollback.newBuilder().setName(name))
                            .build())
                    .getPluginRollback();
        }

        @Override
        String sentence(Plugin plugin) {
            return installed(plugin);
        }
    }
}
