// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Set;

/**
 * The legal moves of a state machine, as a table. What is not in the table is illegal, staying in a state included.
 *
 * @param <S> the states
 */
final class Transitions<S extends Enum<S>> {
    private final EnumMap<S, EnumSet<S>> moves;

    private Transitions(EnumMap<S, EnumSet<S>> moves) {
        this.moves = moves;
    }

    static <S extends Enum<S>> Builder<S> of(Class<S> states) {
        return new Builder<>(states);
    }

    /** Whether the move is in the table. */
    boolean allows(S from, S to) {
        EnumSet<S> targets = moves.get(from);
        return targets != null && targets.contains(to);
    }

    /** Fills a table row by row. */
    static final class Builder<S extends Enum<S>> {
        private final Class<S> states;
        private final EnumMap<S, EnumSet<S>> moves;

        private Builder(Class<S> states) {
            this.states = states;
            this.moves = new EnumMap<>(states);
        }

        Builder<S> from(S state, Set<S> targets) {
            EnumSet<S> row = EnumSet.noneOf(states);
            row.addAll(targets);
            if (moves.put(state, row) != null) {
                throw new IllegalStateException("two rows for " + state);
            }
            return this;
        }

        Transitions<S> build() {
            return new Transitions<>(moves);
        }
    }
}
