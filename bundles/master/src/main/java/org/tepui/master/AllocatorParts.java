// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import org.tepui.runtime.ConfinedLoops;

/**
 * What the slot of a master is made of; outlives the time for which the master leads.
 *
 * @param shelf the policies that are installed
 * @param uses tells others which of them are used
 */
record AllocatorParts(AllocatorSettings settings, ConfinedLoops loops, PolicyShelf shelf, PolicyUses uses) {}
