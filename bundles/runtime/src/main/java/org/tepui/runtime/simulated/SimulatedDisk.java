// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.Disk;

/**
 * The disk of a node. What is on it survives the end of a service; when the machine crashes, what was appended and not
 * forced is lost or torn, by the seed. It can be full, slow, or fail.
 *
 * <p>Names change durably at once: that a removed file may come back after a crash is not simulated.
 */
public final class SimulatedDisk implements Disk {
    private static final int MAXIMUM_LINKS = 16;

    private final String node;
    private final SimulatedRandomness randomness;
    private final NavigableMap<Path, Entry> entries = new TreeMap<>();
    private final NavigableMap<Path, String> owners = new TreeMap<>();
    private final TreeSet<Path> locks = new TreeSet<>();
    private long capacity = Long.MAX_VALUE;
    private boolean forceFails;
    private boolean writesFail;
    private long nanosPerOperation = Duration.ofNanos(20_000).toNanos();
    private long nanosPerForce = Duration.ofMillis(1).toNanos();
    private long elapsed;
    private long operations;
    private long crashAt = Long.MAX_VALUE;
    private Runnable crash = () -> {};

    SimulatedDisk(String node, SimulatedRandomness randomness) {
        this.node = node;
        this.randomness = randomness;
    }

    /** What stands under a name. */
    sealed interface Entry permits Directory, FileContent, SymbolicLink {}

    record Directory() implements Entry {}

    record SymbolicLink(Path target) implements Entry {}

    /** Lets writes fail as they do on a full disk once the files together have so many bytes. */
    public void setCapacity(long bytes) {
        capacity = bytes;
    }

    /**
     * Lets every call that makes something durable fail, or succeed again. What a failed call should have made durable
     * never is, even if a later one succeeds.
     */
    public void setForceFails(boolean fails) {
        forceFails = fails;
    }

    /** Lets every call that changes something fail before it did, or succeed again. */
    public void setWritesFail(boolean fails) {
        writesFail = fails;
    }

    /** Sets how long it takes to make something durable; 1 ms at first. */
    public void setForceTime(Duration time) {
        nanosPerForce = time.toNanos();
    }

    /** How many calls so far changed something or made it durable. */
    public long operations() {
        return operations;
    }

    /** Lets the machine crash in the middle of the operation which comes after so many more; 0 for the very next. */
    public void crashAfterOperations(long more) {
        crashAt = operations + more;
    }

    /** All bytes of files. */
    public long usedBytes() {
        long used = 0;
        for (Entry entry : entries.values()) {
            if (entry instanceof FileContent file) {
                used += file.length();
            }
        }
        return used;
    }

    /** Who owns a path, as "uid:gid"; null if it was never given to anybody. */
    public @Nullable String owner(Path path) {
        return owners.get(absolute(path));
    }

    /** Where a symbolic link leads; null if it is none. */
    public @Nullable Path linkTarget(Path path) {
        return entries.get(absolute(path)) instanceof SymbolicLink link ? link.target() : null;
    }

    @Override
    public boolean exists(Path path) {
        return isRoot(absolute(path)) || entries.containsKey(absolute(path));
    }

    @Override
    public byte[] read(Path file, int maximumBytes) throws IOException {
        elapsed += nanosPerOperation;
        FileContent content = content(file);
        if (content.length() > maximumBytes) {
            throw new IOException(file + " is longer than the " + maximumBytes + " bytes allowed");
        }
        return content.bytes();
    }

    @Override
    public void writeAtomically(Path file, byte[] content) throws IOException {
        createDirectories(parentOf(absolute(file)));
        beginOperation(() -> {});
        FileContent written = new FileContent();
        append(file, written, ByteBuffer.wrap(content));
        forceOrFail(file);
        written.force();
        refuseDirectory(file);
        entries.put(absolute(file), written);
    }

    @Override
    public AppendFile openAppend(Path file) throws IOException {
        Path path = absolute(file);
        createDirectories(parentOf(path));
        refuseDirectory(file);
        if (!entries.containsKey(path)) {
            beginOperation(() -> {});
            entries.put(path, new FileContent());
        }
        return new OpenFile(file, content(file));
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        elapsed += nanosPerOperation;
        Path path = absolute(directory);
        List<String> names = new ArrayList<>();
        Entry entry = entries.get(path);
        if (entry != null && !(entry instanceof Directory)) {
            throw new NotDirectoryException(directory.toString());
        }
        for (Path below : entries.tailMap(path, false).keySet()) {
            if (!below.startsWith(path)) {
                continue;
            }
            if (below.getNameCount() == path.getNameCount() + 1) {
                names.add(String.valueOf(below.getFileName()));
            }
        }
        names.sort(null);
        return names;
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        Path path = absolute(directory);
        if (isRoot(path) || entries.get(path) instanceof Directory) {
            return;
        }
        createDirectories(parentOf(path));
        if (entries.containsKey(path)) {
            throw new NotDirectoryException(directory.toString());
        }
        beginOperation(() -> {});
        entries.put(path, new Directory());
    }

    @Override
    public void createScratchDirectories(Path directory) throws IOException {
        createDirectories(directory);
    }

    @Override
    public void setOwner(Path path, int uid, int gid) throws IOException {
        if (!exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        beginOperation(() -> {});
        owners.put(absolute(path), uid + ":" + gid);
    }

    @Override
    public void replaceSymbolicLink(Path link, Path target) throws IOException {
        createDirectories(parentOf(absolute(link)));
        refuseDirectory(link);
        beginOperation(() -> {});
        forceOrFail(link);
        entries.put(absolute(link), new SymbolicLink(target));
    }

    @Override
    public void replaceScratchLink(Path link, Path target) throws IOException {
        replaceSymbolicLink(link, target);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Entry entry = entries.get(absolute(from));
        if (entry == null) {
            throw new NoSuchFileException(from.toString());
        }
        beginOperation(() -> {});
        entries.remove(absolute(from));
        entries.put(absolute(to), entry);
        forceOrFail(to);
    }

    @Override
    public void delete(Path path) throws IOException {
        Path top = absolute(path);
        List<Path> removed = entries.tailMap(top, true).keySet().stream()
                .filter(below -> below.startsWith(top))
                .toList();
        if (!removed.isEmpty()) {
            beginOperation(() -> {});
        }
        removed.forEach(entries::remove);
        removed.forEach(owners::remove);
    }

    @Override
    public long usableBytes(Path path) {
        return Math.max(0, capacity - usedBytes());
    }

    @Override
    public long totalBytes(Path path) {
        return capacity;
    }

    @Override
    public DirectoryLock lock(Path directory) throws IOException {
        createDirectories(directory);
        if (!locks.add(absolute(directory))) {
            throw new IOException(directory + " is in use by another service");
        }
        return new HeldLock(directory);
    }

    /** The service ended: its locks are gone, the files are as it left them. */
    void releaseLocks() {
        locks.clear();
    }

    /** The machine crashed: what was not forced is lost, from some point on. */
    void loseUnforced() {
        locks.clear();
        for (Entry entry : entries.values()) {
            if (entry instanceof FileContent file) {
                file.tear(randomness);
            }
        }
    }

    void onCrash(Runnable crashesMachine) {
        crash = crashesMachine;
    }

    /** How long the operations since the last call took, in nanoseconds. */
    long takeElapsed() {
        long taken = elapsed;
        elapsed = 0;
        return taken;
    }

    /**
     * Counts an operation. If the machine is to crash in it, the part of it that may still have an effect is done
     * before.
     */
    private void beginOperation(Runnable partly) throws IOException {
        elapsed += nanosPerOperation;
        if (operations++ == crashAt) {
            partly.run();
            crashAt = Long.MAX_VALUE;
            crash.run();
            throw new SimulatedCrash(node);
        }
        if (writesFail) {
            throw new IOException("the disk of " + node + " fails");
        }
    }

    private void forceOrFail(Path file) throws IOException {
        elapsed += nanosPerForce;
        if (forceFails) {
            throw new IOException(file + " could not be forced to the disk of " + node);
        }
    }

    private void append(Path file, FileContent content, ByteBuffer bytes) throws IOException {
        long room = usableBytes(file);
        if (bytes.remaining() > room) {
            content.append(bytes.slice().limit((int) room));
            throw new IOException(file + ": no space left on the disk of " + node);
        }
        content.append(bytes);
    }

    private FileContent content(Path file) throws IOException {
        Path path = absolute(file);
        for (int links = 0; links < MAXIMUM_LINKS; links++) {
            Entry entry = entries.get(path);
            if (entry instanceof FileContent content) {
                return content;
            }
            if (entry instanceof Directory) {
                throw new FileNotFoundException(file + " is a directory");
            }
            if (entry == null) {
                throw new NoSuchFileException(file.toString());
            }
            path = absolute(parentOf(path).resolve(((SymbolicLink) entry).target()));
        }
        throw new FileNotFoundException(file + " is a chain of too many links");
    }

    private void refuseDirectory(Path file) throws FileNotFoundException {
        if (entries.get(absolute(file)) instanceof Directory) {
            throw new FileNotFoundException(file + " is a directory");
        }
    }

    private static boolean isRoot(Path path) {
        return path.getNameCount() == 0;
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static Path parentOf(Path path) {
        return Objects.requireNonNull(path.getParent(), "the root is no file");
    }

    private final class OpenFile implements AppendFile {
        private final Path path;
        private final FileContent content;

        OpenFile(Path path, FileContent content) {
            this.path = path;
            this.content = content;
        }

        @Override
        public long size() {
            return content.length();
        }

        @Override
        public void append(ByteBuffer bytes) throws IOException {
            beginOperation(() -> content.append(bytes.duplicate()));
            SimulatedDisk.this.append(path, content, bytes);
        }

        @Override
        public void force() throws IOException {
            beginOperation(() -> {});
            try {
                forceOrFail(path);
            } catch (IOException e) {
                content.forceFailed();
                throw e;
            }
            content.force();
        }

        @Override
        public void forceAgain(long from) throws IOException {
            force();
            content.writtenAgain(from);
        }

        @Override
        public void truncate(long size) throws IOException {
            beginOperation(() -> {});
            content.truncate(size);
        }

        @Override
        public void close() {}
    }

    private final class HeldLock implements DirectoryLock {
        private final Path directory;
        private boolean held = true;

        HeldLock(Path directory) {
            this.directory = directory;
        }

        @Override
        public Path directory() {
            return directory;
        }

        @Override
        public void close() {
            if (held) {
                held = false;
                locks.remove(absolute(directory));
            }
        }
    }
}
