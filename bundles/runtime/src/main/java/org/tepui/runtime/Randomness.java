// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * A source of random numbers. A real one is unpredictable, a simulated one repeats with its seed. Safe to use from its
 * service's loop.
 */
public interface Randomness extends RandomGenerator {
    /** A random UUID of version 4. */
    UUID nextUuid();
}
