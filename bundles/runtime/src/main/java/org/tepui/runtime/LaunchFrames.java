// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.tepui.runtime.Processes.ProcessSpec;
import org.tepui.runtime.Processes.UserIds;
import org.tepui.runtime.ShimEvent.Identity;

/**
 * Writes the frames that the launcher reads; {@code frame.h} of the shim describes them. Ids and paths are written as
 * file names are, arguments and variables in UTF-8.
 */
final class LaunchFrames {
    /** Bytes of all texts of a command and its environment together. */
    static final int COMMAND_LIMIT = 1 << 20;

    private static final int MAGIC = 0x54534601;
    private static final int HEADER_BYTES = 16;
    private static final int TEXTS_LIMIT = 65536;
    private static final int PATH_LIMIT = 4095;
    private static final int SHOWN_CHARACTERS = 60;

    private static final int START = 1;
    private static final int SIGNAL = 2;
    private static final int WATCH = 3;
    private static final int CONCLUDE = 4;
    private static final int FORGET = 5;

    private final Charset names;

    /** @param names in which file names are written */
    LaunchFrames(Charset names) {
        this.names = names;
    }

    /**
     * A frame that starts a process.
     *
     * @throws IllegalArgumentException saying what cannot be started, and why
     */
    byte[] start(ProcessSpec spec) {
        checkCommand(spec);
        Payload payload = new Payload();
        payload.text(spec.id(), names);
        payload.path("working directory", spec.workingDirectory());
        payload.path("stdout", spec.stdout());
        payload.path("stderr", spec.stderr());
        payload.user(spec.user());
        payload.number(spec.command().size());
        for (String argument : spec.command()) {
            payload.text(argument, StandardCharsets.UTF_8);
        }
        payload.number(spec.environment().size());
        for (Map.Entry<String, String> variable : spec.environment().entrySet()) {
            payload.text(variable.getKey() + "=" + variable.getValue(), StandardCharsets.UTF_8);
        }
        if (payload.bytes.size() > COMMAND_LIMIT) {
            throw new IllegalArgumentException("command and environment take " + payload.bytes.size()
                    + " bytes: at most " + COMMAND_LIMIT + " are allowed");
        }
        return payload.frame(START);
    }

    /** A frame that passes a signal on to the group of a process. */
    byte[] signal(String id, Identity identity, int signal) {
        Payload payload = new Payload();
        payload.shim(id, identity);
        payload.number(signal);
        return payload.frame(SIGNAL);
    }

    /** A frame that asks to be told when a shim is gone. */
    byte[] watch(String id, Identity identity) {
        Payload payload = new Payload();
        payload.shim(id, identity);
        return payload.frame(WATCH);
    }

    /** A frame that has the end of a process settled whose shim is gone. */
    byte[] conclude(String id) {
        Payload payload = new Payload();
        payload.text(id, names);
        return payload.frame(CONCLUDE);
    }

    /** A frame that removes what is recorded of a process. */
    byte[] forget(String id) {
        Payload payload = new Payload();
        payload.text(id, names);
        return payload.frame(FORGET);
    }

    /** Looks at sizes before anything is copied: a command may be of any size. */
    private static void checkCommand(ProcessSpec spec) {
        List<String> command = spec.command();
        if (command.isEmpty() || command.get(0).isEmpty()) {
            throw new IllegalArgumentException("the command is empty");
        }
        if (command.size() > TEXTS_LIMIT || spec.environment().size() > TEXTS_LIMIT) {
            throw new IllegalArgumentException("the command has " + command.size() + " arguments and "
                    + spec.environment().size() + " variables: at most " + TEXTS_LIMIT + " of each are allowed");
        }
        long characters = 0;
        for (String argument : command) {
            characters += check("an argument", argument).length() + 1L;
        }
        for (Map.Entry<String, String> variable : spec.environment().entrySet()) {
            String name = check("the name of a variable", variable.getKey());
            if (name.isEmpty() || name.indexOf('=') >= 0) {
                throw new IllegalArgumentException("'" + shown(name) + "' cannot be the name of a variable");
            }
            characters += name.length()
                    + check("variable " + shown(name), variable.getValue()).length()
                    + 2L;
        }
        if (characters > COMMAND_LIMIT) {
            throw new IllegalArgumentException("command and environment have " + characters + " characters: at most "
                    + COMMAND_LIMIT + " bytes are allowed");
        }
    }

    private static String check(String what, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(what + " has a NUL character: '" + shown(text) + "'");
        }
        return text;
    }

    private static String shown(String text) {
        String start = text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + "..." : text;
        return start.replaceAll("\\p{Cntrl}", "?");
    }

    private final class Payload {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        private final DataOutputStream out = new DataOutputStream(bytes);

        void number(int number) {
            try {
                out.writeInt(number);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void longNumber(long number) {
            number((int) (number >>> Integer.SIZE));
            number((int) number);
        }

        void text(String text, Charset charset) {
            byte[] encoded = text.getBytes(charset);
            number(encoded.length + 1);
            bytes.writeBytes(encoded);
            bytes.write(0);
        }

        void path(String what, Path path) {
            String text = path.toString();
            if (!path.isAbsolute() || text.length() > PATH_LIMIT || text.getBytes(names).length > PATH_LIMIT) {
                throw new IllegalArgumentException(what + " '" + shown(text) + "' is not allowed: an absolute path of"
                        + " at most " + PATH_LIMIT + " bytes is expected");
            }
            text(text, names);
        }

        void user(Optional<UserIds> user) {
            bytes.write(user.isPresent() ? 1 : 0);
            number(user.map(ids -> identity("uid", ids.uid())).orElse(0));
            number(user.map(ids -> identity("gid", ids.gid())).orElse(0));
            List<Integer> groups = user.map(UserIds::groups).orElse(List.of());
            if (groups.size() > TEXTS_LIMIT) {
                throw new IllegalArgumentException(
                        groups.size() + " supplementary groups: at most " + TEXTS_LIMIT + " are allowed");
            }
            number(groups.size());
            for (int group : groups) {
                number(identity("group", group));
            }
        }

        /** Negative ids are refused: to the kernel -1 means to stay who one is, which may be root. */
        private static int identity(String what, int id) {
            if (id < 0) {
                throw new IllegalArgumentException(what + " " + id + " is out of range: 0 to 2147483647 are allowed");
            }
            return id;
        }

        void shim(String id, Identity identity) {
            text(id, names);
            number((int) identity.shim());
            longNumber(identity.shimStartTime());
        }

        byte[] frame(int type) {
            byte[] payload = bytes.toByteArray();
            CRC32 checksum = new CRC32();
            checksum.update(payload);
            return ByteBuffer.allocate(HEADER_BYTES + payload.length)
                    .putInt(MAGIC)
                    .putInt(type)
                    .putInt(payload.length)
                    .putInt((int) checksum.getValue())
                    .put(payload)
                    .array();
        }
    }
}
