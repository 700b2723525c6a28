// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.fuzz;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.tepui.proto.json.InvalidJsonException;
import org.tepui.proto.json.JsonCodec;
import org.tepui.proto.random.RandomMessages;
import org.tepui.proto.recordio.MalformedRecordException;
import org.tepui.proto.recordio.RecordDecoder;
import org.tepui.proto.recordio.RecordEncoder;
import org.tepui.proto.validation.OperatorCalls;
import org.tepui.proto.validation.SchedulerCalls;

/**
 * Sends damaged inputs through each parser. An input is taken or refused with the exception that the parser names;
 * anything else is a failure that carries the seed and the number of the input.
 *
 * <p>As a program: {@code ParserFuzz [inputs per parser] [seed]}.
 */
public final class ParserFuzz {
    private static final int SEEDS_PER_TYPE = 40;
    private static final int DEPTH = 4;
    private static final int MAXIMUM_RECORD = 1 << 16;

    private final long seed;
    private final int inputs;

    public ParserFuzz(long seed, int inputs) {
        this.seed = seed;
        this.inputs = inputs;
    }

    /** How many inputs a parser took and refused. */
    public record Outcome(int taken, int refused) {}

    /** Tries one input and says whether it was taken. */
    private interface Target {
        boolean takes(byte[] input, Message prototype) throws Exception;
    }

    public static void main(String[] arguments) {
        int inputs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        ParserFuzz fuzz = new ParserFuzz(seed, inputs);
        System.out.println("protobuf " + fuzz.protobuf());
        System.out.println("json " + fuzz.json());
        System.out.println("recordio " + fuzz.recordio());
    }

    /** Binary messages; what is taken also passes the checks of calls and goes to JSON. */
    public Outcome protobuf() {
        return run(Message::toByteArray, ParserFuzz::takesBinary);
    }

    /** JSON documents. */
    public Outcome json() {
        return run(message -> JsonCodec.standard().toBytes(message), ParserFuzz::takesJson);
    }

    /** Streams of records, in pieces of random sizes. */
    public Outcome recordio() {
        Random pieces = new Random(seed);
        return run(ParserFuzz::stream, (input, prototype) -> takesStream(input, pieces));
    }

    private static boolean takesBinary(byte[] input, Message prototype) {
        try {
            check(prototype.getParserForType().parseFrom(input));
            return true;
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    private static boolean takesJson(byte[] input, Message prototype) {
        try {
            check(JsonCodec.standard().read(input, prototype));
            return true;
        } catch (InvalidJsonException e) {
            return false;
        }
    }

    private static boolean takesStream(byte[] input, Random pieces) {
        RecordDecoder decoder = new RecordDecoder(MAXIMUM_RECORD);
        List<byte[]> records = new ArrayList<>();
        ByteBuffer left = ByteBuffer.wrap(input);
        try {
            while (left.hasRemaining()) {
                int end = Math.min(left.limit(), left.position() + pieces.nextInt(200));
                decoder.decode(left.duplicate().limit(end), records::add);
                left.position(end);
            }
            return decoder.isBetweenRecords();
        } catch (MalformedRecordException e) {
            return false;
        }
    }

    private static void check(Message message) {
        if (message instanceof org.tepui.v1.scheduler.Call call) {
            SchedulerCalls.validate(call);
        } else if (message instanceof org.tepui.v1.master.Call call) {
            OperatorCalls.validate(call);
        }
        JsonCodec.standard().toBytes(message);
    }

    private Outcome run(Function<Message, byte[]> encoding, Target target) {
        List<Message> prototypes = List.of(
                org.tepui.v1.scheduler.Call.getDefaultInstance(),
                org.tepui.v1.master.Call.getDefaultInstance(),
                org.tepui.v1.ContainerID.getDefaultInstance(),
                org.tepui.proto.internal.ReregisterAgent.getDefaultInstance(),
                org.tepui.proto.transport.Envelope.getDefaultInstance());
        RandomMessages messages = new RandomMessages(new Random(seed), DEPTH);
        List<List<byte[]>> corpora = new ArrayList<>();
        for (Message prototype : prototypes) {
            List<byte[]> corpus = new ArrayList<>();
            for (int i = 0; i < SEEDS_PER_TYPE; i++) {
                corpus.add(encoding.apply(messages.like(prototype)));
            }
            corpora.add(corpus);
        }
        Mutator mutator = new Mutator(new Random(seed));
        int taken = 0;
        for (int i = 0; i < inputs; i++) {
            int type = i % prototypes.size();
            byte[] input = mutator.next(corpora.get(type));
            try {
                taken += target.takes(input, prototypes.get(type)) ? 1 : 0;
            } catch (Exception | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError("seed " + seed + ", input " + i + " of type " + type, e);
            }
        }
        return new Outcome(taken, inputs - taken);
    }

    private static byte[] stream(Message message) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        byte[] record = message.toByteArray();
        for (int i = 0; i < 4; i++) {
            stream.writeBytes(RecordEncoder.encode(Arrays.copyOf(record, Math.min(record.length, 300) >> i)));
        }
        return stream.toByteArray();
    }
}
