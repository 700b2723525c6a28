// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.tepui.api.AgentId;
import org.tepui.transport.Refusal;
import org.tepui.v1.FileInfo;
import org.tepui.v1.TimeInfo;
import org.tepui.v1.agent.Response;

/**
 * Lists and reads what lies in sandboxes, and nothing else.
 *
 * <p>A sandbox is named by its real path below the work directory, or by {@code
 * /frameworks/<framework>/executors/<task>/runs/<container>}, with {@code latest} for the newest container. Every
 * directory on the way is opened relative to the one before and without following links, so that a task that moves its
 * files about or puts links there cannot lead a reader out of its sandbox. All calls block.
 */
final class SandboxFiles {
    private static final int SANDBOX_DEPTH = 8;
    private static final int RUN_INDEX = SANDBOX_DEPTH - 1;
    private static final int MAXIMUM_ENTRIES = 50_000;
    private static final int MAXIMUM_PATH = 4096;
    private static final int MAXIMUM_DEPTH = 256;
    private static final int DIRECTORY_MODE = 0040000;
    private static final int REGULAR_MODE = 0100000;
    private static final int LINK_MODE = 0120000;

    private final Path workDirectory;
    private final int readBytes;

    /** @param readBytes the most that one read returns */
    SandboxFiles(Path workDirectory, int readBytes) {
        this.workDirectory = workDirectory;
        this.readBytes = readBytes;
    }

    /** Why there is no answer: the caller's mistake. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Refusal refusal;

        RefusedException(Refusal.Kind kind, String reason) {
            super(reason);
            this.refusal = new Refusal(kind, reason);
        }

        Refusal refusal() {
            return refusal;
        }
    }

    /** What is done in a directory. */
    @FunctionalInterface
    private interface Action<T> {
        T in(SecureDirectoryStream<Path> directory) throws IOException, RefusedException;
    }

    /**
     * The entries of a directory, sorted by name.
     *
     * @throws RefusedException if the path names no directory of a sandbox
     */
    Response.ListFiles list(AgentId agent, String path) throws IOException, RefusedException {
        List<String> names = resolve(agent, path);
        List<FileInfo> infos = within(names, path, directory -> infos(directory, path));
        infos.sort(Comparator.comparing(FileInfo::getPath));
        return Response.ListFiles.newBuilder().addAllFileInfos(infos).build();
    }

    private static List<FileInfo> infos(SecureDirectoryStream<Path> directory, String path)
            throws IOException, RefusedException {
        List<FileInfo> infos = new ArrayList<>();
        for (Path entry : directory) {
            if (infos.size() == MAXIMUM_ENTRIES) {
                throw new RefusedException(
                        Refusal.Kind.TOO_LARGE,
                        "'" + path + "' has more than " + MAXIMUM_ENTRIES + " entries, which is the most listed");
            }
            Path name = entry.getFileName();
            addInfo(infos, path, name.toString(), attributes(directory, name));
        }
        return infos;
    }

    private static PosixFileAttributeView attributes(SecureDirectoryStream<Path> directory, Path name) {
        return directory.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static void addInfo(List<FileInfo> infos, String path, String name, PosixFileAttributeView view)
            throws IOException {
        PosixFileAttributes attributes;
        try {
            attributes = view.readAttributes();
        } catch (NoSuchFileException e) {
            // it was removed meanwhile
            return;
        }
        infos.add(FileInfo.newBuilder()
                .setPath(path.endsWith("/") ? path + name : path + "/" + name)
                .setSize(attributes.size())
                .setMtime(TimeInfo.newBuilder()
                        .setNanoseconds(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS)))
                .setMode(mode(attributes))
                .setUid(attributes.owner().getName())
                .setGid(attributes.group().getName())
                .build());
    }

    private static int mode(PosixFileAttributes attributes) {
        int mode = 0;
        Set<PosixFilePermission> permissions = attributes.permissions();
        // declared from owner read to others execute, as the bits are
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            mode = mode << 1 | (permissions.contains(permission) ? 1 : 0);
        }
        if (attributes.isDirectory()) {
            return mode | DIRECTORY_MODE;
        }
        if (attributes.isSymbolicLink()) {
            return mode | LINK_MODE;
        }
        return attributes.isRegularFile() ? mode | REGULAR_MODE : mode;
    }

    /**
     * A part of a file. Less than was asked for comes at the end of the file, and where more was asked for than one
     * read returns; nothing beyond the end.
     *
     * @param offset in bytes; unsigned
     * @param length in bytes; unsigned
     * @throws RefusedException if the path names no regular file of a sandbox
     */
    Response.ReadFile read(AgentId agent, String path, long offset, long length) throws IOException, RefusedException {
        List<String> names = resolve(agent, path);
        if (names.size() == SANDBOX_DEPTH) {
            throw notAFile(path);
        }
        Path name = Path.of(names.get(names.size() - 1));
        return within(names.subList(0, names.size() - 1), path, directory -> {
            if (!attributes(directory, name).readAttributes().isRegularFile()) {
                throw notAFile(path);
            }
            Set<OpenOption> options = new LinkedHashSet<>(List.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
            try (SeekableByteChannel file = directory.newByteChannel(name, options)) {
                long size = file.size();
                return Response.ReadFile.newBuilder()
                        .setSize(size)
                        .setData(part(file, size, offset, length))
                        .build();
            }
        });
    }

    private ByteString part(SeekableByteChannel file, long size, long offset, long length) throws IOException {
        if (Long.compareUnsigned(offset, size) >= 0) {
            return ByteString.EMPTY;
        }
        long wanted = Long.compareUnsigned(length, readBytes) > 0 ? readBytes : length;
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(wanted, size - offset));
        file.position(offset);
        int read = 0;
        while (buffer.hasRemaining() && read >= 0) {
            read = file.read(buffer);
        }
        return ByteString.copyFrom(buffer.flip());
    }

    /** Goes down to a directory step by step, and does something there. */
    private <T> T within(List<String> names, String path, Action<T> action) throws IOException, RefusedException {
        try (DirectoryStream<Path> root = Files.newDirectoryStream(workDirectory)) {
            if (root instanceof SecureDirectoryStream<Path> secure) {
                return descend(secure, names, action);
            }
            throw new IOException("this system cannot open files relative to a directory");
        } catch (NoSuchFileException e) {
            throw notFound(path);
        } catch (FileSystemException e) {
            // a link or a file where a directory is expected, a name that is too long, no permission
            throw cannotOpen(path, e);
        }
    }

    private static <T> T descend(SecureDirectoryStream<Path> directory, List<String> names, Action<T> action)
            throws IOException, RefusedException {
        if (names.isEmpty()) {
            return action.in(directory);
        }
        Path name = Path.of(names.get(0));
        try (SecureDirectoryStream<Path> next = directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            return descend(next, names.subList(1, names.size()), action);
        }
    }

    /** The names from the work directory on; the first eight lead to the sandbox. */
    private List<String> resolve(AgentId agent, String path) throws RefusedException, IOException {
        List<String> names = new ArrayList<>();
        if (path.length() > MAXIMUM_PATH || path.indexOf('\0') >= 0) {
            throw new RefusedException(
                    Refusal.Kind.BAD_REQUEST, "the path has a NUL or more than " + MAXIMUM_PATH + " characters");
        }
        String work = workDirectory + "/";
        boolean real = path.startsWith(work);
        if (!real) {
            names.add("slaves");
            names.add(agent.value());
        }
        for (String name : (real ? path.substring(work.length()) : path).split("/", -1)) {
            if (name.equals(".") || name.equals("..")) {
                throw new RefusedException(
                        Refusal.Kind.BAD_REQUEST, "the path '" + path + "' has '" + name + "', which is not allowed");
            }
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        if (!isSandbox(names) || names.size() > MAXIMUM_DEPTH) {
            throw notFound(path);
        }
        if (names.get(RUN_INDEX).equals("latest")) {
            names.set(RUN_INDEX, latest(names, path));
        }
        return names;
    }

    private static boolean isSandbox(List<String> names) {
        return names.size() >= SANDBOX_DEPTH
                && names.get(0).equals("slaves")
                && names.get(2).equals("frameworks")
                && names.get(4).equals("executors")
                && names.get(6).equals("runs");
    }

    /** Where the link {@code latest} leads: to a name beside it, or it is not taken for one. */
    private String latest(List<String> names, String path) throws RefusedException, IOException {
        Path runs = workDirectory;
        for (String name : names.subList(0, RUN_INDEX)) {
            runs = runs.resolve(name);
        }
        Path target;
        try {
            target = Files.readSymbolicLink(runs.resolve("latest"));
        } catch (FileSystemException e) {
            throw notFound(path);
        }
        String name = target.toString();
        if (target.getNameCount() != 1 || target.isAbsolute() || name.equals("..") || name.equals(".")) {
            throw notFound(path);
        }
        return name;
    }

    private static RefusedException notFound(String path) {
        return new RefusedException(Refusal.Kind.NOT_FOUND, "there is no '" + path + "' in a sandbox of this agent");
    }

    private static RefusedException cannotOpen(String path, FileSystemException cause) {
        String reason = cause.getReason() == null ? "it is not what it was taken for" : cause.getReason();
        return new RefusedException(Refusal.Kind.NOT_FOUND, "'" + path + "' cannot be opened: " + reason);
    }

    private static RefusedException notAFile(String path) {
        return new RefusedException(Refusal.Kind.BAD_REQUEST, "'" + path + "' is not a regular file");
    }
}
