// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.tepui.runtime.Address;
import org.tepui.runtime.Disk;
import org.tepui.runtime.EventLoop;
import org.tepui.runtime.Network;
import org.tepui.runtime.Worker;

/**
 * Three nodes that send each other numbers, write them down and break now and then; prints the digest of what
 * happened.
 */
final class PingPong {
    private static final int NODES = 3;
    private static final int PORT = 5050;

    private PingPong() {}

    public static void main(String[] arguments) {
        System.out.println(digest(Long.parseLong(arguments[0])));
    }

    static String digest(long seed) {
        SimulatedWorld world = new SimulatedWorld(seed);
        for (int i = 0; i < NODES; i++) {
            int next = (i + 1) % NODES;
            world.node("node" + i).start(node -> new Player(node, new Address("node" + next, PORT)));
        }
        breakSomething(world);
        world.time().run(Duration.ofSeconds(60));
        return world.time().digest() + " " + world.time().eventsRun();
    }

    private static void breakSomething(SimulatedWorld world) {
        world.schedule("break", Duration.ofMillis(world.randomness().nextInt(3000)), () -> {
            SimulatedNode victim = world.node("node" + world.randomness().nextInt(NODES));
            switch (world.randomness().nextInt(4)) {
                case 0 -> victim.restart();
                case 1 -> {
                    victim.crash();
                    victim.restart();
                }
                case 2 -> world.network().breakAnyLink();
                default -> {
                    world.network().block("node0", "node1");
                    world.schedule(
                            "heal",
                            Duration.ofMillis(500),
                            () -> world.network().healAll());
                }
            }
            breakSomething(world);
        });
    }

    /** Greets its neighbour over and over, and logs what it is told. */
    private static final class Player {
        private final EventLoop loop;
        private final Worker worker;
        private final SimulatedNode node;
        private final Address neighbour;

        Player(SimulatedNode node, Address neighbour) {
            this.node = node;
            this.neighbour = neighbour;
            this.loop = node.newLoop("loop of " + node.name());
            this.worker = node.newWorker("disk of " + node.name());
            try {
                node.network().listen(new Address(node.name(), PORT), remote -> new End(false));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            connect();
        }

        private void connect() {
            node.network().connect(neighbour, new End(true));
        }

        private void write(long number) {
            worker.submit(
                    "write",
                    () -> {
                        try (Disk.AppendFile file = node.disk().openAppend(Path.of("/log"))) {
                            file.append(ByteBuffer.allocate(Long.BYTES)
                                    .putLong(number)
                                    .flip());
                            if (number % 3 == 0) {
                                file.force();
                            }
                            return file.size();
                        }
                    },
                    loop,
                    (size, failure) -> {});
        }

        private final class End implements Network.LinkHandler {
            private final boolean opener;

            End(boolean opener) {
                this.opener = opener;
            }

            @Override
            public void opened(Network.Link link) {
                if (opener) {
                    loop.execute("greet", () -> greet(link));
                }
            }

            private void greet(Network.Link link) {
                long number = node.randomness().nextLong();
                Network.Frame frame = new Network.Frame() {
                    @Override
                    public int size() {
                        return Long.BYTES;
                    }

                    @Override
                    public void writeTo(ByteBuffer target) {
                        target.putLong(number);
                    }
                };
                if (link.send(frame)) {
                    loop.schedule("greet", Duration.ofMillis(20), () -> greet(link));
                }
            }

            @Override
            public void frame(ByteBuffer content) {
                long number = content.getLong();
                loop.execute("told", () -> write(number));
            }

            @Override
            public void closed(String reason) {
                if (opener) {
                    loop.schedule("connect again", Duration.ofMillis(100), () -> connect());
                }
            }
        }
    }
}
