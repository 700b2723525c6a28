// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.compatibility;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A server that answers the first request with chunks of bytes that a test chose, each sent by itself. */
final class ScriptedMaster implements AutoCloseable {
    private static final String HEAD = String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "Content-Type: application/json",
            "Mesos-Stream-Id: 00000000-0000-0000-0000-000000000000",
            "Transfer-Encoding: chunked",
            "",
            "");

    private final ServerSocket server;

    /** Takes one connection. */
    ScriptedMaster(List<String> chunks) throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> serve(chunks), "scripted master");
        thread.setDaemon(true);
        thread.start();
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** One event in RecordIO. */
    static String record(String json) {
        return json.getBytes(StandardCharsets.UTF_8).length + "\n" + json;
    }

    private void serve(List<String> chunks) {
        try (Socket client = server.accept()) {
            readRequest(client.getInputStream());
            OutputStream out = client.getOutputStream();
            out.write(HEAD.getBytes(StandardCharsets.US_ASCII));
            for (String chunk : chunks) {
                byte[] content = chunk.getBytes(StandardCharsets.UTF_8);
                out.write((Integer.toHexString(content.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(content);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The client sends its call in chunks. */
    private static void readRequest(InputStream in) throws IOException {
        StringBuilder request = new StringBuilder();
        while (!request.toString().endsWith("\r\n0\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the request ended early: " + request);
            }
            request.append((char) next);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
