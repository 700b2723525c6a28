// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.tepui.v1.ContainerID;
import org.tepui.v1.TaskID;

class JsonLimitsTest {
    private static String parents(int levels) {
        return "{\"value\":\"c\",\"parent\":".repeat(levels - 1) + "{\"value\":\"c\"}" + "}".repeat(levels - 1);
    }

    @Test
    void aHundredLevelsAreReadAndOneMoreIsRefused() throws Exception {
        JsonCodec codec = JsonCodec.standard();

        assertThat(codec.read(parents(100), ContainerID.getDefaultInstance()).hasParent())
                .isTrue();
        assertThatThrownBy(() -> codec.read(parents(101), ContainerID.getDefaultInstance()))
                .isInstanceOf(InvalidJsonException.class)
                .hasMessageContaining("at most 100 levels");
    }

    @Test
    void unknownFieldsCountAsDeepAsTheyAre() {
        String json = "{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertThatThrownBy(() -> JsonCodec.standard().read(json, TaskID.getDefaultInstance()))
                .isInstanceOf(InvalidJsonException.class)
                .hasMessageContaining("at most 100 levels");
    }

    @Test
    void longDocumentsNamesAndNumbersAreRefused() {
        JsonCodec codec = new JsonCodec(new JsonLimits(10_000, 5));

        assertThatThrownBy(() -> codec.read(" ".repeat(10_001), TaskID.getDefaultInstance()))
                .hasMessage("the document has 10001 bytes: at most 10000 are allowed");
        assertThatThrownBy(() -> codec.read("{\"" + "n".repeat(5000) + "\":1}", TaskID.getDefaultInstance()))
                .isInstanceOf(InvalidJsonException.class)
                .hasMessageContaining("names of 4096");
        assertThatThrownBy(() -> codec.read("{\"x\":" + "1".repeat(500) + "}", TaskID.getDefaultInstance()))
                .isInstanceOf(InvalidJsonException.class)
                .hasMessageContaining("numbers of 400");
    }

    @Test
    void limitsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new JsonLimits(0, 10)).hasMessageContaining("maximumBytes is 0");
        assertThatThrownBy(() -> new JsonLimits(1, 0)).hasMessageContaining("maximumDepth is 0");
        assertThatThrownBy(() -> new JsonLimits(1, 1001)).hasMessageContaining("1 to 1000 is allowed");
    }
}
