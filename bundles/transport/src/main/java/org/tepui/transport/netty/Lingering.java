// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection so that the peer sees what was sent last: closing at once, with bytes of the peer unread, would
 * reset the connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on a channel is heard when the channel closes
final class Lingering {
    /** For the peer to read what was sent and to close its side as well. */
    private static final int LINGER_MILLIS = 2000;

    private Lingering() {}

    /**
     * Sends what was written, says that nothing follows, and waits a moment for the peer to close. The caller reads
     * on and drops what it reads. On the I/O thread.
     */
    static void close(Channel channel) {
        channel.config().setAutoRead(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFuture sent) -> {
            if (sent.isSuccess() && channel instanceof SocketChannel socket) {
                socket.shutdownOutput();
            } else {
                channel.close();
            }
        });
        channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }
}
