// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;
import org.tepui.allocator.PolicyState;
import org.tepui.registrar.RegistryState;

/** What policies want to be kept for their successors, by name. Hard state. On the master's loop. */
final class PolicyStates {
    private final Registry registry;
    private final RegistryState hardState;

    PolicyStates(Registry registry, RegistryState hardState) {
        this.registry = registry;
        this.hardState = hardState;
    }

    /** What a policy of that name kept last, if anything. */
    @Nullable
    PolicyState saved(String name) {
        return hardState
                .allocatorState(name)
                .map(saved -> new PolicyState(
                        saved.getStateVersion(), saved.getState().toByteArray()))
                .orElse(null);
    }

    /** Keeps a state, if there is one and it is another than the last. */
    void save(String name, @Nullable PolicyState state) {
        if (state != null && !state.equals(saved(name))) {
            registry.allocatorStateSaved(name, state.version(), ByteString.copyFrom(state.bytes()));
        }
    }
}
