// SPDX-License-Identifier: Apache-2.0
package org.tepui.simulator;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.tepui.proto.operator.Call;
import org.tepui.transport.Connection;
import org.tepui.transport.Endpoint;
import org.tepui.transport.Exchange;
import org.tepui.transport.Refusal;
import org.tepui.v1.Offer;
import org.tepui.v1.Resource;
import org.tepui.v1.Task;
import org.tepui.v1.Value;
import org.tepui.v1.master.Response;

/**
 * Reads a master's books through its operator API and adds them up in thousandths.
 *
 * <p>I1: what an agent has allocated and offered is what the tasks and the offers of the master come to, and together
 * with what is free it is all that the agent has. I2: nothing is offered of an agent that is not there, and the policy
 * never gave out what is not there.
 */
final class BookKeeper {
    private static final double THOUSANDTHS = 1000;

    private static final List<String> REFUSED = List.of("master/allocations_refused");
    private static final List<String> FAILED_OR_REFUSED = List.of("allocator/failures", "master/allocations_refused");

    private final Oracle oracle;
    private final boolean mayFail;

    /** @param mayFail whether there are policies that fail while they serve */
    BookKeeper(Oracle oracle, boolean mayFail) {
        this.oracle = oracle;
        this.mayFail = mayFail;
    }

    /** Looks at the books now. */
    void check(Endpoint master) {
        read(master, this::check);
    }

    /**
     * Looks at the books when nothing runs any more and nothing is under way.
     *
     * @param agents how many there are
     */
    void checkAtRest(Endpoint master, int agents) {
        read(master, books -> {
            check(books);
            checkAtRest(books, agents);
        });
    }

    private void checkAtRest(Books books, int agents) {
        if (books.agents.size() != agents) {
            oracle.violated("I3", "the master has " + books.agents.size() + " of " + agents + " agents at rest");
        }
        if (!books.tasks.isEmpty()) {
            oracle.violated("I3", "the master has tasks at rest, which hold " + books.tasks);
        }
        long counted = Math.round(books.metric("allocator/mesos/resources/cpus/offered_or_allocated") * THOUSANDTHS);
        if (counted != books.cpusOffered()) {
            oracle.violated(
                    "I1", "the policy counts " + counted + " cpus at rest, the offers have " + books.cpusOffered());
        }
    }

    /** One event on the master's loop for each of some calls, with nothing in between. */
    private static void read(Endpoint master, Consumer<Books> done) {
        Books books = new Books();
        ask(
                master,
                call(org.tepui.v1.master.Call.Type.GET_METRICS),
                Response.class,
                response -> response.getGetMetrics()
                        .getMetricsList()
                        .forEach(metric -> books.metrics.put(metric.getName(), metric.getValue())));
        ask(
                master,
                operator(Call.Type.GET_CAPACITY),
                org.tepui.proto.operator.Response.class,
                response -> response.getGetCapacity().getAgentsList().forEach(books::free));
        ask(
                master,
                operator(Call.Type.GET_OFFERS),
                org.tepui.proto.operator.Response.class,
                response -> response.getGetOffers().getOffersList().forEach(books::offer));
        ask(
                master,
                call(org.tepui.v1.master.Call.Type.GET_TASKS),
                Response.class,
                response -> response.getGetTasks().getTasksList().forEach(books::task));
        ask(master, call(org.tepui.v1.master.Call.Type.GET_AGENTS), Response.class, response -> {
            books.agents.addAll(response.getGetAgents().getAgentsList());
            done.accept(books);
        });
    }

    private void check(Books books) {
        books.agents.forEach(agent -> compare(agent, books));
        for (String never : mayFail ? REFUSED : FAILED_OR_REFUSED) {
            if (books.metric(never) > 0) {
                oracle.violated("I2", "the policy gave out what is not there, or failed: " + never);
            }
        }
    }

    /** Chooses an allocation policy. Whether it comes to serve is up to the master. */
    static void use(Endpoint master, String policy, String allocationInterval) {
        Call call = Call.newBuilder()
                .setType(Call.Type.USE_ALLOCATOR)
                .setUseAllocator(Call.UseAllocator.newBuilder()
                        .setName(policy)
                        .putConfiguration("allocation.interval", allocationInterval))
                .build();
        ask(master, call, org.tepui.proto.operator.Response.class, served -> {});
    }

    private static Call operator(Call.Type type) {
        return Call.newBuilder().setType(type).build();
    }

    private static org.tepui.v1.master.Call call(org.tepui.v1.master.Call.Type type) {
        return org.tepui.v1.master.Call.newBuilder().setType(type).build();
    }

    private static <R extends Message> void ask(Endpoint master, Message call, Class<R> type, Consumer<R> answer) {
        master.deliver(call, new Question<>(type, answer));
    }

    private void compare(Response.GetAgents.Agent agent, Books books) {
        String id = agent.getAgentInfo().getId().getValue();
        Map<String, Long> total = amounts(agent.getTotalResourcesList());
        Map<String, Long> allocated = amounts(agent.getAllocatedResourcesList());
        Map<String, Long> offered = amounts(agent.getOfferedResourcesList());
        if (!allocated.equals(books.ofTasks(id))) {
            oracle.violated("I1", "agent " + id + " has " + allocated + " allocated, its tasks " + books.ofTasks(id));
        }
        if (!offered.equals(books.ofOffers(id))) {
            oracle.violated("I1", "agent " + id + " has " + offered + " offered, its offers " + books.ofOffers(id));
        }
        Map<String, Long> free = books.free.get(id);
        if (!agent.getActive()) {
            if (!offered.isEmpty() || free != null) {
                oracle.violated("I2", "agent " + id + " is not there, and " + offered + " of it is offered");
            }
        } else if (!total.equals(sum(allocated, offered, free == null ? Map.of() : free))) {
            oracle.violated(
                    "I1",
                    "agent " + id + " has " + total + ", allocated " + allocated + ", offered " + offered + ", free "
                            + free);
        }
    }

    @SafeVarargs
    private static Map<String, Long> sum(Map<String, Long>... parts) {
        Map<String, Long> sum = new TreeMap<>();
        for (Map<String, Long> part : parts) {
            part.forEach((name, amount) -> sum.merge(name, amount, Long::sum));
        }
        return sum;
    }

    static Map<String, Long> amounts(List<Resource> resources) {
        Map<String, Long> amounts = new TreeMap<>();
        for (Resource resource : resources) {
            long amount = resource.getType() == Value.Type.SCALAR
                    ? Math.round(resource.getScalar().getValue() * THOUSANDTHS)
                    : resource.getRanges().getRangeList().stream()
                            .mapToLong(range -> (range.getEnd() - range.getBegin() + 1) * (long) THOUSANDTHS)
                            .sum();
            if (amount != 0) {
                amounts.merge(resource.getName(), amount, Long::sum);
            }
        }
        return amounts;
    }

    /** Sums by agent. */
    private static final class Books {
        private final Map<String, Double> metrics = new TreeMap<>();
        private final Map<String, Map<String, Long>> free = new TreeMap<>();
        private final Map<String, Map<String, Long>> offers = new TreeMap<>();
        private final Map<String, Map<String, Long>> tasks = new TreeMap<>();
        private final List<Response.GetAgents.Agent> agents = new ArrayList<>();

        double metric(String name) {
            return metrics.getOrDefault(name, 0.0);
        }

        void free(org.tepui.proto.operator.Response.AgentCapacity agent) {
            free.put(agent.getAgentId().getValue(), amounts(agent.getFreeList()));
        }

        long cpusOffered() {
            return offers.values().stream()
                    .mapToLong(each -> each.getOrDefault("cpus", 0L))
                    .sum();
        }

        void offer(Offer offer) {
            add(offers, offer.getAgentId().getValue(), offer.getResourcesList());
        }

        void task(Task task) {
            if (!Oracle.isTerminal(task.getState())) {
                add(tasks, task.getAgentId().getValue(), task.getResourcesList());
            }
        }

        Map<String, Long> ofOffers(String agent) {
            return offers.getOrDefault(agent, Map.of());
        }

        Map<String, Long> ofTasks(String agent) {
            return tasks.getOrDefault(agent, Map.of());
        }

        private static void add(Map<String, Map<String, Long>> to, String agent, List<Resource> resources) {
            Map<String, Long> sums = to.computeIfAbsent(agent, a -> new TreeMap<>());
            amounts(resources).forEach((name, amount) -> sums.merge(name, amount, Long::sum));
        }
    }

    /** An operator call made from inside; refusals (the master is recovering) are no answer. */
    private record Question<R extends Message>(Class<R> type, Consumer<R> answer) implements Exchange {
        @Override
        public Connection connection() {
            throw new IllegalStateException("an operator call has no connection");
        }

        @Override
        public Optional<String> streamId() {
            return Optional.empty();
        }

        @Override
        public boolean isHttp() {
            return true;
        }

        @Override
        public void accept() {}

        @Override
        public void reply(Message response) {
            answer.accept(type.cast(response));
        }

        @Override
        public void refuse(Refusal refusal) {}
    }
}
