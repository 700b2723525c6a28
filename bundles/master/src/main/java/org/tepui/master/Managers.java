// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

/** The parts of one start of the master, in the order in which they build on each other. */
record Managers(
        MasterContext context,
        Agents agents,
        Frameworks frameworks,
        AllocatorSlot slot,
        Registry registry,
        OfferManager offers,
        TaskManager tasks,
        RoleSettings roles,
        Maintenance maintenance,
        Reserver reserver,
        FrameworkManager frameworkManager,
        TaskReadmission readmission) {}
