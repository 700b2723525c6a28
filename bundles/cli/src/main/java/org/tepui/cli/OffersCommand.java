// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tepui.proto.operator.Call;
import org.tepui.v1.Offer;
import picocli.CommandLine.Command;

@Command(
        name = "offers",
        description = "Lists the offers that frameworks hold and have not answered.",
        footer = {"", "Example:", "  tepui offers --json"})
final class OffersCommand extends ListCommand {
    OffersCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Table table() {
        return new Table("OFFER", "FRAMEWORK", "AGENT", "ROLE", "RESOURCES");
    }

    @Override
    String nothing() {
        return "no offers are held at present";
    }

    @Override
    List<Map<String, Object>> list(ApiClient client, Table table) throws CommandException {
        ClusterState state = ClusterState.read(client);
        Call call = Call.newBuilder().setType(Call.Type.GET_OFFERS).build();
        List<Map<String, Object>> objects = new ArrayList<>();
        for (Offer offer : client.call(call).getGetOffers().getOffersList()) {
            String framework = state.frameworkName(offer.getFrameworkId());
            table.add(
                    offer.getId().getValue(),
                    framework,
                    offer.getHostname(),
                    offer.getAllocationInfo().getRole(),
                    ResourceText.of(offer.getResourcesList()));
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("id", offer.getId().getValue());
            object.put("framework_id", offer.getFrameworkId().getValue());
            object.put("framework", framework);
            object.put("agent_id", offer.getAgentId().getValue());
            object.put("agent", offer.getHostname());
            object.put("role", offer.getAllocationInfo().getRole());
            object.put("resources", ResourceText.scalars(offer.getResourcesList()));
            objects.add(object);
        }
        return objects;
    }
}
