// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(id = AgentConfiguration.PID)
@interface AgentConfiguration {
    /** The configuration's name, and its file's without the ending. */
    String PID = "org.tepui.agent";

    @AttributeDefinition(description = "HOST:PORT of the master to register with.")
    String master() default "127.0.0.1:5050";

    @AttributeDefinition(description = "Address to listen on. Others than loopback need --insecure.")
    String ip() default "127.0.0.1";

    @AttributeDefinition(description = "Port for the master and HTTP, 0 to 65535; 0 takes a free one.")
    int port() default 5051;

    @AttributeDefinition(
            description = "Name under which others reach this machine. Without it the address that is listened on,"
                    + " or for 0.0.0.0 the name of the machine.")
    String hostname() default "";

    @AttributeDefinition(
            description = "Listen where other machines reach this agent although nobody has to authenticate.")
    boolean insecure() default false;

    @AttributeDefinition(
            description = "What to offer: cpus:4;mem:4096;disk:10000;ports:[31000-32000]. What is not named is found by"
                    + " looking at the machine: all processors, memory without 1 GiB, free disk without 5 GiB, and"
                    + " ports 31000 to 32000.")
    String resources() default "";

    @AttributeDefinition(description = "What frameworks may choose agents by: rack:a1;zone:north.")
    String attributes() default "";

    @AttributeDefinition(
            description = "REGION/ZONE where this machine stands, such as eu/eu-1; the master has one, too, then.")
    String domain() default "";

    @AttributeDefinition(
            description = "Run tasks as their users, which takes root. Without it all run as the user of the agent.")
    boolean switch_user() default true;

    @AttributeDefinition(
            description = "End all tasks when the agent is stopped. Without it they go on, and the next start finds"
                    + " them.")
    boolean stop_tasks() default false;

    @AttributeDefinition(
            description = "Directory for what is known of running processes, of this agent alone, best in memory."
                    + " Without it, one below /run/tepui, or where that cannot be written, below /dev/shm/tepui-UID. It"
                    + " must belong to the agent's user alone.")
    String runtime_dir() default "";

    @AttributeDefinition(description = "The program tepui-shim. Without it, the one of this installation.")
    String shim() default "";

    @AttributeDefinition(
            description = "Bound of the random wait before the first registration, which doubles with each try up to"
                    + " 1min; 1ms to 1min.")
    String registration_backoff_factor() default "1s";

    @AttributeDefinition(description = "From SIGTERM to SIGKILL where neither task nor kill say how long, 0s to 1h.")
    String kill_grace_period() default "3s";

    @AttributeDefinition(
            description = "How long the sandbox of a task that ended is kept at most; less as the disk fills. 0s to"
                    + " 52w.")
    String gc_delay() default "1w";

    @AttributeDefinition(description = "Part of the disk that is to be kept free of sandboxes, 0 to 1.")
    double gc_disk_headroom() default 0.1;

    @AttributeDefinition(description = "Between two looks at the disk for sandboxes to remove, 1s to 1d.")
    String disk_watch_interval() default "1min";

    @AttributeDefinition(description = "Tasks that may be here at a time, 1 to 1000000.")
    int tasks_max() default 10_000;
}
