// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tepui.v1.FrameworkID;
import org.tepui.v1.Role;
import org.tepui.v1.master.Call;
import org.tepui.v1.quota.QuotaConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The roles that are used or configured, with what they hold. */
@Command(
        name = "role",
        description = "Lists the roles that are used or configured.",
        footer = {
            "",
            "HOLDS is of tasks and offers of the role itself; GUARANTEE and LIMIT are for the roles below it, too.",
            "",
            "Example:",
            "  tepui role --json"
        })
final class RoleCommand extends ListCommand {
    private RoleCommand(Terminal terminal) {
        super(terminal);
    }

    /** The verb with its own verb; alone it lists. */
    static CommandLine line(Terminal terminal) {
        return new CommandLine(new RoleCommand(terminal))
                .addSubcommand("list", new CommandLine(new RoleCommand(terminal)));
    }

    @Override
    Table table() {
        return new Table("ROLE", "WEIGHT", "FRAMEWORKS", "HOLDS", "GUARANTEE", "LIMIT");
    }

    @Override
    String nothing() {
        return "no role is used or configured";
    }

    @Override
    List<Map<String, Object>> list(ApiClient client, Table table) throws CommandException {
        Map<String, QuotaConfig> quotas = new HashMap<>();
        client.call(Call.Type.GET_QUOTA)
                .getGetQuota()
                .getStatus()
                .getConfigsList()
                .forEach(quota -> quotas.put(quota.getRole(), quota));
        List<Map<String, Object>> objects = new ArrayList<>();
        for (Role role : client.call(Call.Type.GET_ROLES).getGetRoles().getRolesList()) {
            QuotaConfig quota = quotas.getOrDefault(
                    role.getName(),
                    QuotaConfig.newBuilder().setRole(role.getName()).build());
            table.add(
                    role.getName(),
                    WeightCommand.text(role.getWeight()),
                    String.valueOf(role.getFrameworksCount()),
                    ResourceText.of(role.getResourcesList()),
                    QuotaText.of(quota.getGuaranteesMap()),
                    QuotaText.of(quota.getLimitsMap()));
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("role", role.getName());
            object.put("weight", role.getWeight());
            object.put(
                    "frameworks",
                    role.getFrameworksList().stream().map(FrameworkID::getValue).toList());
            object.put("resources", ResourceText.scalars(role.getResourcesList()));
            object.put("guarantees", QuotaText.numbers(quota.getGuaranteesMap()));
            object.put("limits", QuotaText.numbers(quota.getLimitsMap()));
            objects.add(object);
        }
        return objects;
    }
}
