// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.runtime.Address;
import org.tepui.runtime.Network;
import org.tepui.runtime.SystemClock;
import org.tepui.transport.HttpLimits;
import org.tepui.transport.HttpServer;
import org.tepui.transport.Mutations;
import org.tepui.transport.TransportCounters;

/** Whatever arrives on a port is served or refused: nothing throws, nothing is lost, no buffer leaks. */
@ExtendWith(LeakCheck.class)
@SuppressWarnings("StringConcatToTextBlock") // what is sent has line ends of HTTP
class PortFuzzTest {
    private static final List<byte[]> REQUESTS = List.of(
            bytes("GET /echo/a%20b?x=1&y=%41 HTTP/1.1\r\nHost: test\r\nAccept-Encoding: gzip;q=0.5, *\r\n\r\n"),
            bytes("POST http://host:1/echo HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody"),
            bytes("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nbody\r\n0\r\nTrailer: x\r\n\r\n"),
            bytes("POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody"),
            bytes("HEAD /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
                    + "GET /long HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n"),
            bytes("GET /stream HTTP/1.1\r\nHost: test\r\n\r\nGET /echo HTTP/1.1\r\n\r\n"),
            bytes("GET /bug HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"),
            bytes("OPTIONS * HTTP/1.1\r\n\r\n"),
            bytes("TEPUI/1\n\0\0\0\4abcd\0\0\0\1x\0\0\1\0short"),
            bytes("TEPUI/1\n\0\0\0\2ab\177\0\0\0x"));

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private final TransportCounters counters = TransportCounters.in(new MetricRegistry());
    private final NettyHttpServer server =
            new NettyHttpServer(HttpLimits.DEFAULTS, counters, new SystemClock(), Runnable::run);
    private int frames;
    private int streams;
    private int streamsClosed;
    private int linksClosed;

    private void serveAll() {
        server.serve(
                "/echo/*",
                (request, responder) -> responder.respond(new HttpServer.Response(200, Map.of(), request.body())));
        server.serve(
                "/long", (request, responder) -> responder.respond(HttpConnection.text(200, "long ".repeat(10_000))));
        server.serve("/stream", (request, responder) -> {
            streams++;
            responder.stream(200, Map.of(), () -> streamsClosed++).write(new byte[10]);
        });
        server.serve("/bug", (request, responder) -> {
            throw new IllegalStateException("a bug that the test planted");
        });
    }

    private EmbeddedChannel channel() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline()
                .addLast(new PortHandler(
                        context -> {
                            NettyLink link = new NettyLink(
                                    channel, new Address("test", 1), new CountingHandler(), 1 << 20, counters);
                            context.pipeline().addLast(link);
                            link.opened();
                        },
                        context -> server.serve(channel)));
        return channel;
    }

    private final class CountingHandler implements Network.LinkHandler {
        @Override
        public void opened(Network.Link link) {}

        @Override
        public void frame(ByteBuffer content) {
            assertThat(content.remaining()).isPositive();
            frames++;
        }

        @Override
        public void closed(String reason) {
            linksClosed++;
        }
    }

    @Test
    void servesOrRefuses() {
        serveAll();
        Mutations mutations = new Mutations(Mutations.seed());
        for (int i = Mutations.inputs(20_000); i > 0; i--) {
            EmbeddedChannel channel = channel();
            ByteBuf input = Unpooled.wrappedBuffer(mutations.next(REQUESTS));
            while (input.isReadable() && channel.isOpen()) {
                int cut = 1 + mutations.below(mutations.below(4) == 0 ? 3 : 200);
                channel.writeInbound(input.readRetainedSlice(Math.min(cut, input.readableBytes())));
                channel.runPendingTasks();
            }
            input.release();
            channel.checkException();
            channel.releaseOutbound();
            assertThat(channel.inboundMessages()).isEmpty();
            channel.finishAndReleaseAll();
        }
        assertThat(frames).isPositive();
        assertThat(linksClosed).isPositive();
        assertThat(streams).isPositive();
        assertThat(streamsClosed).isEqualTo(streams);
        assertThat(counters.httpRequests().value()).isPositive();
        assertThat(counters.httpRejected().value()).isPositive();
    }

    @Test
    void waitsForTheWholePreface() {
        EmbeddedChannel channel = channel();
        for (byte each : PortHandler.preface()) {
            assertThat(channel.pipeline().get(NettyLink.class)).isNull();
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {each}));
        }
        assertThat(channel.pipeline().get(NettyLink.class)).isNotNull();
        ReferenceCountUtil.release(channel.readOutbound());
        channel.finishAndReleaseAll();
        assertThat(linksClosed).isEqualTo(1);
    }
}
