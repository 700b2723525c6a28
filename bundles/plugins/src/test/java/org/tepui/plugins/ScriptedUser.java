// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.util.Optional;
import java.util.TreeMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.api.service.PluginUser;

/** Uses the policy that was installed last, as a master does; can be told to reject what is new, or not to let go. */
final class ScriptedUser implements PluginUser {
    private final BundleContext context;
    private final TreeMap<Long, String> rejected = new TreeMap<>();
    volatile String rejectNew = "";
    volatile boolean alone;
    private volatile long inUse = -1;
    private volatile long released = -1;

    ScriptedUser(BundleContext context) {
        this.context = context;
    }

    @Override
    public synchronized Use useOf(long bundleId) {
        choose();
        if (bundleId == inUse) {
            return new Use(Standing.IN_USE, "policy fixture");
        }
        return rejected.containsKey(bundleId) ? new Use(Standing.REJECTED, rejected.get(bundleId)) : Use.NONE;
    }

    @Override
    public synchronized Optional<String> release(long bundleId) {
        choose();
        if (bundleId == inUse && alone) {
            return Optional.of("it is the policy in use, and there is no other of its name");
        }
        released = bundleId;
        return Optional.empty();
    }

    private void choose() {
        long last = -1;
        try {
            for (ServiceReference<?> reference : context.getServiceReferences(AllocatorFactory.class, null)) {
                long id = reference.getBundle().getBundleId();
                if (id != released && id > last && !rejected.containsKey(id)) {
                    if (id != inUse && !rejectNew.isEmpty()) {
                        rejected.put(id, rejectNew);
                    } else {
                        last = id;
                    }
                }
            }
        } catch (org.osgi.framework.InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
        inUse = last;
    }
}
