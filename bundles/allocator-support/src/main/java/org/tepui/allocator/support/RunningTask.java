// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.time.Duration;
import org.tepui.allocator.TaskProfile;

/**
 * A task that holds resources.
 *
 * @param profile what the allocator was told of it; its age was true then
 * @param startedAt when it was launched, by the clock of {@link org.tepui.allocator.AllocatorContext#nanoTime}
 */
public record RunningTask(TaskProfile profile, long startedAt) {
    /** For how long it has been there. */
    public Duration age(long nanoTime) {
        return Duration.ofNanos(nanoTime - startedAt);
    }
}
