// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.ArrayList;
import java.util.List;
import org.tepui.proto.registry.MasterStarted;
import org.tepui.proto.registry.Record;
import org.tepui.registrar.Registrar;
import org.tepui.registrar.RegistryLimits;
import org.tepui.registrar.RegistryState;
import org.tepui.runtime.EventLoop;

/** A registry in memory, durable one event later; one instance outlives several masters of a test. */
final class MemoryRegistrar implements Registrar {
    final List<Record> records = new ArrayList<>();
    /** While true, nothing becomes durable. */
    boolean stuck;

    private final EventLoop loop;
    private final List<Runnable> held = new ArrayList<>();
    private RegistryState state = new RegistryState(RegistryLimits.DEFAULT);
    private Owner owner = new Owner() {
        @Override
        public void started(RegistryState recovered) {}

        @Override
        public void failed(String reason) {}
    };

    MemoryRegistrar(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public void start(String masterId, Owner master) {
        owner = master;
        state = new RegistryState(RegistryLimits.DEFAULT);
        records.forEach(state::replay);
        Record started = Record.newBuilder()
                .setMasterStarted(
                        MasterStarted.newBuilder().setMasterId(masterId).setEpoch(state.epoch() + 1))
                .build();
        commit(List.of(started), () -> master.started(state));
    }

    @Override
    public void commit(List<Record> committed, Runnable durable) {
        Runnable write = () -> {
            records.addAll(committed);
            committed.forEach(state::replay);
            durable.run();
        };
        if (stuck) {
            held.add(write);
        } else {
            loop.execute("durable", write);
        }
    }

    @Override
    public void stop(Runnable stopped) {
        loop.execute("registrar stopped", stopped);
    }

    /** What waits becomes durable. */
    void release() {
        stuck = false;
        held.forEach(write -> loop.execute("durable", write));
        held.clear();
    }

    /** The disk is broken. */
    void fail() {
        stuck = true;
        loop.execute("registrar failed", () -> owner.failed("the disk is full"));
    }
}
