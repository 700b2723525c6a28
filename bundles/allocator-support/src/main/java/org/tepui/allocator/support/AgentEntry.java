// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.AgentProfile;
import org.tepui.allocator.TaskProfile;
import org.tepui.api.AgentCapability;
import org.tepui.api.FrameworkId;
import org.tepui.api.TaskId;
import org.tepui.api.resources.Resources;

/** An agent: what it has, who holds what of it, and what is free. Free is what it has and nobody holds. */
final class AgentEntry implements AgentView {
    /** It has GPUs. */
    static final int GPUS = 1;
    /** It is in another region than the master. */
    static final int REMOTE = 2;
    /** It does not know frameworks with several roles. */
    static final int SINGLE_ROLE = 4;
    /** It does not know roles with slashes. */
    static final int FLAT_ROLES = 8;

    static final long[] NO_SUPPLY = new long[0];

    /** A small number that no other agent has, for tables. Given anew after the agent is gone. */
    final int index;

    final FilterTable filters = new FilterTable();

    /** What each client holds here, with allocation roles. */
    final Map<Client, Resources> held = new LinkedHashMap<>();

    private final List<RunningTask> tasks = new ArrayList<>(0);
    private AgentProfile profile;
    private int traits;

    /** What it counts for in {@link QuotaBooks}. */
    long[] supply = NO_SUPPLY;

    /** Whether it may be offered from. */
    boolean active = true;

    private Resources free;

    /** Whether more is held than there is, so that what comes back may not be free. */
    private boolean overcommitted;

    AgentEntry(AgentProfile profile, int index) {
        this.index = index;
        this.profile = profile;
        this.traits = traitsOf(profile);
        this.free = profile.total();
    }

    private static int traitsOf(AgentProfile profile) {
        return (profile.total().thousandths("gpus") > 0 ? GPUS : 0)
                | (profile.remote() ? REMOTE : 0)
                | (profile.capabilities().contains(AgentCapability.MULTI_ROLE) ? 0 : SINGLE_ROLE)
                | (profile.capabilities().contains(AgentCapability.HIERARCHICAL_ROLE) ? 0 : FLAT_ROLES);
    }

    @Override
    public AgentProfile profile() {
        return profile;
    }

    int traits() {
        return traits;
    }

    @Override
    public Resources free() {
        return free;
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public boolean isOvercommitted() {
        return overcommitted;
    }

    @Override
    public List<RunningTask> tasks() {
        return Collections.unmodifiableList(tasks);
    }

    void addTask(RunningTask task) {
        removeTask(task.profile().framework(), task.profile().task());
        tasks.add(task);
    }

    /** Searches the few tasks of one agent, so that no table is needed for all of them. */
    void removeTask(FrameworkId framework, TaskId task) {
        for (int i = tasks.size() - 1; i >= 0; i--) {
            TaskProfile known = tasks.get(i).profile();
            if (known.task().equals(task) && known.framework().equals(framework)) {
                tasks.remove(i);
                return;
            }
        }
    }

    /** Changes the description; what is held stays held. */
    void setProfile(AgentProfile changed) {
        profile = changed;
        traits = traitsOf(changed);
        recount();
    }

    /** Gives resources to a client, whether they are free or not. */
    void give(Client client, Resources allocated) {
        Resources unallocated = allocated.unallocate();
        hold(client, allocated);
        overcommitted = overcommitted || !free.contains(unallocated);
        free = free.subtractAvailable(unallocated);
    }

    private void hold(Client client, Resources allocated) {
        Resources before = held.get(client);
        held.put(client, before == null ? allocated : before.add(allocated));
        client.agents += before == null ? 1 : 0;
    }

    /**
     * Takes resources back from a client.
     *
     * @param unallocated the same without allocation role
     * @return false, with nothing changed, if the client does not hold them
     */
    boolean takeBack(Client client, Resources allocated, Resources unallocated) {
        if (!unhold(client, allocated)) {
            return false;
        }
        if (overcommitted) {
            recount();
        } else {
            free = free.add(unallocated);
        }
        return true;
    }

    private boolean unhold(Client client, Resources allocated) {
        Resources before = held.get(client);
        if (before == null || !before.contains(allocated)) {
            return false;
        }
        Resources rest = before.subtractAvailable(allocated);
        if (rest.isEmpty()) {
            held.remove(client);
            client.agents--;
        } else {
            held.put(client, rest);
        }
        return true;
    }

    /** Exchanges resources that a client holds for others, and changes the total likewise. */
    boolean convertHeld(Client client, Resources before, Resources after) {
        if (!unhold(client, before)) {
            return false;
        }
        hold(client, after);
        setProfile(profile.withTotal(
                profile.total().subtractAvailable(before.unallocate()).add(after.unallocate())));
        return true;
    }

    /** Exchanges resources that nobody holds for others, and changes the total likewise. */
    boolean convertFree(Resources before, Resources after) {
        if (!free.contains(before)) {
            return false;
        }
        setProfile(profile.withTotal(profile.total().subtractAvailable(before).add(after)));
        return true;
    }

    private void recount() {
        Resources sum = Resources.empty();
        for (Resources part : held.values()) {
            sum = sum.add(part.unallocate());
        }
        overcommitted = !profile.total().contains(sum);
        free = profile.total().subtractAvailable(sum);
    }

    @Nullable
    Resources heldBy(Client client) {
        return held.get(client);
    }
}
