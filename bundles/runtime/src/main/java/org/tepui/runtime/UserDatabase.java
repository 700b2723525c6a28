// SPDX-License-Identifier: Apache-2.0
package org.tepui.runtime;

import java.io.IOException;
import java.util.Optional;

/** The users of the machine, by name. All calls may block, so they are made on a {@link Worker}. */
public interface UserDatabase {
    /**
     * Looks a user up.
     *
     * @param name as a task names it: anything, also what cannot be a name
     * @return empty if there is no such user
     * @throws IOException if the machine could not be asked
     */
    Optional<User> find(String name) throws IOException;

    /**
     * A user.
     *
     * @param ids with all supplementary groups
     * @param home the home directory
     */
    record User(String name, Processes.UserIds ids, String home) {}
}
