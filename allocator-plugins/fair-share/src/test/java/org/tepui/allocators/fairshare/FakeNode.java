// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.support.ShareNode;
import org.tepui.api.Role;

/** A node whose amounts a test sets. */
final class FakeNode implements ShareNode {
    private final String path;
    private final List<String> names = new ArrayList<>();
    private final long[] allocated = new long[300];
    private @Nullable Object attached;

    FakeNode(String path, String... names) {
        this.path = path;
        this.names.addAll(Arrays.asList(names));
    }

    void set(int resource, long thousandths) {
        allocated[resource] = thousandths;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Role role() {
        return new Role(path);
    }

    @Override
    public boolean isFramework() {
        return false;
    }

    @Override
    public boolean isRole() {
        return true;
    }

    @Override
    public @Nullable ShareNode parent() {
        return null;
    }

    @Override
    public double weight() {
        return 1;
    }

    @Override
    public int resources() {
        return names.size();
    }

    @Override
    public String resourceName(int resource) {
        return names.get(resource);
    }

    @Override
    public long allocated(int resource) {
        return allocated[resource];
    }

    @Override
    public long total(int resource) {
        return 1_000_000;
    }

    @Override
    public long guaranteed(int resource) {
        return 0;
    }

    @Override
    public long limit(int resource) {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean isServed() {
        return true;
    }

    @Override
    public long waitingSince() {
        return 0;
    }

    @Override
    public @Nullable Object attachment() {
        return attached;
    }

    @Override
    public void attach(@Nullable Object attachment) {
        attached = attachment;
    }
}
