// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EchoTest {
    @Test
    void nettyEchoesEveryMessage() throws Exception {
        try (Echo echo = new NettyEcho(100)) {
            assertComplete(echo);
        }
    }

    @Test
    void servicesEchoEveryMessage() throws Exception {
        try (Echo echo = new TepuiEcho(100)) {
            assertComplete(echo);
        }
    }

    private static void assertComplete(Echo echo) throws Exception {
        assertThat(echo.pipelined(10_000, 64)).isPositive();
        assertThat(echo.oneAtATime(100)).hasSize(100).doesNotContain(0);
        assertThat(echo.pipelined(10, 64)).isPositive();
    }
}
