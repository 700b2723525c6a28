// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.runtime.Processes.ExitStatus;
import org.tepui.runtime.ShimEvent.Identity;

/**
 * The files that shims leave under a runtime directory; {@code record.h} of the shim describes them. They are read
 * only to find processes again: while nothing breaks, events say the same. What is damaged is moved aside.
 */
final class ShimDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(ShimDirectory.class);
    private static final Path SELF = Path.of("/proc/self");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int RECORD_LIMIT = 512;
    private static final int QUARANTINE_LIMIT = 10_000;
    private static final Pattern PID_RECORD =
            Pattern.compile("([1-9]\\d{0,9}) (\\d{1,18}) ([1-9]\\d{0,9}) (\\d{1,18}) ([0-9a-f-]{1,39})\n");
    private static final Pattern EXIT_RECORD =
            Pattern.compile("(?:code (\\d{1,3})|signal (\\d{1,2})|unknown|error (\\P{Cntrl}*))\n");
    private static final int LARGEST_CODE = 255;
    private static final int ROOT = 0;
    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int STICKY = 01000;
    private static final int GROUP_AND_OTHERS_WRITE = 022;
    private static final int OTHERS_WRITE = 002;
    private static final int LARGEST_SIGNAL = 64;

    private final Path directory;

    ShimDirectory(Path directory) {
        this.directory = directory;
    }

    /** How file names are written on this machine. */
    static Charset nameCharset() {
        return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    }

    Path path() {
        return directory;
    }

    Path fifo() {
        return directory.resolve("events");
    }

    /**
     * Makes the directory, closed to other users, if it is missing. One that is there must belong to this user alone,
     * and the one above it to nobody who could put another in its place: what is recorded decides what is killed.
     *
     * @throws IOException if it cannot be made, or others could change what is recorded there
     */
    void create() throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        int self = (Integer) Files.getAttribute(SELF, "unix:uid");
        Owner owner = Owner.of(directory);
        if (!owner.isDirectory() || owner.uid != self || owner.may(GROUP_AND_OTHERS_WRITE)) {
            throw unsafe(
                    directory,
                    owner,
                    "a directory of the user with the id " + self + " is expected, which nobody else may write to");
        }
        Path above = directory.toRealPath().getParent();
        if (above != null) {
            Owner aboveOwner = Owner.of(above);
            boolean trusted = aboveOwner.uid == self || aboveOwner.uid == ROOT;
            if (!trusted || (aboveOwner.may(OTHERS_WRITE) && !aboveOwner.may(STICKY))) {
                throw unsafe(
                        above,
                        aboveOwner,
                        "above a runtime directory one of root or of the user with the id " + self
                                + " is expected, which others may not write to unless it is sticky");
            }
        }
    }

    private static IOException unsafe(Path path, Owner owner, String expected) {
        return new IOException(path + " belongs to the user with the id " + owner.uid + " and has the mode "
                + Integer.toOctalString(owner.mode) + ": " + expected);
    }

    /** Whose a file is and what it is, as stat(2) has it. */
    private record Owner(int uid, int mode) {
        static Owner of(Path path) throws IOException {
            int uid = (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            return new Owner(uid, mode);
        }

        boolean isDirectory() {
            return (mode & TYPE) == DIRECTORY;
        }

        boolean may(int bits) {
            return (mode & bits) != 0;
        }
    }

    /**
     * What the files say of one process.
     *
     * @param identity null if the command was never executed
     * @param end its end, EXITED or FAILED; null if none is recorded
     */
    record Recorded(
            String id,
            @Nullable Identity identity,
            @Nullable ShimEvent end) {}

    /** Reads all records, sorted by id. */
    List<Recorded> scan() throws IOException {
        String bootId = Files.readString(BOOT_ID).strip();
        List<Recorded> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.resolve("processes"))) {
            for (Path entry : entries) {
                Recorded recorded = read(entry, bootId);
                if (recorded != null) {
                    found.add(recorded);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        found.sort(Comparator.comparing(Recorded::id));
        return found;
    }

    private @Nullable Recorded read(Path entry, String bootId) {
        String id = entry.getFileName().toString();
        if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) || ProcessIds.problem(id) != null) {
            quarantine(entry, "it is no directory of a process");
            return null;
        }
        String pid;
        String exit;
        try {
            // in this order: a process that ends in between has an exit file without a pid file only if it failed
            exit = readRecord(entry.resolve("exit"));
            pid = readRecord(entry.resolve("pid"));
        } catch (IOException e) {
            quarantine(entry, e.toString());
            return null;
        }
        Matcher identity = PID_RECORD.matcher(pid);
        if (!pid.isEmpty() && (!identity.matches() || tooLarge(identity.group(1)) || tooLarge(identity.group(3)))) {
            quarantine(entry, "its pid file is damaged");
            return null;
        }
        ShimEvent.Identity process = pid.isEmpty() ? null : identity(identity);
        ShimEvent end = exit.isEmpty() ? null : end(id, process, exit);
        if (!exit.isEmpty() && end == null) {
            quarantine(process == null ? entry : entry.resolve("exit"), "its exit file is damaged");
            return process == null ? null : new Recorded(id, process, null);
        }
        if (end == null && process != null && !identity.group(5).equals(bootId)) {
            end = ShimEvent.exited(id, process, ShimEvent.UNKNOWN_STATUS);
        }
        return new Recorded(id, process, end);
    }

    private static boolean tooLarge(String pid) {
        return Long.parseLong(pid) > Integer.MAX_VALUE;
    }

    private static Identity identity(Matcher record) {
        return new Identity(
                Long.parseLong(record.group(1)),
                Long.parseLong(record.group(2)),
                Long.parseLong(record.group(3)),
                Long.parseLong(record.group(4)));
    }

    /** Null if the record is damaged: of an unknown form, or the end of a process that never ran. */
    private static @Nullable ShimEvent end(String id, @Nullable Identity process, String exit) {
        Matcher record = EXIT_RECORD.matcher(exit);
        if (!record.matches()) {
            return null;
        }
        if (record.group(3) != null) {
            return ShimEvent.failed(id, record.group(3));
        }
        if (process == null) {
            return null;
        }
        OptionalInt code = number(record.group(1));
        OptionalInt signal = number(record.group(2));
        if (code.orElse(0) > LARGEST_CODE || signal.orElse(0) > LARGEST_SIGNAL) {
            return null;
        }
        return ShimEvent.exited(id, process, new ExitStatus(code, signal));
    }

    private static OptionalInt number(@Nullable String digits) {
        return digits == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(digits));
    }

    /** The text of a file, or an empty one if it is not there. */
    private static String readRecord(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file.getFileName() + " is no regular file");
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            String text = new String(in.readNBytes(RECORD_LIMIT), StandardCharsets.UTF_8);
            if (text.isEmpty()) {
                throw new IOException(file.getFileName() + " is empty");
            }
            return text;
        }
    }

    private void quarantine(Path entry, String why) {
        Path aside = directory.resolve("quarantine");
        try {
            Files.createDirectories(aside);
            for (int i = 1; i <= QUARANTINE_LIMIT; i++) {
                Path target = aside.resolve(Integer.toString(i));
                if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                    Files.move(entry, target);
                    LOG.warn("{} was moved to {}: {}", entry, target, why);
                    return;
                }
            }
            LOG.warn("{} is left where it is, {} is full: {}", entry, aside, why);
        } catch (IOException e) {
            LOG.warn("{} cannot be moved to {}: {}", entry, aside, why, e);
        }
    }
}
