// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.osgi.framework.Version;
import org.tepui.api.service.PluginInfo.Origin;

/**
 * The text form of {@link PluginState}: a line with the version of the form, then a line per item, each headed by its
 * checksum. A line that is damaged costs that item alone.
 */
final class PluginStateFile {
    private static final String HEADER = "tepui-plugins 1";
    private static final int CHECKSUM_DIGITS = 8;

    /**
     * What was read.
     *
     * @param state without what is damaged
     * @param damaged the numbers of the lines that are, from 1
     */
    record Content(PluginState state, List<Integer> damaged) {}

    /** A file of a form that this version does not know. */
    static final class UnknownFormException extends Exception {
        private static final long serialVersionUID = 1L;

        UnknownFormException(String message) {
            super(message);
        }
    }

    private PluginStateFile() {}

    static byte[] write(PluginState state) {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        state.current().forEach(record -> append(text, line("current", record)));
        state.earlier().forEach(record -> append(text, line("earlier", record)));
        state.deployed()
                .forEach(file -> append(
                        text,
                        List.of(
                                "file",
                                file.file(),
                                String.valueOf(file.size()),
                                String.valueOf(file.modified()),
                                file.name(),
                                file.version())));
        state.journal()
                .forEach(entry -> append(
                        text,
                        List.of(
                                "entry",
                                String.valueOf(entry.number()),
                                entry.time().toString(),
                                entry.action().name(),
                                entry.name(),
                                entry.from(),
                                entry.to(),
                                entry.by())));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws UnknownFormException if the file is none of this kind, or of a newer one */
    static Content read(byte[] bytes) throws UnknownFormException {
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
        if (!lines[0].equals(HEADER)) {
            throw new UnknownFormException("it does not begin with '" + HEADER + "'");
        }
        PluginState state = new PluginState();
        List<Integer> damaged = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            boolean last = i == lines.length - 1;
            if (!(last && lines[i].isEmpty()) && !add(state, lines[i])) {
                damaged.add(i + 1);
            }
        }
        return new Content(state, damaged);
    }

    private static boolean add(PluginState state, String line) {
        int space = line.indexOf(' ');
        if (space != CHECKSUM_DIGITS || !checksum(line.substring(space + 1)).equals(line.substring(0, space))) {
            return false;
        }
        try {
            List<String> fields = new ArrayList<>();
            for (String field : line.substring(space + 1).split(" ", -1)) {
                fields.add(URLDecoder.decode(field, StandardCharsets.UTF_8));
            }
            switch (fields.get(0)) {
                case "current" -> state.install(record(fields));
                case "earlier" -> state.keep(record(fields));
                case "file" ->
                    state.addDeployed(new DeployedFile(
                            fields.get(1),
                            Long.parseLong(fields.get(2)),
                            Long.parseLong(fields.get(3)),
                            fields.get(4),
                            fields.get(5)));
                case "entry" ->
                    state.addEntry(new JournalEntry(
                            Long.parseLong(fields.get(1)),
                            Instant.parse(fields.get(2)),
                            JournalEntry.Action.valueOf(fields.get(3)),
                            fields.get(4),
                            fields.get(5),
                            fields.get(6),
                            fields.get(7)));
                default -> {
                    return false;
                }
            }
            return true;
        } catch (IllegalArgumentException | IndexOutOfBoundsException | java.time.DateTimeException e) {
            return false;
        }
    }

    private static List<String> line(String kind, PluginRecord record) {
        return List.of(
                kind,
                record.name(),
                record.version().toString(),
                record.digest(),
                record.origin().name(),
                record.file(),
                record.since().toString(),
                record.over());
    }

    private static PluginRecord record(List<String> fields) {
        return new PluginRecord(
                fields.get(1),
                Version.parseVersion(fields.get(2)),
                fields.get(3),
                Origin.valueOf(fields.get(4)),
                fields.get(5),
                Instant.parse(fields.get(6)),
                fields.get(7));
    }

    private static void append(StringBuilder text, List<String> fields) {
        StringBuilder line = new StringBuilder();
        for (String field : fields) {
            line.append(line.isEmpty() ? "" : " ").append(URLEncoder.encode(field, StandardCharsets.UTF_8));
        }
        text.append(checksum(line.toString())).append(' ').append(line).append('\n');
    }

    private static String checksum(String line) {
        CRC32 crc = new CRC32();
        crc.update(line.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }
}
