// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tepui.itests.compatibility.ScriptedMaster.record;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tepui.itests.cluster.Json;
import org.tepui.itests.cluster.Outcome;
import org.tepui.itests.cluster.Program;

/**
 * Where the npm package mesos-framework 0.5.3 is at fault, shown by the bytes it was sent. All of these are right by
 * the protocol: records may begin and end anywhere in a chunk, their length counts bytes, and the address of an offer
 * is optional. What a master has to keep to for its sake: one record per chunk, and an address in each offer. It
 * cannot be sent text beyond ASCII.
 */
class NodeClientFaultsIT {
    private static final String SUBSCRIBED =
            record("{\"type\":\"SUBSCRIBED\",\"subscribed\":{\"framework_id\":{\"value\":\"f\"}}}");
    private static final String NO_OFFERS = record("{\"type\":\"OFFERS\",\"offers\":{\"offers\":[]}}");
    private static final String HEARTBEAT = record("{\"type\":\"HEARTBEAT\"}");
    private static final String CLOSED = "error Long-running connection was closed!";

    @BeforeAll
    static void install() throws Exception {
        NodeClient.install();
    }

    @Test
    void readsOneRecordPerChunk() throws Exception {
        assertThat(saidAbout(SUBSCRIBED, NO_OFFERS, HEARTBEAT))
                .containsExactly("subscribed", "offers", "heartbeat", CLOSED);
    }

    @Test
    void failsOnTwoRecordsInOneChunk() throws Exception {
        assertThat(saidAbout(SUBSCRIBED, NO_OFFERS + HEARTBEAT))
                .containsExactly("subscribed", "error Other linebreak count found than expected! Actual count: 3");
    }

    @Test
    void losesARecordWhoseLengthComesInAChunkOfItsOwn() throws Exception {
        int border = NO_OFFERS.indexOf('\n') + 1;
        assertThat(saidAbout(SUBSCRIBED, NO_OFFERS.substring(0, border), NO_OFFERS.substring(border), HEARTBEAT))
                .containsExactly("subscribed", "heartbeat", CLOSED);
    }

    @Test
    void losesARecordWithTextBeyondAscii() throws Exception {
        String record = record("{\"type\":\"OFFERS\",\"offers\":{\"offers\":[]},\"note\":\"\u00e9\"}");
        assertThat(saidAbout(SUBSCRIBED, record, HEARTBEAT)).containsExactly("subscribed", "heartbeat", CLOSED);
    }

    @Test
    void callsAnOfferWithoutAddressBadJson() throws Exception {
        String offer = "{\"type\":\"OFFERS\",\"offers\":{\"offers\":[{\"id\":{\"value\":\"o\"},"
                + "\"framework_id\":{\"value\":\"f\"},\"agent_id\":{\"value\":\"a\"},\"hostname\":\"h\",\"resources\":["
                + "{\"name\":\"cpus\",\"type\":\"SCALAR\",\"scalar\":{\"value\":1}},"
                + "{\"name\":\"mem\",\"type\":\"SCALAR\",\"scalar\":{\"value\":100}}]}]}}";
        assertThat(saidAbout(SUBSCRIBED, record(offer)))
                .containsExactly("subscribed", "error Couldn't parse as JSON: " + offer);
    }

    /** What a framework on the package says of a stream: the event, and the message of an error. */
    private static List<String> saidAbout(String... chunks) throws Exception {
        Outcome outcome;
        try (ScriptedMaster master = new ScriptedMaster(List.of(chunks));
                Program client = NodeClient.start(master.address())) {
            outcome = client.await();
        }
        List<String> said = new ArrayList<>();
        for (Json event : NodeClient.said(outcome.out())) {
            String what = event.at("what").text();
            if (what.equals("error")) {
                said.add("error " + event.at("message").text());
            } else if (!what.equals("accepted")) {
                said.add(what);
            }
        }
        return said;
    }
}
