// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.tepui.allocator.support.HierarchicalOptions;

@ObjectClassDefinition(id = PriorityConfiguration.PID)
@interface PriorityConfiguration {
    /** The configuration's name, and its file's without the ending. */
    String PID = "org.tepui.allocators.priority";

    @AttributeDefinition(
            description = "The least time for which a decline holds, and the most that a declined offer waits before it"
                    + " is made to another framework; 10ms to 1h.")
    String allocation_interval() default HierarchicalOptions.DEFAULT_ALLOCATION_INTERVAL;

    @AttributeDefinition(
            description = "Bundles of which an offer has to hold at least one, such as cpus:0.01|mem:32. Empty: every"
                    + " offer will do. A framework may ask for other ones.")
    String min_allocatable_resources() default HierarchicalOptions.DEFAULT_MIN_ALLOCATABLE_RESOURCES;

    @AttributeDefinition(
            description = "Whether agents with GPUs are offered only to frameworks with the capability GPU_RESOURCES.")
    boolean filter_gpu_resources() default true;

    @AttributeDefinition(
            description = "How many declined offers are made to other frameworks in a second; 1 to 1000000.")
    int reoffers_per_second() default HierarchicalOptions.DEFAULT_REOFFERS_PER_SECOND;

    @AttributeDefinition(
            description = "Classes of roles, ROLE:CLASS with commas between them, such as prod:1000,batch:100; each"
                    + " -1000000 to 1000000, the highest is served first. A role without a class has that of the"
                    + " nearest role above it that has one, or else 0.")
    String[] classes() default {};

    @AttributeDefinition(
            description = "What roles without a role above them are guaranteed, ROLE=RESOURCES with commas between"
                    + " them, such as batch=cpus:10;mem:4096: below that they are served before all others, and"
                    + " nothing of theirs is preempted.")
    String[] guarantees() default {};

    @AttributeDefinition(
            description = "How long a role waits without an offer until it is served with the next higher class, and"
                    + " before all others after the highest; 1s to 7d.")
    String aging_interval() default "5min";

    @AttributeDefinition(
            description = "Whether tasks of lower classes are ended for higher ones that wait: off, dry-run (write to"
                    + " the log what would be ended) or on.")
    String preemption() default "off";

    @AttributeDefinition(description = "How long a framework waits before others are preempted for it; 0s to 1d.")
    String preemption_wait() default "30s";

    @AttributeDefinition(
            description = "How long a preempted task has between being asked to end and being killed; 0s to 1h.")
    String preemption_grace() default "30s";

    @AttributeDefinition(
            description = "How many tasks of a role are preempted in a minute at most, with those of earlier minutes"
                    + " that run on; 1 to 10000.")
    int preemption_budget() default 10;

    @AttributeDefinition(description = "How often it is looked for something to preempt; 100ms to 1h.")
    String preemption_interval() default "5s";

    @AttributeDefinition(
            description = "Bundles of which one has to become free on an agent for a framework that said neither by a"
                    + " request nor by a minimum of its own what it needs, such as cpus:1;mem:1024. Empty: nothing is"
                    + " preempted for it.")
    String preemption_minimum() default "";
}
