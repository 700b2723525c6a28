// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one running container, locked as long as it runs. What the container itself writes, the cache of
 * its bundles and its log's configuration, is under {@code container} and is made anew at every start. The file
 * {@code service} says what the directory is for: the next start must not be that of another service.
 */
final class WorkDirectory implements AutoCloseable {
    private static final String SERVICE = "service";

    private final Path path;
    private final Path container;
    private final FileChannel channel;

    private WorkDirectory(Path path, Path container, FileChannel channel) {
        this.path = path;
        this.container = container;
        this.channel = channel;
    }

    /**
     * Makes the directory if it does not exist and locks it.
     *
     * @throws LaunchException if it cannot be written, another process holds it, or it belongs to another service
     */
    static WorkDirectory lock(Path path, Service service) throws LaunchException {
        try {
            Path container = Files.createDirectories(path.resolve("container"));
            FileChannel channel = FileChannel.open(
                    container.resolve("lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                String holder = read(channel);
                channel.close();
                throw LaunchException.failure("work directory " + path + " is in use by process " + holder
                        + ": stop that, or choose another with --work-dir");
            }
            String owner = owner(path, service);
            if (!owner.equals(service.bundles())) {
                channel.close();
                throw LaunchException.failure("work directory " + path + " belongs to another service: it was made by '"
                        + owner + "', this is '" + service.bundles() + "': choose another with --work-dir");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new WorkDirectory(path, container, channel);
        } catch (IOException e) {
            throw LaunchException.failure(
                    "work directory " + path + " cannot be written: " + reason(e) + ": choose another with --work-dir");
        }
    }

    Path path() {
        return path;
    }

    /** For what is made anew at every start. */
    Path container() {
        return container;
    }

    /** Gives the directory free. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // the end of the process gives it free
        }
    }

    /** Which service the directory is for: the first that is started in it. */
    private static String owner(Path path, Service service) throws IOException {
        Path file = path.resolve(SERVICE);
        String known = Files.exists(file) ? Files.readString(file).strip() : "";
        if (known.isEmpty()) {
            Files.writeString(file, service.bundles() + "\n");
            return service.bundles();
        }
        return known;
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(20);
        int length = channel.read(buffer, 0);
        return length <= 0 ? "?" : new String(buffer.array(), 0, length, StandardCharsets.US_ASCII);
    }

    /** File system exceptions often have no message but the path. */
    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + " (" + e.getMessage() + ")";
    }
}
