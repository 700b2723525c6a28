// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of a {@link RecordLog}. Every call blocks and is made on the log's worker. */
final class LogFile {
    /** A file is read as a whole when it is opened; the owner compacts long before. */
    static final int MAXIMUM_BYTES = 1 << 30;

    private static final Logger LOG = LoggerFactory.getLogger(LogFile.class);
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int KEPT_ASIDE = 5;
    private static final String ASIDE = ".damaged-";
    private static final Pattern ASIDE_NUMBER = Pattern.compile(".*\\.damaged-([0-9]{1,9})");

    private final Disk disk;
    private final Path path;
    private Disk.AppendFile file;
    private long nextSequence;

    private LogFile(Disk disk, Path path, Disk.AppendFile file, long nextSequence) {
        this.disk = disk;
        this.path = path;
        this.file = file;
        this.nextSequence = nextSequence;
    }

    /** What opening brought. */
    record Opened(LogFile file, List<byte[]> records, LogRecovery recovery) {}

    /** After this nobody can say what is on the disk, so nothing more may be written. */
    static final class UnusableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnusableException(String message, IOException cause) {
            super(message + ": " + cause.getMessage(), cause);
        }
    }

    static Opened open(Disk disk, Path path) throws IOException {
        Path beside = beside(path);
        disk.delete(beside);
        if (!disk.exists(path)) {
            LogFile created = write(disk, path, beside, List.of());
            LogRecovery recovery = new LogRecovery(
                    LogRecovery.Outcome.CREATED, 0, 0, Optional.empty(), path + " was made, there was none");
            return new Opened(created, List.of(), recovery);
        }
        byte[] bytes = disk.read(path, MAXIMUM_BYTES);
        LogFormat.Scan scan = LogFormat.scan(path, bytes);
        List<byte[]> records = scan.records();
        long leftOut = bytes.length - (long) scan.intactBytes();
        Path aside = null;
        LogFile file;
        if (scan.outcome() == LogRecovery.Outcome.DAMAGED) {
            // first a copy, then the new file in place of the old: whenever this is interrupted, it starts over
            aside = keepAside(disk, path, bytes);
            file = write(disk, path, beside, records);
        } else {
            file = new LogFile(disk, path, disk.openAppend(path), records.size() + 1L);
            if (leftOut > 0) {
                file.file.truncate(scan.intactBytes());
            }
            file.file.forceAgain(scan.lastBatch());
        }
        return new Opened(
                file,
                records,
                new LogRecovery(
                        scan.outcome(),
                        records.size(),
                        leftOut,
                        Optional.ofNullable(aside),
                        explain(path, scan, leftOut, aside)));
    }

    private static String explain(Path path, LogFormat.Scan scan, long leftOut, @Nullable Path aside) {
        String kept = path + ": " + scan.explanation() + "; " + scan.records().size() + " records are kept";
        return kept
                + (leftOut > 0 ? ", " + leftOut + " bytes after them left out" : "")
                + (aside == null ? "" : "; the damaged file was copied to " + aside);
    }

    private static Path keepAside(Disk disk, Path path, byte[] bytes) throws IOException {
        Path directory = parentOf(path);
        List<Integer> numbers = disk.list(directory).stream()
                .filter(name -> name.startsWith(path.getFileName() + ASIDE))
                .map(ASIDE_NUMBER::matcher)
                .filter(Matcher::matches)
                .map(matcher -> Integer.valueOf(matcher.group(1)))
                .sorted()
                .toList();
        for (int number : numbers.subList(0, Math.max(0, numbers.size() - KEPT_ASIDE + 1))) {
            disk.delete(directory.resolve(path.getFileName() + ASIDE + number));
        }
        int next = numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1) + 1;
        Path aside = directory.resolve(path.getFileName() + ASIDE + next);
        disk.writeAtomically(aside, bytes);
        return aside;
    }

    private static LogFile write(Disk disk, Path path, Path beside, List<byte[]> records) throws IOException {
        Disk.AppendFile file = writeBeside(disk, beside, records);
        disk.rename(beside, path);
        return new LogFile(disk, path, file, records.size() + 1L);
    }

    private static Disk.AppendFile writeBeside(Disk disk, Path beside, List<byte[]> records) throws IOException {
        disk.delete(beside);
        Disk.AppendFile file = disk.openAppend(beside);
        try {
            file.append(LogFormat.header());
            long sequence = 1;
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
            for (byte[] record : records) {
                int needed = LogFormat.RECORD_OVERHEAD + record.length;
                if (needed > chunk.remaining()) {
                    file.append(chunk.flip());
                    chunk = needed > CHUNK_BYTES ? ByteBuffer.allocate(needed) : chunk.clear();
                }
                LogFormat.put(chunk, record, sequence++, 0);
            }
            file.append(chunk.flip());
            file.force();
            return file;
        } catch (IOException e) {
            discard(disk, beside, file, e);
            throw e;
        }
    }

    /** On a full disk the part that was written would keep it full. */
    private static void discard(Disk disk, Path beside, Disk.AppendFile file, IOException cause) {
        try {
            file.close();
            disk.delete(beside);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    long size() {
        return file.size();
    }

    /**
     * Appends a batch and makes it durable.
     *
     * @throws UnusableException if it failed so that the file must not be touched any more
     * @throws IOException if it failed and nothing of it is in the file: it may be tried again
     */
    void append(List<byte[]> batch) throws IOException {
        int bytes = 0;
        for (byte[] record : batch) {
            bytes += LogFormat.RECORD_OVERHEAD + record.length;
        }
        ByteBuffer content = ByteBuffer.allocate(bytes);
        for (int place = 0; place < batch.size(); place++) {
            LogFormat.put(content, batch.get(place), nextSequence + place, place);
        }
        long before = file.size();
        try {
            file.append(content.flip());
        } catch (IOException e) {
            takeBack(before, e);
            throw e;
        }
        try {
            file.force();
        } catch (IOException e) {
            // The kernel may have dropped what it could not write, so that a second attempt would succeed without it.
            // Until the machine is started anew the bytes can still be read: without this the next service would take
            // them for durable.
            takeBack(before, e);
            throw new UnusableException(path + " could not be forced to disk", e);
        }
        nextSequence += batch.size();
    }

    private void takeBack(long size, IOException cause) throws UnusableException {
        try {
            file.truncate(size);
        } catch (IOException e) {
            cause.addSuppressed(e);
            throw new UnusableException(path + " could be neither written nor cut back", cause);
        }
    }

    /**
     * Replaces all records.
     *
     * @throws UnusableException if it failed and neither the old file nor the new may be touched any more
     * @throws IOException if it failed and the old file is as it was
     */
    void replace(List<byte[]> records) throws IOException {
        Path beside = beside(path);
        Disk.AppendFile replacement = writeBeside(disk, beside, records);
        try {
            disk.rename(beside, path);
        } catch (IOException e) {
            throw new UnusableException(path + " could not be replaced", e);
        }
        Disk.AppendFile old = file;
        file = replacement;
        nextSequence = records.size() + 1L;
        try {
            old.close();
        } catch (IOException e) {
            LOG.warn("closing the file that {} replaced", path, e);
        }
    }

    void close() throws IOException {
        file.close();
    }

    private static Path beside(Path path) {
        return parentOf(path).resolve(path.getFileName() + ".new");
    }

    private static Path parentOf(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " has no parent directory");
        }
        return parent;
    }
}
