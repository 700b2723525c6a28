// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;
import org.tepui.api.Weights;
import org.tepui.api.resources.Resources;

class RoleTreeTest {
    private final ScalarTotals totals = new ScalarTotals();
    private long now;
    private final RoleTree tree = new RoleTree(new DominantShare(), totals, new QuotaBooks(), this::time);
    private final Map<String, Client> clients = new HashMap<>();

    @BeforeEach
    void addTotals() {
        totals.add(Resources.parse("cpus:100;mem:100"));
        tree.totalsChanged();
    }

    private long time() {
        return now;
    }

    /** Adds a framework named as its role, which is in order at once. */
    private Client add(String role) {
        Client client =
                tree.addClient(new FrameworkEntry(new FrameworkId("f")), new Role(role), clients.size(), List.of());
        clients.put(role, client);
        tree.activate(client);
        return client;
    }

    private Client client(String role) {
        return Objects.requireNonNull(clients.get(role));
    }

    private void allocate(String role, String resources) {
        tree.allocate(client(role), Resources.parse(resources));
    }

    private List<String> order() {
        tree.settle();
        List<String> order = new ArrayList<>();
        collect(tree.root(), order);
        return order;
    }

    private static void collect(TreeNode parent, List<String> order) {
        for (int i = 0; i < parent.active.size(); i++) {
            TreeNode child = parent.active.get(i);
            if (child instanceof Client client) {
                order.add(client.role.name());
            } else {
                collect(child, order);
            }
        }
    }

    @Test
    void ordersByDominantShare() {
        add("a");
        add("b");
        allocate("a", "cpus:5;mem:5");
        allocate("b", "cpus:6;mem:6");
        assertThat(order()).containsExactly("a", "b");

        add("c");
        add("d");
        assertThat(order()).containsExactly("c", "d", "a", "b");

        allocate("c", "cpus:1");
        allocate("d", "cpus:3;mem:1");
        tree.release(client("b"), Resources.parse("cpus:5;mem:5"));
        assertThat(order()).containsExactly("b", "c", "d", "a");

        tree.deactivate(client("d"));
        assertThat(order()).containsExactly("b", "c", "a");
        tree.activate(client("d"));
        allocate("d", "mem:9");
        assertThat(order()).containsExactly("b", "c", "a", "d");
    }

    @Test
    void ordersAgainWhenTotalsChange() {
        add("a");
        add("b");
        allocate("a", "cpus:2;mem:1");
        allocate("b", "cpus:1;mem:3");
        assertThat(order()).containsExactly("a", "b");

        totals.add(Resources.parse("mem:300"));
        tree.totalsChanged();
        assertThat(order()).containsExactly("b", "a");
    }

    @Test
    void dividesSharesByWeight() {
        tree.setWeights(Weights.none().with(Map.of(new Role("a"), 2.0)));
        add("a");
        add("b");
        allocate("a", "cpus:9");
        allocate("b", "cpus:5");
        assertThat(order()).containsExactly("a", "b");

        tree.setWeights(Weights.none());
        assertThat(order()).containsExactly("b", "a");
    }

    @Test
    void breaksTiesByHowOftenSomebodyWasServedAndThenByName() {
        add("b");
        add("a");
        add("c");
        assertThat(order()).containsExactly("a", "b", "c");

        allocate("a", "cpus:1");
        tree.release(client("a"), Resources.parse("cpus:1"));
        assertThat(order()).containsExactly("b", "c", "a");
    }

    @Test
    void sumsUpAndOrdersEachLevelOfADeepTree() {
        List.of("a/b/c/d", "a/b/c", "a/b", "a", "a/e", "f/g/h").forEach(this::add);
        allocate("a/b/c/d", "cpus:4");
        allocate("a/b", "cpus:1");
        allocate("a/e", "cpus:7");
        allocate("f/g/h", "cpus:11");

        // a has 12 beside f with 11; in a: its own frameworks 0, a/b 5, a/e 7; in a/b: a/b 1, a/b/c 4
        assertThat(order()).containsExactly("f/g/h", "a", "a/b", "a/b/c", "a/b/c/d", "a/e");
        assertThat(tree.root().allocated(0)).isEqualTo(23_000);

        tree.release(client("a/b/c/d"), Resources.parse("cpus:4"));
        assertThat(order()).containsExactly("a", "a/b/c", "a/b/c/d", "a/b", "a/e", "f/g/h");
    }

    @Test
    void dropsRolesThatNobodyIsLeftIn() {
        Client deep = add("a/b/c");
        add("a");
        tree.removeClient(deep);

        assertThat(tree.find(new Role("a/b"))).isNull();
        assertThat(tree.find(new Role("a"))).isNotNull();
        assertThat(order()).containsExactly("a");
    }

    @Test
    void knowsWhoHasNotLookedAtEveryAgent() {
        add("a/b");
        Client second = add("c");
        assertThat(tree.hasFresh()).isTrue();
        tree.clearFresh();
        assertThat(tree.hasFresh()).isFalse();

        tree.freshen(second);
        assertThat(tree.root().fresh.size()).isEqualTo(1);
        allocate("c", "cpus:5");
        assertThat(order()).containsExactly("a/b", "c");
        assertThat(tree.root().fresh.get(0).path()).isEqualTo("c");
        tree.deactivate(second);
        assertThat(tree.hasFresh()).isFalse();
    }

    @Test
    void knowsSinceWhenSomebodyWaits() {
        now = 5;
        add("a/b");
        now = 7;
        add("a/c");
        assertThat(node("a").waitingSince()).isEqualTo(5);
        assertThat(client("a/c").waitingSince()).isEqualTo(7);

        now = 9;
        tree.served(client("a/b"));
        assertThat(node("a").waitingSince()).isEqualTo(9);
        assertThat(node("a/b").waitingSince()).isEqualTo(9);
        assertThat(node("a/c").waitingSince()).isEqualTo(7);
        assertThat(node("a").isServed()).isTrue();
        tree.deactivate(client("a/b"));
        assertThat(node("a/b").isServed()).isFalse();
        assertThat(node("a").isServed()).isTrue();
    }

    private ShareNode node(String role) {
        return Objects.requireNonNull(tree.find(new Role(role)));
    }
}
