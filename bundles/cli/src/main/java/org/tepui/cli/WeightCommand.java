// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.tepui.v1.WeightInfo;
import org.tepui.v1.master.Call;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** How large a share roles have beside their siblings: listed and set. */
@Command(
        name = "weight",
        description = "Lists and sets the weights of roles: with 2 a role gets twice what a sibling with 1 gets.",
        footer = {"", "Examples:", "  tepui weight", "  tepui weight set eng 2"})
final class WeightCommand extends ListCommand {
    private WeightCommand(Terminal terminal) {
        super(terminal);
    }

    /** The verb with its own verbs; alone it lists. */
    static CommandLine line(Terminal terminal) {
        return new CommandLine(new WeightCommand(terminal))
                .addSubcommand("list", new CommandLine(new WeightCommand(terminal)))
                .addSubcommand(new CommandLine(new Set(terminal)));
    }

    @Override
    Table table() {
        return new Table("ROLE", "WEIGHT");
    }

    @Override
    String nothing() {
        return "no role was given a weight: each has 1";
    }

    @Override
    List<Map<String, Object>> list(ApiClient client, Table table) throws CommandException {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (WeightInfo weight :
                client.call(Call.Type.GET_WEIGHTS).getGetWeights().getWeightInfosList()) {
            table.add(weight.getRole(), text(weight.getWeight()));
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("role", weight.getRole());
            object.put("weight", weight.getWeight());
            objects.add(object);
        }
        return objects;
    }

    /** Without decimals where there are none. */
    static String text(double weight) {
        long whole = Math.round(weight);
        return whole == weight ? String.valueOf(whole) : String.valueOf(weight);
    }

    @Command(
            name = "set",
            description = "Sets the weight of a role.",
            footer = {"", "Example:", "  tepui weight set eng 2"})
    private static final class Set implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private final ClusterOptions cluster = new ClusterOptions();

        @Parameters(index = "0", paramLabel = "ROLE", description = "The role, such as eng or eng/web.")
        private String role = "";

        @Parameters(index = "1", paramLabel = "WEIGHT", description = "More than 0; a role without one has 1.")
        private double weight;

        private Set(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws CommandException {
            cluster.client()
                    .call(Call.newBuilder()
                            .setType(Call.Type.UPDATE_WEIGHTS)
                            .setUpdateWeights(Call.UpdateWeights.newBuilder()
                                    .addWeightInfos(WeightInfo.newBuilder()
                                            .setRole(role)
                                            .setWeight(weight)))
                            .build());
            terminal.out().println("role " + role + ": weight " + text(weight));
            return ExitCode.DONE;
        }
    }
}
