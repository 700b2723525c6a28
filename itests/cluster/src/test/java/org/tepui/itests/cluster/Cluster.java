// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A master and an agent, each a process of its own, that can be killed and started again where they were. */
final class Cluster implements AutoCloseable {
    private final Installation installation;
    private final Path directory;
    private Program master;
    private String masterAddress;
    private Program agent;
    private String agentAddress;

    private Cluster(Installation installation, Path directory) throws IOException, InterruptedException {
        this.installation = installation;
        this.directory = directory;
        master = startMaster("0");
        masterAddress = Installation.awaitReady(master);
        agent = startAgent("0");
        agentAddress = Installation.awaitReady(agent);
    }

    /**
     * Starts both and waits until they are ready.
     *
     * @param directory an empty one, which they write to
     */
    static Cluster start(Path directory) throws IOException, InterruptedException {
        return new Cluster(Installation.built(directory), directory);
    }

    /** The command line of this cluster. */
    Installation tepui() {
        return installation.with("TEPUI_MASTER", masterAddress);
    }

    Api api() {
        return new Api(masterAddress);
    }

    String masterAddress() {
        return masterAddress;
    }

    String agentAddress() {
        return agentAddress;
    }

    Program master() {
        return master;
    }

    Program agent() {
        return agent;
    }

    /** Starts the master again on the port that it had. */
    void restartMaster() throws IOException, InterruptedException {
        master = startMaster(port(masterAddress));
        Installation.awaitReady(master);
    }

    /** Starts the agent again on the port that it had. */
    void restartAgent() throws IOException, InterruptedException {
        agent = startAgent(port(agentAddress));
        Installation.awaitReady(agent);
    }

    /** The task of the given number of a run: its id ends with it. */
    Optional<Json> task(int number) throws IOException, InterruptedException {
        Json tasks = api().call("GET_TASKS").at("get_tasks");
        List<Json> all = new ArrayList<>(tasks.at("tasks").list());
        all.addAll(tasks.at("unreachable_tasks").list());
        all.addAll(tasks.at("completed_tasks").list());
        return all.stream()
                .filter(task -> task.at("task_id").at("value").text().endsWith("-" + number))
                .findFirst();
    }

    /** Waits until a task is in a state, and returns it. */
    Json awaitTask(int number, String state) throws IOException, InterruptedException {
        return Await.present(
                "task " + number + " is " + state,
                () -> task(number).filter(task -> task.at("state").text().equals(state)),
                this::toString);
    }

    /** Stops both as an operator does, and looks whether they go without a fault and leave nothing that runs. */
    void stop() throws IOException, InterruptedException {
        for (Program service : List.of(agent, master)) {
            service.signal("TERM");
            assertThat(service.await().code()).as("%s", service).isZero();
        }
        assertThat(ProcessTable.of(directory)).isEmpty();
    }

    @Override
    public void close() {
        agent.close();
        master.close();
    }

    @Override
    public String toString() {
        return master + "\n" + agent;
    }

    private Program startMaster(String port) throws IOException {
        return installation.start("master", "--port", port);
    }

    private Program startAgent(String port) throws IOException {
        return installation.start(
                "agent",
                "--master",
                masterAddress,
                "--port",
                port,
                "--resources",
                "cpus:3;mem:1024;disk:1024;ports:[31000-31099]",
                "--registration-backoff-factor",
                "10ms",
                "--runtime-dir",
                directory.resolve("run").toString());
    }

    private static String port(String address) {
        return address.substring(address.lastIndexOf(':') + 1);
    }
}
