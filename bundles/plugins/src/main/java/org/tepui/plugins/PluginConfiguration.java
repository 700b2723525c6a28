// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(id = PluginConfiguration.PID)
@interface PluginConfiguration {
    /** The configuration's name, and its file's without the ending. */
    String PID = "org.tepui.plugins";

    @AttributeDefinition(
            description = "Directory whose jars are installed as plug-ins. Without it, 'deploy' of the installation.")
    String deploy_dir() default "";

    @AttributeDefinition(description = "Between two looks at that directory, 100ms to 1h.")
    String deploy_interval() default "1s";

    @AttributeDefinition(description = "How long a plug-in may take to start or to stop, 1s to 10min.")
    String plugin_start_timeout() default "10s";

    @AttributeDefinition(
            description = "How long it may take until a new version is used instead of the old, 1s to 10min.")
    String plugin_switch_timeout() default "30s";
}
