// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what an identity has beyond its name as one text, such that two texts are equal exactly if the details are:
 * each part is preceded by its length. Gives resources an order that is the same in every process.
 */
final class DetailsKey {
    private final StringBuilder text = new StringBuilder();

    private DetailsKey() {}

    static String of(ResourceIdentity identity) {
        DetailsKey key = new DetailsKey();
        key.append(identity.isRevocable() ? "revocable" : null);
        key.append(identity.isShared() ? "shared" : null);
        key.append(identity.providerId());
        key.append(String.valueOf(identity.reservations().size()));
        for (Reservation reservation : identity.reservations()) {
            key.append(reservation.role().name());
            key.append(reservation.type().name());
            key.append(reservation.principal());
            key.append(reservation.labels());
        }
        DiskInfo disk = identity.disk();
        if (disk != null) {
            key.append(disk);
        }
        return key.text.toString();
    }

    private void append(DiskInfo disk) {
        DiskInfo.Persistence persistence = disk.persistence();
        append(persistence == null ? null : persistence.id());
        append(persistence == null ? null : persistence.principal());
        DiskInfo.Mapping volume = disk.volume();
        append(volume == null ? null : volume.containerPath());
        append(volume == null ? null : volume.hostPath());
        append(volume == null ? null : String.valueOf(volume.writable()));
        DiskInfo.Source source = disk.source();
        append(source == null ? null : source.type().name());
        if (source != null) {
            append(source.root());
            append(source.vendor());
            append(source.id());
            append(source.profile());
            append(source.metadata());
        }
    }

    private void append(List<Label> labels) {
        append(String.valueOf(labels.size()));
        for (Label label : labels) {
            append(label.key());
            append(label.value());
        }
    }

    private void append(@Nullable String part) {
        if (part == null) {
            text.append('-');
        } else {
            text.append(part.length()).append(':').append(part);
        }
    }
}
