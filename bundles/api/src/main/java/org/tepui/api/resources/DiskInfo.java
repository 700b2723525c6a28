// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes a piece of disk different from any other.
 *
 * @param persistence present when it is a volume that outlives its tasks
 * @param volume where a container sees it
 * @param source the disk it lies on, or null for the agent's own
 */
public record DiskInfo(
        @Nullable Persistence persistence,
        @Nullable Mapping volume,
        @Nullable Source source) {
    /**
     * The identity of a persistent volume.
     *
     * @param id unique for an agent and role
     * @param principal who made it, if known
     */
    public record Persistence(String id, @Nullable String principal) {}

    /**
     * Where a container sees a volume.
     *
     * @param containerPath relative to the sandbox, or absolute
     * @param hostPath on the machine, if given
     * @param writable whether the container may write
     */
    public record Mapping(String containerPath, @Nullable String hostPath, boolean writable) {}

    /**
     * The disk that space lies on.
     *
     * @param type what kind of disk
     * @param root its directory on the machine, for PATH and MOUNT
     * @param vendor of a disk that a provider offers
     * @param id of a disk that a provider offers
     * @param metadata of a disk that a provider offers, sorted
     * @param profile the storage class of a disk that a provider offers
     */
    public record Source(
            SourceType type,
            @Nullable String root,
            @Nullable String vendor,
            @Nullable String id,
            List<Label> metadata,
            @Nullable String profile) {
        /** Sorts the metadata. */
        public Source {
            metadata = Label.sorted(metadata);
        }

        /** A disk of the agent, by its directory. */
        public static Source of(SourceType type, String root) {
            return new Source(type, root, null, null, List.of(), null);
        }
    }

    /** The kinds of disks, with the numbers of the v1 API. */
    public enum SourceType {
        /** A directory whose space is divided. */
        PATH(1),
        /** A file system that is given out as a whole. */
        MOUNT(2),
        /** A block device that is given out as a whole. */
        BLOCK(3),
        /** Space that a provider can make a disk of. */
        RAW(4);

        private final int number;

        SourceType(int number) {
            this.number = number;
        }

        /** The value of this type in the v1 API. */
        public int number() {
            return number;
        }
    }

    /** Whether the space is given out as a whole or not at all. */
    public boolean isIndivisible() {
        if (persistence != null) {
            return true;
        }
        if (source == null) {
            return false;
        }
        return source.type() == SourceType.MOUNT
                || (source.id() != null && (source.type() == SourceType.BLOCK || source.type() == SourceType.RAW));
    }
}
