// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file system of this machine. Without state of its own; safe to use from several threads on different files. */
public final class SystemDisk implements Disk {
    private static final Logger LOG = LoggerFactory.getLogger(SystemDisk.class);
    private static final String LOCK_FILE = ".lock";
    private static final String LOCK_PROPERTY_PREFIX = "tepui.locked.";
    private static final int BLOCK_BYTES = 1 << 16;
    private static final int LONGEST_PID = 32;
    private static final String BESIDE_SUFFIX = ".new";

    @Override
    public boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public byte[] read(Path file, int maximumBytes) throws IOException {
        try (InputStream input = Files.newInputStream(file)) {
            byte[] content = input.readNBytes(maximumBytes);
            if (content.length == maximumBytes && input.read() >= 0) {
                throw new IOException(file + " is longer than the " + maximumBytes + " bytes allowed");
            }
            return content;
        }
    }

    @Override
    public void writeAtomically(Path file, byte[] content) throws IOException {
        Path directory = parentOf(file);
        createDirectories(directory);
        Path beside = directory.resolve(file.getFileName() + BESIDE_SUFFIX);
        try {
            writeNew(beside, content);
            rename(beside, file);
        } catch (IOException e) {
            discard(beside, e);
            throw e;
        }
    }

    private static void writeNew(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING,
                LinkOption.NOFOLLOW_LINKS)) {
            writeFully(channel, ByteBuffer.wrap(content));
            channel.force(true);
        }
    }

    /** On a full disk the part that was written would keep it full. */
    private static void discard(Path file, IOException cause) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public AppendFile openAppend(Path file) throws IOException {
        Path directory = parentOf(file);
        createDirectories(directory);
        boolean missing = !exists(file);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (missing) {
                forceDirectory(directory);
            }
            channel.position(channel.size());
            return new ChannelFile(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        Path path = directory.toAbsolutePath();
        while (path != null && !Files.isDirectory(path)) {
            missing.push(path);
            path = path.getParent();
        }
        for (Path next : missing) {
            try {
                Files.createDirectory(next);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(next)) {
                    NotDirectoryException clearer = new NotDirectoryException(next.toString());
                    clearer.initCause(e);
                    throw clearer;
                }
            }
            forceDirectory(parentOf(next));
        }
    }

    @Override
    public void createScratchDirectories(Path directory) throws IOException {
        Files.createDirectories(directory);
    }

    @Override
    public void setOwner(Path path, int uid, int gid) throws IOException {
        // by number: the file system provider of Unix has these attributes in every JDK that we run on
        Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void replaceSymbolicLink(Path link, Path target) throws IOException {
        createDirectories(parentOf(link));
        replaceScratchLink(link, target);
        forceDirectory(parentOf(link));
    }

    @Override
    public void replaceScratchLink(Path link, Path target) throws IOException {
        Path beside = parentOf(link).resolve(link.getFileName() + BESIDE_SUFFIX);
        Files.deleteIfExists(beside);
        Files.createSymbolicLink(beside, target);
        Files.move(beside, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(parentOf(to));
    }

    @Override
    public void delete(Path path) throws IOException {
        TreeRemoval.remove(path);
    }

    @Override
    public long usableBytes(Path path) throws IOException {
        return Files.getFileStore(path).getUsableSpace();
    }

    @Override
    public long totalBytes(Path path) throws IOException {
        return Files.getFileStore(path).getTotalSpace();
    }

    @Override
    public DirectoryLock lock(Path directory) throws IOException {
        createDirectories(directory);
        // A POSIX lock is the process's: a second handle on the file, once closed, would give away the lock of the
        // first. Therefore services that
        // share a JVM, maybe with class loaders of their own, are told apart before the file is touched.
        String key = LOCK_PROPERTY_PREFIX + directory.toRealPath();
        String self = Long.toString(ProcessHandle.current().pid());
        if (System.getProperties().putIfAbsent(key, self) != null) {
            throw inUse(directory, self);
        }
        try {
            return new ChannelLock(directory, key, lockFile(directory, self));
        } catch (IOException e) {
            System.getProperties().remove(key);
            throw e;
        }
    }

    private FileChannel lockFile(Path directory, String self) throws IOException {
        Path file = directory.resolve(LOCK_FILE);
        FileChannel channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        try {
            if (channel.tryLock() == null) {
                throw inUse(directory, new String(read(file, LONGEST_PID), StandardCharsets.US_ASCII));
            }
            channel.truncate(0);
            writeFully(channel, ByteBuffer.wrap(self.getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static IOException inUse(Path directory, String holder) {
        String process = holder.matches("[0-9]+") ? ", process " + holder : "";
        return new IOException(directory + " is in use by another service" + process);
    }

    private static Path parentOf(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " has no parent directory");
        }
        return parent;
    }

    private static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer content) throws IOException {
        while (content.hasRemaining()) {
            channel.write(content);
        }
    }

    private static final class ChannelFile implements AppendFile {
        private final FileChannel channel;
        private long size;

        ChannelFile(FileChannel channel) throws IOException {
            this.channel = channel;
            this.size = channel.size();
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void append(ByteBuffer content) throws IOException {
            try {
                writeFully(channel, content);
            } finally {
                size = channel.position();
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void forceAgain(long from) throws IOException {
            ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
            for (long position = from; position < size; position += block.limit()) {
                block.clear().limit((int) Math.min(BLOCK_BYTES, size - position));
                readAt(position, block);
                long target = position;
                while (block.hasRemaining()) {
                    target += channel.write(block, target);
                }
            }
            channel.force(false);
        }

        private void readAt(long position, ByteBuffer target) throws IOException {
            while (target.hasRemaining()) {
                if (channel.read(target, position + target.position()) < 0) {
                    throw new IOException("the file became shorter than " + size + " bytes");
                }
            }
            target.flip();
        }

        @Override
        public void truncate(long newSize) throws IOException {
            channel.truncate(newSize);
            size = Math.min(size, newSize);
            channel.position(size);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static final class ChannelLock implements DirectoryLock {
        private final Path directory;
        private final String key;
        private final FileChannel channel;
        private boolean closed;

        ChannelLock(Path directory, String key, FileChannel channel) {
            this.directory = directory;
            this.key = key;
            this.channel = channel;
        }

        @Override
        public Path directory() {
            return directory;
        }

        @Override
        public synchronized void close() {
            if (closed) {
                return;
            }
            closed = true;
            try {
                channel.close();
            } catch (IOException e) {
                // the lock ends with the handle in any case; the file stays, because removing it would race with the
                // next owner
                LOG.debug("closing the lock of {}", directory, e);
            }
            System.getProperties().remove(key);
        }
    }
}
