// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.runtime.Address;
import org.tepui.runtime.EventLoop;
import org.tepui.v1.FrameworkInfo;

/** A master on virtual time, with agents and schedulers that tests play. */
final class TestMaster {
    final VirtualTime time;
    final MemoryRegistrar registrar;
    private static final AllocatorSettings SETTINGS = AllocatorSettings.of("greedy", Duration.ofSeconds(1));

    final GreedyPolicy.Factory policy = new GreedyPolicy.Factory();
    final MetricRegistry metrics = new MetricRegistry();
    final LocalEndpoint endpoint;
    final Master master;
    final VirtualPolicyLoops policyLoops;
    final SeededRandomness randomness;
    long epoch;
    String failure = "";

    private int nextPort = 5051;

    private TestMaster(VirtualTime time, MemoryRegistrar registrar, MasterConfig config, long seed) {
        this.time = time;
        this.registrar = registrar;
        this.randomness = new SeededRandomness(seed);
        this.policyLoops = new VirtualPolicyLoops(time);
        EventLoop loop = time.loop("master");
        endpoint = new LocalEndpoint(loop);
        master = new Master(new MasterParts(
                config,
                "test",
                endpoint,
                policyLoops,
                SETTINGS,
                registrar,
                randomness,
                metrics,
                MasterFiles.NONE,
                started -> epoch = started,
                reason -> failure = reason));
        master.addAllocator(PolicyOffering.of(policy, Map.of()));
    }

    static TestMaster started() {
        return started(MasterConfig.defaults());
    }

    static TestMaster started(MasterConfig config) {
        TestMaster master = unstarted(config, 1);
        master.start();
        return master;
    }

    static TestMaster unstarted(MasterConfig config, long seed) {
        VirtualTime time = new VirtualTime();
        return new TestMaster(time, new MemoryRegistrar(time.loop("master")), config, seed);
    }

    void start() {
        master.start(new Address("127.0.0.1", 5050), () -> {});
        time.settle();
    }

    /** Stops this master and starts another on what it left. */
    TestMaster failOver() {
        master.stop(() -> {});
        time.settle();
        TestMaster next = new TestMaster(time, registrar, MasterConfig.defaults(), 2 + epoch);
        next.start();
        return next;
    }

    TestAgent agent(String resources) {
        int port = nextPort++;
        return new TestAgent(this, "host" + port, port, resources).register();
    }

    TestScheduler scheduler() {
        return scheduler(Messages.framework(FrameworkInfo.Capability.Type.PARTITION_AWARE)
                .build());
    }

    TestScheduler scheduler(FrameworkInfo info) {
        return new TestScheduler(this, info, false).subscribe();
    }

    TestScheduler httpScheduler() {
        return new TestScheduler(
                        this,
                        Messages.framework(FrameworkInfo.Capability.Type.PARTITION_AWARE)
                                .build(),
                        true)
                .subscribe();
    }

    RecordingExchange operator(com.google.protobuf.Message call) {
        RecordingExchange exchange = new RecordingExchange(new RecordingConnection("http"), true, Optional.empty());
        endpoint.deliver(call, exchange);
        time.settle();
        return exchange;
    }

    double metric(String name) {
        Double value = metrics.snapshot().get(name);
        if (value == null) {
            throw new AssertionError("no metric " + name);
        }
        return value;
    }
}
