// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocator.support;

import java.util.Arrays;

/**
 * Siblings in the order of their keys, as an array: walking it in order costs nothing, and moving one sibling costs a
 * search in halves and one copy of the part between its old place and its new one.
 */
final class ChildOrder {
    private TreeNode[] nodes = new TreeNode[2];
    private int size;

    int size() {
        return size;
    }

    TreeNode get(int index) {
        return nodes[index];
    }

    /** Puts a node in its place. It must not be there. */
    void add(TreeNode node) {
        int place = -1 - find(node, 0, size);
        if (size == nodes.length) {
            nodes = Arrays.copyOf(nodes, 2 * size);
        }
        System.arraycopy(nodes, place, nodes, place + 1, size - place);
        nodes[place] = node;
        size++;
    }

    /** Takes a node out. Its key must be the one it was put in order with. */
    void remove(TreeNode node) {
        int place = indexOf(node);
        System.arraycopy(nodes, place + 1, nodes, place, size - place - 1);
        nodes[--size] = null;
    }

    /** Where a node is whose key did not change since it was put in order, or a negative number if it is not here. */
    int indexOf(TreeNode node) {
        return find(node, 0, size);
    }

    /** Moves the node at an index, whose key has changed, to its place. */
    void resettle(int index) {
        TreeNode node = nodes[index];
        if (index > 0 && node.compareKey(nodes[index - 1]) < 0) {
            int place = -1 - find(node, 0, index);
            System.arraycopy(nodes, place, nodes, place + 1, index - place);
            nodes[place] = node;
        } else if (index < size - 1 && node.compareKey(nodes[index + 1]) > 0) {
            int place = -2 - find(node, index + 1, size);
            System.arraycopy(nodes, index + 1, nodes, index, place - index);
            nodes[place] = node;
        }
    }

    /** Puts all in order, after any number of keys changed. */
    void sort() {
        Arrays.sort(nodes, 0, size, TreeNode::compareKey);
    }

    void clear() {
        Arrays.fill(nodes, 0, size, null);
        size = 0;
    }

    private int find(TreeNode node, int from, int to) {
        int low = from;
        int high = to - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = nodes[middle].compareKey(node);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1 - low;
    }
}
