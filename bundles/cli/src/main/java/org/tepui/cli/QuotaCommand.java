// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.tepui.v1.master.Call;
import org.tepui.v1.quota.QuotaConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What roles are guaranteed and may use at most: listed, set, removed. */
@Command(
        name = "quota",
        description = "Lists, sets and removes what roles are guaranteed and may use at most.",
        footer = {
            "",
            "A role's quota counts what the roles below it use, too.",
            "",
            "Examples:",
            "  tepui quota",
            "  tepui quota set eng --guarantee cpus:4,mem:4096 --limit cpus:16",
            "  tepui quota set eng/web --limit cpus:8",
            "  tepui quota remove eng/web"
        })
final class QuotaCommand extends ListCommand {
    private QuotaCommand(Terminal terminal) {
        super(terminal);
    }

    /** The verb with its own verbs; alone it lists. */
    static CommandLine line(Terminal terminal) {
        return new CommandLine(new QuotaCommand(terminal))
                .addSubcommand("list", new CommandLine(new QuotaCommand(terminal)))
                .addSubcommand(new CommandLine(new Set(terminal)))
                .addSubcommand(new CommandLine(new Remove(terminal)));
    }

    @Override
    Table table() {
        return new Table("ROLE", "GUARANTEE", "LIMIT");
    }

    @Override
    String nothing() {
        return "no role has a quota";
    }

    @Override
    List<Map<String, Object>> list(ApiClient client, Table table) throws CommandException {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (QuotaConfig quota :
                client.call(Call.Type.GET_QUOTA).getGetQuota().getStatus().getConfigsList()) {
            table.add(quota.getRole(), QuotaText.of(quota.getGuaranteesMap()), QuotaText.of(quota.getLimitsMap()));
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("role", quota.getRole());
            object.put("guarantees", QuotaText.numbers(quota.getGuaranteesMap()));
            object.put("limits", QuotaText.numbers(quota.getLimitsMap()));
            objects.add(object);
        }
        return objects;
    }

    private static void update(ApiClient client, QuotaConfig quota, boolean force) throws CommandException {
        client.call(Call.newBuilder()
                .setType(Call.Type.UPDATE_QUOTA)
                .setUpdateQuota(
                        Call.UpdateQuota.newBuilder().addQuotaConfigs(quota).setForce(force))
                .build());
    }

    @Command(
            name = "set",
            description = "Sets the quota of a role, in place of the one that it has.",
            footer = {"", "Example:", "  tepui quota set eng --guarantee cpus:4,mem:4096 --limit cpus:16"})
    private static final class Set implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private final ClusterOptions cluster = new ClusterOptions();

        @Option(
                names = "--guarantee",
                paramLabel = "AMOUNTS",
                converter = AmountsConverter.class,
                description = "What is kept for the role, such as cpus:4,mem:4096.")
        private Amounts guarantee = Amounts.none();

        @Option(
                names = "--limit",
                paramLabel = "AMOUNTS",
                converter = AmountsConverter.class,
                description = "What the role may use at most; what is not named is not limited.")
        private Amounts limit = Amounts.none();

        @Option(names = "--force", description = "Even above the cluster's capacity, or below what the role uses.")
        private boolean force;

        @Parameters(paramLabel = "ROLE", description = "The role, such as eng or eng/web.")
        private String role = "";

        private Set(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws CommandException {
            if (guarantee.thousandths().isEmpty() && limit.thousandths().isEmpty()) {
                throw new CommandException(
                        ExitCode.MISUSED, "--guarantee or --limit is needed; 'quota remove' removes a quota");
            }
            QuotaConfig quota = QuotaConfig.newBuilder()
                    .setRole(role)
                    .putAllGuarantees(guarantee.toWire())
                    .putAllLimits(limit.toWire())
                    .build();
            update(cluster.client(), quota, force);
            terminal.out()
                    .println("role " + role + ": guarantee " + QuotaText.of(quota.getGuaranteesMap()) + ", limit "
                            + QuotaText.of(quota.getLimitsMap()));
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "remove",
            description = "Takes the quota of a role away.",
            footer = {"", "Example:", "  tepui quota remove eng/web"})
    private static final class Remove implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private final ClusterOptions cluster = new ClusterOptions();

        @Parameters(paramLabel = "ROLE", description = "The role.")
        private String role = "";

        private Remove(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws CommandException {
            ApiClient client = cluster.client();
            boolean known = client.call(Call.Type.GET_QUOTA).getGetQuota().getStatus().getConfigsList().stream()
                    .anyMatch(quota -> quota.getRole().equals(role));
            if (!known) {
                throw new CommandException("role '" + role + "' has no quota: 'tepui quota' lists those that have");
            }
            update(client, QuotaConfig.newBuilder().setRole(role).build(), false);
            terminal.out().println("role " + role + " has no quota any more");
            return ExitCode.DONE;
        }
    }
}
