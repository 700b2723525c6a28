// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.tepui.api.metrics.MetricRegistry;
import org.tepui.registrar.Registrar;
import org.tepui.runtime.ConfinedLoops;
import org.tepui.runtime.Randomness;
import org.tepui.transport.Endpoint;

/**
 * What a master is made of: the same class runs in production and under virtual time.
 *
 * @param config what the operator set
 * @param version of Tepui
 * @param endpoint its messages; its loop becomes the master's loop. Its owner lets it listen, and closes it
 * @param policyLoops makes the loops of allocation policies
 * @param allocator how those are chosen and watched
 * @param registrar its hard state
 * @param randomness for ids and jitter
 * @param metrics where it counts
 * @param files what it shows of its machine
 * @param epochListener told of the epoch under which this master leads, before it serves: handshakes carry it
 * @param failureListener told why, once this master cannot go on: it serves nobody any more
 */
public record MasterParts(
        MasterConfig config,
        String version,
        Endpoint endpoint,
        ConfinedLoops policyLoops,
        AllocatorSettings allocator,
        Registrar registrar,
        Randomness randomness,
        MetricRegistry metrics,
        MasterFiles files,
        LongConsumer epochListener,
        Consumer<String> failureListener) {}
