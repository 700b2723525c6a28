// SPDX-License-Identifier: Apache-2.0
package org.tepui.http;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import org.tepui.proto.json.InvalidJsonException;
import org.tepui.proto.json.JsonCodec;
import org.tepui.transport.HttpServer.Request;

/** Turns request bodies into messages and messages into bytes, in the form that the headers name. */
final class Calls {
    private static final int RECURSION_LIMIT = 100;

    private Calls() {}

    /** The checks that come first for every call: method, then content type. */
    static MediaType contentType(Request request) throws RequestRefused {
        if (!request.method().equals("POST")) {
            throw new RequestRefused(Answers.methodNotAllowed(request.method(), "POST"));
        }
        String value = request.header("content-type")
                .orElseThrow(() -> new RequestRefused(400, "Expecting 'Content-Type' to be present"));
        return MediaType.ofContentType(value)
                .orElseThrow(() -> new RequestRefused(
                        415,
                        "Content-Type '" + shortened(value) + "' is not supported: expecting " + MediaType.JSON.text()
                                + " or " + MediaType.PROTOBUF.text()));
    }

    /** Reads the body as one message of a type. */
    @SuppressWarnings("unchecked")
    static <M extends Message> M read(Request request, MediaType type, M prototype) throws RequestRefused {
        try {
            return switch (type) {
                case JSON -> JsonCodec.standard().read(request.body(), prototype);
                case PROTOBUF -> {
                    CodedInputStream in = CodedInputStream.newInstance(request.body());
                    in.setRecursionLimit(RECURSION_LIMIT);
                    M message = (M) prototype.getParserForType().parseFrom(in);
                    in.checkLastTagWas(0);
                    yield message;
                }
            };
        } catch (InvalidJsonException e) {
            throw new RequestRefused(400, "Failed to read the body as JSON: " + e.getMessage());
        } catch (InvalidProtocolBufferException e) {
            throw new RequestRefused(
                    400,
                    "Failed to read the body as "
                            + prototype.getDescriptorForType().getFullName() + ": " + e.getMessage());
        }
    }

    /** The form of the response that the client accepts. */
    static MediaType accepted(Request request) throws RequestRefused {
        return MediaType.accepted(request.header("accept"))
                .orElseThrow(() -> new RequestRefused(
                        406,
                        "Expecting 'Accept' to allow " + MediaType.JSON.text() + " or " + MediaType.PROTOBUF.text()));
    }

    /** Writes a message. */
    static byte[] write(MediaType type, Message message) {
        return switch (type) {
            case JSON -> JsonCodec.standard().toBytes(message);
            case PROTOBUF -> message.toByteArray();
        };
    }

    private static String shortened(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "..." : text;
    }
}
