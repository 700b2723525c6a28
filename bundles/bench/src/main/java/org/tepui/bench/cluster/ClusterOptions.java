// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.cluster;

import picocli.CommandLine.Option;

/** Which cluster to measure, and with which tasks. */
final class ClusterOptions {
    @Option(
            names = "--master",
            paramLabel = "HOST:PORT",
            description = "measure this running cluster instead of one of its own")
    String master = "";

    @Option(names = "--agents", description = "agents of the cluster that is started; 1 to 50")
    int agents = 3;

    @Option(
            names = "--resources",
            paramLabel = "RESOURCES",
            description = "resources of each agent of the cluster that is started")
    String resources = "cpus:4;mem:4096";

    @Option(names = "--task-millicpus", description = "cpus of a task in thousandths; 1 to 64000")
    int cpus = 10;

    @Option(names = "--task-mem", paramLabel = "MB", description = "memory of a task; 1 to 1048576")
    int memory = 1;
}
