// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.validation;

import java.util.Optional;
import java.util.Set;

/**
 * Whether a call of an operator to a master or an agent is well formed: it has a type and the arguments of that
 * type. Calls of type UNKNOWN (a name that this version does not know) pass: the service answers them as not
 * implemented.
 */
public final class OperatorCalls {
    private static final CallShape MASTER = new CallShape(org.tepui.v1.master.Call.getDescriptor(), Set.of());
    private static final CallShape AGENT =
            new CallShape(org.tepui.v1.agent.Call.getDescriptor(), Set.of("GET_CONTAINERS", "PRUNE_IMAGES"));
    private static final CallShape TEPUI =
            new CallShape(org.tepui.proto.operator.Call.getDescriptor(), Set.of("GET_CAPACITY"));

    private static final Set<org.tepui.proto.operator.Call.Type> OF_PLUGINS = Set.of(
            org.tepui.proto.operator.Call.Type.PLUGIN_INSTALL,
            org.tepui.proto.operator.Call.Type.PLUGIN_LIST,
            org.tepui.proto.operator.Call.Type.PLUGIN_REMOVE,
            org.tepui.proto.operator.Call.Type.PLUGIN_ROLLBACK);

    private OperatorCalls() {}

    /** Whether a call concerns the plug-ins of the node that gets it. */
    public static boolean concernsPlugins(org.tepui.proto.operator.Call call) {
        return OF_PLUGINS.contains(call.getType());
    }

    /** What is wrong with a call to a master's {@code /api/v1}, or nothing. */
    public static Optional<String> validate(org.tepui.v1.master.Call call) {
        return MASTER.problem(call);
    }

    /** What is wrong with a call to an agent's {@code /api/v1}, or nothing. */
    public static Optional<String> validate(org.tepui.v1.agent.Call call) {
        return AGENT.problem(call);
    }

    /** What is wrong with a call to {@code /tepui/v1}, or nothing: here ids are checked too. */
    public static Optional<String> validate(org.tepui.proto.operator.Call call) {
        Optional<String> problem = TEPUI.problem(call);
        if (problem.isEmpty() && call.hasKillTask()) {
            problem = IdRules.problem(call.getKillTask().getTaskId());
            if (problem.isEmpty() && call.getKillTask().hasFrameworkId()) {
                problem = IdRules.problem(call.getKillTask().getFrameworkId());
            }
        }
        return problem;
    }
}
