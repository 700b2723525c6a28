// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(id = MasterConfiguration.PID)
@interface MasterConfiguration {
    /** The configuration's name, and its file's without the ending. */
    String PID = "org.tepui.master";

    @AttributeDefinition(description = "Address to listen on. Others than loopback need --insecure.")
    String ip() default "127.0.0.1";

    @AttributeDefinition(description = "Port for agents, schedulers and HTTP, 0 to 65535; 0 takes a free one.")
    int port() default 5050;

    @AttributeDefinition(
            description = "HOST:PORT where agents and schedulers reach this master, if that is not where it listens.")
    String advertise() default "";

    @AttributeDefinition(
            description = "Listen where other machines reach this master although nobody has to authenticate.")
    boolean insecure() default false;

    @AttributeDefinition(
            description = "REGION/ZONE where this machine stands, such as eu/eu-1; without it agents have none.")
    String domain() default "";

    @AttributeDefinition(
            description = "Name of the allocation policy that is used until an operator chooses one by 'tepui allocator"
                    + " use', which the cluster remembers.")
    String allocator() default "drf";

    @AttributeDefinition(
            description = "How long a call of the allocation policy may take; one that takes longer is suspended, and"
                    + " another policy takes over; 100ms to 1min.")
    String allocator_call_timeout() default "1s";

    @AttributeDefinition(description = "Between two pings to an agent, 1s to 15min.")
    String agent_ping_timeout() default "15s";

    @AttributeDefinition(description = "Pings in a row without an answer that make an agent unreachable, 1 to 1000.")
    int agent_ping_timeouts_max() default 5;

    @AttributeDefinition(description = "How long agents have to come back after a start of the master, 1s to 365d.")
    String agent_reregister_timeout() default "10min";

    @AttributeDefinition(description = "Between two heartbeats in a scheduler's stream, 100ms to 15min.")
    String scheduler_heartbeat_interval() default "15s";

    @AttributeDefinition(description = "After how long an unused offer is rescinded, 100ms to 365d; empty: never.")
    String offer_timeout() default "";

    @AttributeDefinition(description = "How many frameworks that are over are remembered, 0 to 1000000.")
    int completed_frameworks_max() default 50;

    @AttributeDefinition(description = "How many tasks that are over are remembered per framework, 0 to 1000000.")
    int completed_tasks_max() default 1000;

    @AttributeDefinition(description = "Tasks of unreachable agents that are remembered per framework, 0 to 1000000.")
    int unreachable_tasks_max() default 1000;
}
