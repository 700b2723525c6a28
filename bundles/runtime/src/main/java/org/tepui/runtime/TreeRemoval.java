// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes a directory with all that is in it, which another user may be changing meanwhile: every step is relative to
 * an open directory, so a directory that turns into a link is not followed. Each level of depth holds a file handle,
 * therefore what lies deeper than a bound is first moved up to the top.
 */
final class TreeRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(TreeRemoval.class);
    private static final int MAXIMUM_DEPTH = 50;
    private static final String LIFTED_PREFIX = ".removing-";

    private final SecureDirectoryStream<Path> top;
    private long lifted;

    private TreeRemoval(SecureDirectoryStream<Path> top) {
        this.top = top;
    }

    static void remove(Path path) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return;
        }
        Path parent = path.toAbsolutePath().getParent();
        if (!attributes.isDirectory() || parent == null) {
            Files.deleteIfExists(path);
            return;
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent)) {
            removeDirectory(secure(stream, parent), path.getFileName());
        }
    }

    private static void removeDirectory(SecureDirectoryStream<Path> above, Path name) throws IOException {
        try (SecureDirectoryStream<Path> top = above.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            TreeRemoval removal = new TreeRemoval(top);
            long before;
            do {
                before = removal.lifted;
                // a fresh handle each round: a directory stream lists once
                try (SecureDirectoryStream<Path> round = above.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                    removal.empty(round, 0);
                }
            } while (removal.lifted != before);
            above.deleteDirectory(name);
        }
    }

    private void empty(SecureDirectoryStream<Path> directory, int depth) throws IOException {
        List<Path> names = new ArrayList<>();
        for (Path entry : directory) {
            names.add(entry.getFileName());
        }
        for (Path name : names) {
            try {
                removeEntry(directory, name, depth);
            } catch (NoSuchFileException e) {
                LOG.debug("{} is gone already", name);
            }
        }
    }

    private void removeEntry(SecureDirectoryStream<Path> directory, Path name, int depth) throws IOException {
        BasicFileAttributes attributes = directory
                .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
        if (!attributes.isDirectory()) {
            directory.deleteFile(name);
        } else if (depth == MAXIMUM_DEPTH) {
            directory.move(name, top, name.resolveSibling(LIFTED_PREFIX + lifted));
            lifted++;
        } else {
            try (SecureDirectoryStream<Path> below = directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                empty(below, depth + 1);
            }
            directory.deleteDirectory(name);
        }
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream, Path path) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        throw new IOException(path + " is on a file system that cannot open files relative to a directory");
    }
}
