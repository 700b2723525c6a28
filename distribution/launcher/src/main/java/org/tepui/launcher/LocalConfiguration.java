// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(id = LocalConfiguration.PID, pid = LocalConfiguration.PID)
@interface LocalConfiguration {
    /** The configuration's name, and its file's without the ending. */
    String PID = "org.tepui.local";

    @AttributeDefinition(description = "How many agents to start, 1 to 50.")
    int agents() default 3;

    @AttributeDefinition(description = "Port of the master, 0 to 65535; 0 takes a free one.")
    int port() default 5050;

    @AttributeDefinition(
            description = "Directory with a directory for the master and one for each agent."
                    + " Without it, 'local' under TEPUI_VAR.")
    String work_dir() default "";

    @AttributeDefinition(description = "Work in a new directory, which is deleted at the end.")
    boolean temporary() default false;
}
