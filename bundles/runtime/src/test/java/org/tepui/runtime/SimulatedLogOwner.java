// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.simulated.SimulatedDisk;
import org.tepui.runtime.simulated.SimulatedNode;
import org.tepui.runtime.simulated.SimulatedWorld;

/** A service with nothing but a log: it keeps what it heard, over restarts too. */
final class SimulatedLogOwner implements RecordLog.Watcher {
    static final Path DIRECTORY = Path.of("/var/lib/service");
    static final Path FILE = DIRECTORY.resolve("log");

    final SimulatedWorld world;
    final SimulatedNode node;
    final List<String> acknowledged = new ArrayList<>();
    final List<String> refused = new ArrayList<>();
    final List<String> heard = new ArrayList<>();
    private @Nullable EventLoop loop;
    private RecordLog.@Nullable Opened opened;
    private @Nullable Exception openFailure;

    SimulatedLogOwner(long seed) {
        world = new SimulatedWorld(seed);
        node = world.node("owner");
        node.start(this::startService);
    }

    private void startService(SimulatedNode started) {
        EventLoop newLoop = started.newLoop("loop");
        loop = newLoop;
        RecordLog.Settings settings =
                new RecordLog.Settings(FILE, started.disk(), started.newWorker("disk"), newLoop, this, 100_000);
        RecordLog.open(settings, (result, failure) -> {
            opened = result;
            openFailure = failure;
        });
    }

    void restart() {
        opened = null;
        openFailure = null;
        node.restart();
    }

    /** Waits until the log is open. */
    RecordLog.Opened opened() {
        if (!world.time().runUntil(() -> opened != null || openFailure != null, Duration.ofMinutes(1))
                || opened == null) {
            throw new AssertionError("the log was not opened", openFailure);
        }
        return opened;
    }

    /** Waits until opening failed. */
    Exception openFailure() {
        world.time().runUntil(() -> opened != null || openFailure != null, Duration.ofMinutes(1));
        return Objects.requireNonNull(openFailure, "opening did not fail");
    }

    RecordLog log() {
        return opened().log();
    }

    List<String> records() {
        return texts(opened().records());
    }

    void onLoop(Runnable event) {
        Objects.requireNonNull(loop, "the service was not started").execute("test", event);
    }

    /** Appends each text in an event of its own. */
    void append(String... texts) {
        RecordLog log = log();
        for (String text : texts) {
            onLoop(() -> appendNow(log, text));
        }
    }

    void appendNow(RecordLog log, String text) {
        log.append(bytes(text), failure -> (failure == null ? acknowledged : refused).add(text));
    }

    void run(Duration time) {
        world.time().run(time);
    }

    SimulatedDisk disk() {
        return node.disk();
    }

    byte[] file() {
        try {
            return disk().read(FILE, Integer.MAX_VALUE);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void setFile(byte[] content) {
        try {
            disk().writeAtomically(FILE, content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void stalled(IOException cause) {
        heard.add("stalled: " + cause.getMessage());
    }

    @Override
    public void resumed() {
        heard.add("resumed");
    }

    @Override
    public void failed(IOException cause) {
        heard.add("failed: " + cause.getMessage());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static List<String> texts(List<byte[]> records) {
        List<String> texts = new ArrayList<>();
        for (byte[] record : records) {
            texts.add(new String(record, StandardCharsets.UTF_8));
        }
        return texts;
    }
}
