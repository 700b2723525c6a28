// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.convert;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tepui.api.resources.DiskInfo;
import org.tepui.api.resources.Label;
import org.tepui.v1.Labels;
import org.tepui.v1.Resource;
import org.tepui.v1.Volume;

/** Labels, and what is special about some disk. */
final class DiskConversion {
    private DiskConversion() {}

    static List<Label> labels(Labels labels) {
        List<Label> converted = new ArrayList<>(labels.getLabelsCount());
        for (org.tepui.v1.Label label : labels.getLabelsList()) {
            converted.add(new Label(label.getKey(), label.hasValue() ? label.getValue() : null));
        }
        return converted;
    }

    static Labels labels(List<Label> labels) {
        Labels.Builder wire = Labels.newBuilder();
        for (Label label : labels) {
            org.tepui.v1.Label.Builder each = wire.addLabelsBuilder().setKey(label.key());
            if (label.value() != null) {
                each.setValue(label.value());
            }
        }
        return wire.build();
    }

    static DiskInfo toApi(Resource.DiskInfo disk) {
        DiskInfo.Persistence persistence = null;
        if (disk.hasPersistence()) {
            Resource.DiskInfo.Persistence given = disk.getPersistence();
            persistence = new DiskInfo.Persistence(given.getId(), given.hasPrincipal() ? given.getPrincipal() : null);
        }
        return new DiskInfo(
                persistence,
                disk.hasVolume() ? volume(disk.getVolume()) : null,
                disk.hasSource() ? source(disk.getSource()) : null);
    }

    private static DiskInfo.Mapping volume(Volume volume) {
        if (volume.hasImage() || volume.hasSource()) {
            throw new IllegalArgumentException("disk.volume."
                    + (volume.hasImage() ? "image" : "source") + " is not allowed: a volume on a disk has no other"
                    + " contents");
        }
        return new DiskInfo.Mapping(
                volume.getContainerPath(),
                volume.hasHostPath() ? volume.getHostPath() : null,
                volume.getMode() == Volume.Mode.RW);
    }

    private static DiskInfo.Source source(Resource.DiskInfo.Source source) {
        DiskInfo.SourceType type = switch (source.getType()) {
            case PATH -> DiskInfo.SourceType.PATH;
            case MOUNT -> DiskInfo.SourceType.MOUNT;
            case BLOCK -> DiskInfo.SourceType.BLOCK;
            case RAW -> DiskInfo.SourceType.RAW;
            case UNKNOWN ->
                throw new IllegalArgumentException(
                        "disk.source.type is UNKNOWN: one of PATH, MOUNT, BLOCK, RAW is expected");
        };
        if ((source.hasPath() && type != DiskInfo.SourceType.PATH)
                || (source.hasMount() && type != DiskInfo.SourceType.MOUNT)) {
            throw new IllegalArgumentException(
                    "disk.source of type " + type + " has a " + (source.hasPath() ? "path" : "mount"));
        }
        return new DiskInfo.Source(
                type,
                root(source),
                source.hasVendor() ? source.getVendor() : null,
                source.hasId() ? source.getId() : null,
                labels(source.getMetadata()),
                source.hasProfile() ? source.getProfile() : null);
    }

    private static @Nullable String root(Resource.DiskInfo.Source source) {
        if (source.getPath().hasRoot()) {
            return source.getPath().getRoot();
        }
        return source.getMount().hasRoot() ? source.getMount().getRoot() : null;
    }

    static Resource.DiskInfo toWire(DiskInfo disk) {
        Resource.DiskInfo.Builder wire = Resource.DiskInfo.newBuilder();
        DiskInfo.Persistence persistence = disk.persistence();
        if (persistence != null) {
            Resource.DiskInfo.Persistence.Builder made =
                    wire.getPersistenceBuilder().setId(persistence.id());
            if (persistence.principal() != null) {
                made.setPrincipal(persistence.principal());
            }
        }
        DiskInfo.Mapping volume = disk.volume();
        if (volume != null) {
            Volume.Builder made = wire.getVolumeBuilder()
                    .setContainerPath(volume.containerPath())
                    .setMode(volume.writable() ? Volume.Mode.RW : Volume.Mode.RO);
            if (volume.hostPath() != null) {
                made.setHostPath(volume.hostPath());
            }
        }
        if (disk.source() != null) {
            wire.setSource(toWire(disk.source()));
        }
        return wire.build();
    }

    private static Resource.DiskInfo.Source toWire(DiskInfo.Source source) {
        Resource.DiskInfo.Source.Builder wire = Resource.DiskInfo.Source.newBuilder()
                .setType(Resource.DiskInfo.Source.Type.forNumber(source.type().number()));
        if (source.root() != null && source.type() == DiskInfo.SourceType.PATH) {
            wire.getPathBuilder().setRoot(source.root());
        }
        if (source.root() != null && source.type() == DiskInfo.SourceType.MOUNT) {
            wire.getMountBuilder().setRoot(source.root());
        }
        if (source.vendor() != null) {
            wire.setVendor(source.vendor());
        }
        if (source.id() != null) {
            wire.setId(source.id());
        }
        if (!source.metadata().isEmpty()) {
            wire.setMetadata(labels(source.metadata()));
        }
        if (source.profile() != null) {
            wire.setProfile(source.profile());
        }
        return wire.build();
    }
}
