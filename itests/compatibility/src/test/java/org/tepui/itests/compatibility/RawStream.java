// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.compatibility;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A subscription as the bytes that a master sends, chunk by chunk. */
final class RawStream implements AutoCloseable {
    private static final int LIMIT_MILLISECONDS = 30_000;

    private final Socket socket;
    private final DataInputStream in;

    private RawStream(Socket socket) throws IOException {
        this.socket = socket;
        in = new DataInputStream(socket.getInputStream());
    }

    /** Subscribes with a call in JSON. */
    static RawStream open(String address, String call) throws IOException {
        int colon = address.lastIndexOf(':');
        Socket socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        socket.setSoTimeout(LIMIT_MILLISECONDS);
        String request = String.join(
                "\r\n",
                "POST /api/v1/scheduler HTTP/1.1",
                "Host: " + address,
                "Content-Type: application/json",
                "Content-Length: " + call.length(),
                "",
                call);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        RawStream stream = new RawStream(socket);
        String status = stream.line();
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException("not subscribed: " + status);
        }
        for (String header = status; !header.isEmpty(); header = stream.line()) {
            // only the chunks are looked at
        }
        return stream;
    }

    /** Waits for a chunk and returns what is in it. */
    String nextChunk() throws IOException {
        byte[] content = new byte[Integer.parseInt(line(), 16)];
        in.readFully(content);
        line();
        return new String(content, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
