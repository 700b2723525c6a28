// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of a service. All calls may block, so they are made on a {@link Worker} or before the loop starts. What
 * was written is durable only after the call that says so; a simulated disk loses the rest at a crash.
 */
public interface Disk {
    /** Whether a file or directory is there. */
    boolean exists(Path path);

    /**
     * Reads a whole file.
     *
     * @param maximumBytes more than that is an error, not a cut
     */
    byte[] read(Path file, int maximumBytes) throws IOException;

    /**
     * Replaces a file as a whole: after a crash it has the old content or the new. Written beside, forced to disk,
     * renamed, and the directory forced. Missing parent directories are made.
     */
    void writeAtomically(Path file, byte[] content) throws IOException;

    /** Opens a file for appending, made if missing together with its parent directories. */
    AppendFile openAppend(Path file) throws IOException;

    /** The names in a directory, sorted; empty if it is not there. */
    List<String> list(Path directory) throws IOException;

    /** Makes a directory and its parents. */
    void createDirectories(Path directory) throws IOException;

    /** As {@link #createDirectories}, for directories that need not survive a crash of the machine. */
    void createScratchDirectories(Path directory) throws IOException;

    /** Gives a file or directory to a user and a group, without following a link. */
    void setOwner(Path path, int uid, int gid) throws IOException;

    /** Makes or replaces a symbolic link. */
    void replaceSymbolicLink(Path link, Path target) throws IOException;

    /** As {@link #replaceSymbolicLink}, for links that need not survive a crash of the machine. */
    void replaceScratchLink(Path link, Path target) throws IOException;

    /** Gives a file another name in the same directory, atomically and durably, replacing what had that name. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file, or a directory with all that is in it, without following links. Nothing there is no error. */
    void delete(Path path) throws IOException;

    /** Bytes that can still be written where the path lies. */
    long usableBytes(Path path) throws IOException;

    /** Bytes in all where the path lies, written or not. */
    long totalBytes(Path path) throws IOException;

    /**
     * Takes a directory for this service alone, until the lock is closed or the service ends in whatever way. The
     * directory is made if missing.
     *
     * @throws IOException if another service has it, naming the directory and, where known, the process
     */
    DirectoryLock lock(Path directory) throws IOException;

    /** A directory that belongs to one service. */
    interface DirectoryLock extends AutoCloseable {
        /** What is locked. */
        Path directory();

        /** Gives the directory back. More than once does no harm. */
        @Override
        void close();
    }

    /** A file that grows at its end. Used by one thread at a time. */
    interface AppendFile extends AutoCloseable {
        /** The length in bytes, durable or not. */
        long size();

        /** Writes all of the buffer at the end; durable after {@link #force()} only. */
        void append(ByteBuffer content) throws IOException;

        /** Makes all that was appended durable. After a failure of this call the file must not be written any more. */
        void force() throws IOException;

        /**
         * Makes all of the file durable by writing its end again as it is. To be called on a file of an earlier life
         * of the service: what that life did not force, or failed to, can be read and may never reach the disk
         * otherwise.
         *
         * @param from what is before this position is known to be durable
         */
        void forceAgain(long from) throws IOException;

        /** Cuts the file to a length. */
        void truncate(long size) throws IOException;

        @Override
        void close() throws IOException;
    }
}
