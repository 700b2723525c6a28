// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.compatibility;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One request as the bytes that are sent, and what comes back. Closing ends the connection. */
final class RawHttp implements AutoCloseable {
    private static final int LIMIT_MILLISECONDS = 30_000;

    private final Socket socket;
    private final DataInputStream in;
    private final int status;
    private final Map<String, String> headers = new TreeMap<>();

    /** @param head request line and headers, without the length */
    private RawHttp(String address, List<String> head, byte[] body) throws IOException {
        int colon = address.lastIndexOf(':');
        socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        socket.setSoTimeout(LIMIT_MILLISECONDS);
        in = new DataInputStream(socket.getInputStream());
        List<String> lines = new ArrayList<>(head);
        lines.add("Host: " + address);
        lines.add("Content-Length: " + body.length);
        socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        try {
            socket.getOutputStream().write(body);
        } catch (IOException e) {
            // a body that is too long is refused before it was read
        }
        status = Integer.parseInt(line().split(" ", -1)[1]);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int end = line.indexOf(':');
            headers.put(
                    line.substring(0, end).toLowerCase(Locale.ROOT),
                    line.substring(end + 1).strip());
        }
    }

    /** Sends a request; headers are whole lines. */
    static RawHttp send(String address, String method, String target, byte[] body, String... headers)
            throws IOException {
        List<String> head = new ArrayList<>(List.of(method + " " + target + " HTTP/1.1"));
        head.addAll(List.of(headers));
        return new RawHttp(address, head, body);
    }

    /** Sends a call in JSON. */
    static RawHttp post(String address, String target, String call, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Content-Type: application/json");
        return send(address, "POST", target, call.getBytes(StandardCharsets.UTF_8), all.toArray(new String[0]));
    }

    int status() {
        return status;
    }

    /** The value of a header by its name in lower case; empty if there is none. */
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** The body of a response that has a length. */
    byte[] bytes() throws IOException {
        byte[] body = new byte[Integer.parseInt(headers.getOrDefault("content-length", "0"))];
        in.readFully(body);
        return body;
    }

    String text() throws IOException {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** The next record of a stream; each is a chunk of its own. Empty where the stream ends. */
    String record() throws IOException {
        byte[] chunk = new byte[Integer.parseInt(line(), 16)];
        in.readFully(chunk);
        line();
        String text = new String(chunk, StandardCharsets.UTF_8);
        return text.substring(text.indexOf('\n') + 1);
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
