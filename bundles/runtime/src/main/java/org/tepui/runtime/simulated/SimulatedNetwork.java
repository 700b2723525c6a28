// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime.simulated;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.tepui.runtime.Address;
import org.tepui.runtime.Network;

/**
 * What lies between the nodes. Frames of one direction of a link arrive in order, each after a random time, or not at
 * all once the link is broken. A node's address is its name; {@code localhost} and {@code 127.0.0.1} are the node
 * itself.
 */
public final class SimulatedNetwork {
    private static final int FIRST_FREE_PORT = 32768;
    private static final int SLOW_ONE_IN = 100;
    private static final int SLOW_FACTOR = 20;
    private static final List<String> OWN_NAMES = List.of("localhost", "127.0.0.1", "0.0.0.0", "::1", "::");

    private final VirtualTime time;
    private final SimulatedRandomness randomness;
    private final Lane lane;
    private final Map<String, Listener> listeners = new TreeMap<>();
    private final Set<SimulatedLink> links = new LinkedHashSet<>();
    private final Set<String> blocked = new TreeSet<>();
    private long shortestDelay = Duration.ofNanos(50_000).toNanos();
    private long longestDelay = Duration.ofNanos(500_000).toNanos();
    private final Duration connectTimeout = Duration.ofSeconds(10);
    private Duration silenceTimeout = Duration.ofSeconds(60);
    private int nextPort = FIRST_FREE_PORT;
    private int linksMade;

    SimulatedNetwork(VirtualTime time) {
        this.time = time;
        this.lane = time.newLane("network", new Life());
        this.randomness = SimulatedRandomness.of(time.seed(), "network");
    }

    /** Sets how long frames take, evenly distributed; one in a hundred takes up to twenty times as long. */
    public void setDelay(Duration shortest, Duration longest) {
        if (shortest.isNegative() || shortest.compareTo(longest) > 0) {
            throw new IllegalArgumentException("delays from " + shortest + " to " + longest + " are none");
        }
        shortestDelay = shortest.toNanos();
        longestDelay = longest.toNanos();
    }

    /** Sets after what time a link over which nothing gets through breaks by itself; 60 s at first. */
    public void setSilenceTimeout(Duration timeout) {
        silenceTimeout = timeout;
    }

    /**
     * Lets nothing get from one node to another until healed. What was on its way waits; links break when it lasts too
     * long.
     */
    public void block(String from, String to) {
        blocked.add(direction(from, to));
        linksBetween(from, to).forEach(SimulatedLink::breakIfSilent);
    }

    /** Blocks both directions. */
    public void partition(String one, String other) {
        block(one, other);
        block(other, one);
    }

    /** Lets everything through again in both directions. */
    public void heal(String one, String other) {
        blocked.remove(direction(one, other));
        blocked.remove(direction(other, one));
        linksBetween(one, other).forEach(SimulatedLink::resume);
    }

    /** Ends all blocks. */
    public void healAll() {
        blocked.clear();
        List.copyOf(links).forEach(SimulatedLink::resume);
    }

    /** Breaks the links between two nodes; frames on their way are lost, and both ends hear of it a little later. */
    public int breakLinks(String one, String other) {
        List<SimulatedLink> found = linksBetween(one, other);
        found.forEach(link -> link.breakNow("connection reset"));
        return found.size();
    }

    /** Breaks one link that the seed picks; false if there is none. */
    public boolean breakAnyLink() {
        List<SimulatedLink> open = links.stream().filter(SimulatedLink::isOpen).toList();
        if (open.isEmpty()) {
            return false;
        }
        open.get(randomness.nextInt(open.size())).breakNow("connection reset");
        return true;
    }

    /** How many links are open. */
    public int openLinks() {
        return (int) links.stream().filter(SimulatedLink::isOpen).count();
    }

    /** The network as one life of a node sees it. */
    Network at(String node, Life life) {
        return new NodeNetwork(node, life);
    }

    /** A service ended: the kernel of its machine closes its links and sockets. */
    void serviceEnded(String node) {
        listeners.values().removeIf(listener -> listener.node.equals(node));
        linksOf(node).forEach(link -> link.endClosed(node, randomness.nextBoolean()));
    }

    /** A machine crashed: nobody says so to the others. */
    void machineCrashed(String node) {
        listeners.values().removeIf(listener -> listener.node.equals(node));
        linksOf(node).forEach(SimulatedLink::endVanished);
    }

    /** A machine is up again: it answers frames for links of its earlier life with a reset. */
    void machineStarted(String node) {
        linksOf(node).forEach(link -> link.breakNow("connection reset by peer"));
    }

    boolean isBlocked(String from, String to) {
        return blocked.contains(direction(from, to));
    }

    long delay() {
        long delay = shortestDelay + randomness.nextLong(longestDelay - shortestDelay + 1);
        return randomness.nextInt(SLOW_ONE_IN) == 0 ? delay * (1 + randomness.nextInt(SLOW_FACTOR)) : delay;
    }

    VirtualTime time() {
        return time;
    }

    /** Where events happen that belong to no node. */
    Lane lane() {
        return lane;
    }

    long silenceTimeoutNanos() {
        return silenceTimeout.toNanos();
    }

    void forget(SimulatedLink link) {
        links.remove(link);
    }

    private List<SimulatedLink> linksOf(String node) {
        return linksWhere(link -> link.touches(node));
    }

    private List<SimulatedLink> linksBetween(String one, String other) {
        return linksWhere(link -> link.touches(one) && link.touches(other) && (!one.equals(other) || link.isLoop()));
    }

    private List<SimulatedLink> linksWhere(Predicate<SimulatedLink> which) {
        List<SimulatedLink> found = new ArrayList<>();
        links.stream().filter(which).forEach(found::add);
        return found;
    }

    private static String direction(String from, String to) {
        return from + "\n" + to;
    }

    private static String key(String node, int port) {
        return node + ":" + port;
    }

    private final class NodeNetwork implements Network {
        private final String node;
        private final Life life;

        NodeNetwork(String node, Life life) {
            this.node = node;
            this.life = life;
        }

        @Override
        public Listening listen(Address local, Acceptor acceptor) throws IOException {
            if (!OWN_NAMES.contains(local.host()) && !local.host().equals(node)) {
                throw new IOException(local + " cannot be bound: it is no address of " + node);
            }
            int port = local.port() == 0 ? nextPort++ : local.port();
            Listener listener = new Listener(node, new Address(node, port), life, acceptor);
            if (listeners.putIfAbsent(key(node, port), listener) != null) {
                throw new IOException(local + " cannot be bound: the address is in use");
            }
            return listener;
        }

        @Override
        public void connect(Address remote, LinkHandler handler) {
            String target = OWN_NAMES.contains(remote.host()) ? node : remote.host();
            Lane own = time.newLane("link " + linksMade + " at " + node, life);
            if (isBlocked(node, target) || isBlocked(target, node)) {
                time.schedule(
                        own,
                        "connect timeout",
                        connectTimeout.toNanos(),
                        () -> handler.closed("no answer from " + remote));
                return;
            }
            Address local = new Address(node, nextPort++);
            int number = linksMade++;
            time.schedule(lane, "connect", delay(), () -> {
                Listener listener = listeners.get(key(target, remote.port()));
                if (listener == null) {
                    time.schedule(own, "refused", delay(), () -> handler.closed(remote + " refused the connection"));
                } else if (!life.hasEnded()) {
                    Lane accepted = time.newLane("link " + number + " at " + target, listener.life);
                    SimulatedLink link = new SimulatedLink(
                            SimulatedNetwork.this,
                            new SimulatedLink.Side(node, remote, own, handler),
                            new SimulatedLink.Side(target, local, accepted, listener.acceptor.accept(local)));
                    links.add(link);
                    link.open();
                }
            });
        }
    }

    private final class Listener implements Network.Listening {
        private final String node;
        private final Address address;
        private final Life life;
        private final Network.Acceptor acceptor;

        Listener(String node, Address address, Life life, Network.Acceptor acceptor) {
            this.node = node;
            this.address = address;
            this.life = life;
            this.acceptor = acceptor;
        }

        @Override
        public Address address() {
            return address;
        }

        @Override
        public void close() {
            @Nullable Listener present = listeners.get(key(node, address.port()));
            if (present == this) {
                listeners.remove(key(node, address.port()));
            }
        }
    }
}
