// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.tepui.allocator.support.HierarchicalOptions;

@ObjectClassDefinition(id = FairShareConfiguration.PID)
@interface FairShareConfiguration {
    /** The configuration's name, and its file's without the ending. */
    String PID = "org.tepui.allocators.fairshare";

    @AttributeDefinition(description = "After how long what was used counts half as much; 1min to 52w.")
    String half_life() default "7d";

    @AttributeDefinition(
            description = "What roles get before all others if they ask for it, with commas between them: a part of"
                    + " the cluster, such as ads:0.3, or amounts, such as ads/web:cpus 40 mem 81920.")
    String[] minimum_shares() default {};

    @AttributeDefinition(
            description = "What a unit of each resource counts, with commas between them, such as cpus:1,mem:0.25/GB;"
                    + " resources that are not named count nothing. Empty: the dominant share counts.")
    String[] usage_weights() default {};

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
}
