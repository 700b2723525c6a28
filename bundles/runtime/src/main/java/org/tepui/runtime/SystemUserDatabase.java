// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.tepui.runtime.Processes.UserIds;

/**
 * The users of the machine as its name service knows them, from files, LDAP or anything else: asked by the commands
 * {@code getent} and {@code id}, because Java cannot and the static shim must not. Answers are kept for a minute, that
 * a user is unknown for 10 s. Safe to use from any thread; one question is asked at a time.
 */
public final class SystemUserDatabase implements UserDatabase {
    private static final Duration KEEP_USER = Duration.ofMinutes(1);
    private static final Duration KEEP_UNKNOWN = Duration.ofSeconds(10);
    private static final int KEPT_NAMES = 1000;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    /** As much as a pipe holds, for the answer is read when the command has ended: some 9,000 groups. */
    private static final int ANSWER_BYTES = 1 << 16;

    private static final Pattern NAME = Pattern.compile("[^-:/\\s\\p{Cntrl}][^:/\\s\\p{Cntrl}]{0,254}");
    private static final int NOT_FOUND = 2;
    private static final int PASSWD_FIELDS = 7;

    private record Kept(Optional<User> user, long until) {}

    private record Answer(int status, String text) {}

    private final Clock clock;
    private final String getent;
    private final String id;
    private final Map<String, Kept> kept = new LinkedHashMap<>();

    /** @param clock tells when an answer is too old */
    public SystemUserDatabase(Clock clock) {
        this(clock, "getent", "id");
    }

    SystemUserDatabase(Clock clock, String getent, String id) {
        this.clock = clock;
        this.getent = getent;
        this.id = id;
    }

    @Override
    public synchronized Optional<User> find(String name) throws IOException {
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        Kept known = kept.get(name);
        if (known != null && clock.nanoTime() - known.until < 0) {
            return known.user;
        }
        Optional<User> user = ask(name);
        kept.remove(name);
        if (kept.size() >= KEPT_NAMES) {
            kept.remove(kept.keySet().iterator().next());
        }
        kept.put(name, new Kept(user, clock.nanoTime() + (user.isPresent() ? KEEP_USER : KEEP_UNKNOWN).toNanos()));
        return user;
    }

    private Optional<User> ask(String name) throws IOException {
        Answer passwd = run(getent, "passwd", name);
        if (passwd.status == NOT_FOUND) {
            return Optional.empty();
        }
        String[] fields = check(passwd, getent, name).text.strip().split(":", -1);
        // asked for a number, getent answers with the user who has it
        if (fields.length == PASSWD_FIELDS && !fields[0].equals(name)) {
            return Optional.empty();
        }
        if (fields.length != PASSWD_FIELDS) {
            throw new IOException(getent + " gave " + fields.length + " fields for user '" + name + "' instead of 7");
        }
        List<Integer> groups = new ArrayList<>();
        StringTokenizer numbers = new StringTokenizer(check(run(id, "-G", name), id, name).text);
        while (numbers.hasMoreTokens()) {
            groups.add(number(numbers.nextToken(), name));
        }
        UserIds ids = new UserIds(number(fields[2], name), number(fields[3], name), groups);
        return Optional.of(new User(name, ids, fields[5]));
    }

    private static int number(String text, String name) throws IOException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IOException("'" + text + "' is no number of a user or group, for user '" + name + "'", e);
        }
    }

    private static Answer check(Answer answer, String command, String name) throws IOException {
        if (answer.status != 0) {
            throw new IOException(command + " ended with status " + answer.status + " for user '" + name + "'");
        }
        return answer;
    }

    private static Answer run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream out = process.getInputStream()) {
            process.getOutputStream().close();
            boolean ended = process.waitFor(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                throw new IOException(command[0] + " did not answer in " + ANSWER_LIMIT.toSeconds() + " s");
            }
            return new Answer(process.exitValue(), new String(out.readNBytes(ANSWER_BYTES), StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command[0] + " was asked", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
