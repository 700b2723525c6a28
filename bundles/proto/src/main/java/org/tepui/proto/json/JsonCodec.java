// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Messages to JSON and back, in the mapping of Mesos (which is older than the canonical one of protobuf and differs
 * from it):
 *
 * <ul>
 *   <li>Names are those of the .proto files ({@code task_id}); unknown names are skipped; {@code null} counts as
 *     absent; of a name that occurs twice the last value counts.
 *   <li>Numbers of 64 bits are JSON numbers. Numbers may come as strings, {@code true} and {@code false} too. A
 *     number that does not fit its field, or has a fraction where an integer is expected, is refused.
 *   <li>Enums are names. A name that the enum does not have leaves an optional field unset, is left out of a
 *     repeated field, and is refused in a required field.
 *   <li>Bytes are base64. {@code "Infinity"} and {@code "-Infinity"} stand for infinite numbers; NaN is refused,
 *     and written as {@code "NaN"}.
 *   <li>Repeated fields are arrays (one value without brackets is taken as an array of one), maps are objects.
 *       {@code google.protobuf.Duration} is an ordinary message: {@code {"seconds":600}}.
 *   <li>Written are the fields that are set, and those that are unset, have an explicit default and are not deprecated.
 * </ul>
 *
 * <p>A codec is immutable and may be used by any thread.
 */
public final class JsonCodec {
    /** Longer names and numbers are no field of ours and no number that fits. */
    private static final int LONGEST_NAME = 4096;

    private static final int LONGEST_NUMBER = 400;
    private static final int FIRST_BUFFER = 512;
    private static final JsonCodec STANDARD = new JsonCodec(JsonLimits.DEFAULT);

    private final JsonLimits limits;
    private final JsonFactory factory;

    /** Makes a codec that refuses documents beyond the limits. Limits hold for reading only. */
    public JsonCodec(JsonLimits limits) {
        this.limits = limits;
        this.factory = JsonFactory.builder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.maximumDepth())
                        .maxStringLength(limits.maximumBytes())
                        .maxNameLength(LONGEST_NAME)
                        .maxNumberLength(LONGEST_NUMBER)
                        .build())
                .build();
    }

    /** The codec with {@link JsonLimits#DEFAULT}. */
    public static JsonCodec standard() {
        return STANDARD;
    }

    /**
     * Reads one message.
     *
     * @param json UTF-8 text: one object
     * @param prototype the default instance of the wanted type
     * @throws InvalidJsonException if the text is no JSON, is beyond the limits, or does not fit the type
     */
    public <T extends Message> T read(byte[] json, T prototype) throws InvalidJsonException {
        if (json.length > limits.maximumBytes()) {
            throw new InvalidJsonException(
                    "the document has " + json.length + " bytes: at most " + limits.maximumBytes() + " are allowed");
        }
        Message.Builder message = prototype.newBuilderForType();
        try (JsonParser parser = factory.createParser(json)) {
            new JsonReader(parser).document(message);
        } catch (StreamConstraintsException e) {
            throw new InvalidJsonException("a limit is exceeded" + place(e) + ": at most " + limits.maximumDepth()
                    + " levels, names of " + LONGEST_NAME + " and numbers of " + LONGEST_NUMBER
                    + " characters are allowed");
        } catch (JsonProcessingException e) {
            throw new InvalidJsonException(
                    "no valid JSON" + place(e) + ": " + InvalidJsonException.shown(e.getOriginalMessage()));
        } catch (IOException e) {
            // the source is an array, so what cannot be read is text that is not UTF-8
            throw new InvalidJsonException(
                    "no valid UTF-8: " + InvalidJsonException.shown(String.valueOf(e.getMessage())));
        }
        @SuppressWarnings("unchecked") // a builder of the prototype builds the prototype's type
        T built = (T) message.build();
        return built;
    }

    /** Reads one message from text; see {@link #read(byte[], Message)}. */
    public <T extends Message> T read(String json, T prototype) throws InvalidJsonException {
        return read(json.getBytes(StandardCharsets.UTF_8), prototype);
    }

    /** Writes one message as UTF-8 without white space. The stream is neither flushed nor closed. */
    public void write(Message message, OutputStream out) throws IOException {
        try (JsonGenerator generator = factory.createGenerator(out)) {
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            generator.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
            new JsonWriter(generator).message(message);
        }
    }

    /** Returns one message as UTF-8 without white space. */
    public byte[] toBytes(Message message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(FIRST_BUFFER);
        try {
            write(message, bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    /** Returns one message as text without white space. */
    public String toText(Message message) {
        return new String(toBytes(message), StandardCharsets.UTF_8);
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }
}
