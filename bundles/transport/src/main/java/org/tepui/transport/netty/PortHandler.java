// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells by the first bytes of a connection what it speaks: the preface of the native protocol, or else HTTP. Then
 * it makes place for the handlers of that. A client that does not say enough in time is dropped.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on a channel is heard when the channel closes
final class PortHandler extends ChannelInboundHandlerAdapter {
    private static final byte[] PREFACE = "TEPUI/1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DECISION_MILLIS = 10_000;

    private final Consumer<ChannelHandlerContext> speakNative;
    private final Consumer<ChannelHandlerContext> speakHttp;
    private @Nullable ByteBuf first;

    /**
     * Each of the two adds its handlers after the given context.
     */
    PortHandler(Consumer<ChannelHandlerContext> speakNative, Consumer<ChannelHandlerContext> speakHttp) {
        this.speakNative = speakNative;
        this.speakHttp = speakHttp;
    }

    /** What a client of the native protocol sends first. */
    static byte[] preface() {
        return PREFACE.clone();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.executor()
                .schedule(
                        () -> {
                            if (!context.isRemoved()) {
                                context.close();
                            }
                        },
                        DECISION_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf input = (ByteBuf) message;
        ByteBuf before = first;
        ByteBuf bytes =
                before == null ? input : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), before, input);
        int same = 0;
        int length = Math.min(PREFACE.length, bytes.readableBytes());
        while (same < length && bytes.getByte(bytes.readerIndex() + same) == PREFACE[same]) {
            same++;
        }
        if (same == length && length < PREFACE.length) {
            first = bytes;
            return;
        }
        first = null;
        if (same == PREFACE.length) {
            bytes.skipBytes(PREFACE.length);
            speakNative.accept(context);
        } else {
            speakHttp.accept(context);
        }
        context.fireChannelRead(bytes);
        context.pipeline().remove(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (first != null) {
            first.release();
            first = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
