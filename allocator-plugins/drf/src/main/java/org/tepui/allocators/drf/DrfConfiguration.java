// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.drf;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.tepui.allocator.support.HierarchicalOptions;

@ObjectClassDefinition(id = DrfConfiguration.PID)
@interface DrfConfiguration {
    /** The configuration's name, and its file's without the ending. */
    String PID = "org.tepui.allocators.drf";

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
            description = "Names of resources that do not count for fairness, with commas between them, such as gpus.")
    String[] fair_sharing_excluded_resource_names() default {};
}
