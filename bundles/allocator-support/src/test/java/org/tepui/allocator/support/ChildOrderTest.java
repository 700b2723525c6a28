// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tepui.api.resources.Resources;

class ChildOrderTest {
    @Test
    void keepsSiblingsInOrderThroughRandomChanges() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            ScalarTotals totals = new ScalarTotals();
            totals.add(Resources.parse("cpus:1000"));
            Sorter sorter = new DominantShare();
            ChildOrder order = new ChildOrder();
            List<TreeNode> nodes = new ArrayList<>();
            for (int step = 0; step < 400; step++) {
                switch (random.nextInt(4)) {
                    case 0 -> {
                        TreeNode node = new TreeNode("n" + step, null, totals);
                        node.settle(sorter);
                        order.add(node);
                        nodes.add(node);
                    }
                    case 1 -> {
                        if (nodes.size() > 20) {
                            order.remove(nodes.remove(random.nextInt(nodes.size())));
                        }
                    }
                    default -> {
                        if (!nodes.isEmpty()) {
                            TreeNode node = nodes.get(random.nextInt(nodes.size()));
                            int place = order.indexOf(node);
                            node.allocate(Resources.parse("cpus:" + random.nextInt(4)));
                            node.settle(sorter);
                            order.resettle(place);
                        }
                    }
                }
                check(order, nodes, seed);
            }
        }
    }

    private static void check(ChildOrder order, List<TreeNode> nodes, int seed) {
        assertThat(order.size()).isEqualTo(nodes.size());
        List<TreeNode> expected = new ArrayList<>(nodes);
        expected.sort(TreeNode::compareKey);
        for (int i = 0; i < order.size(); i++) {
            assertThat(order.get(i)).as("seed %d, place %d", seed, i).isSameAs(expected.get(i));
            assertThat(order.indexOf(expected.get(i))).isEqualTo(i);
        }
    }
}
