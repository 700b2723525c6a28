// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import org.junit.jupiter.api.Test;
import org.tepui.v1.ContainerID;

/** Damaged inputs are taken or refused, and nothing else happens. The property tepui.fuzz.inputs says how many. */
class ParserFuzzTest {
    private static final int INPUTS = Integer.getInteger("tepui.fuzz.inputs", 4000);
    private final ParserFuzz fuzz = new ParserFuzz(Long.getLong("tepui.fuzz.seed", 1), INPUTS);

    @Test
    void damagedMessagesAreTakenOrRefused() {
        assertBoth(fuzz.protobuf());
    }

    @Test
    void damagedJsonIsTakenOrRefused() {
        assertBoth(fuzz.json());
    }

    @Test
    void damagedRecordsAreTakenOrRefused() {
        assertBoth(fuzz.recordio());
    }

    @Test
    void theSameSeedGivesTheSameOutcome() {
        assertThat(new ParserFuzz(5, 1000).json()).isEqualTo(new ParserFuzz(5, 1000).json());
    }

    @Test
    void messagesNestAHundredLevelsAndNoMore() throws Exception {
        ContainerID deep = ContainerID.newBuilder().setValue("c").build();
        for (int level = 0; level < 100; level++) {
            deep = ContainerID.newBuilder().setValue("c").setParent(deep).build();
        }
        assertThat(ContainerID.parseFrom(deep.toByteArray())).isEqualTo(deep);
        byte[] deeper =
                ContainerID.newBuilder().setValue("c").setParent(deep).build().toByteArray();
        assertThatThrownBy(() -> ContainerID.parseFrom(deeper))
                .isInstanceOf(InvalidProtocolBufferException.class)
                .hasMessageContaining("too many levels of nesting");
    }

    /** A mutator that breaks all or nothing would test nothing. */
    private static void assertBoth(ParserFuzz.Outcome outcome) {
        assertThat(outcome.taken()).isGreaterThan(INPUTS / 100);
        assertThat(outcome.refused()).isGreaterThan(INPUTS / 100);
    }
}
