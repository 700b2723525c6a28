// SPDX-License-Identifier: Apache-2.0
package org.tepui.agent;

import java.util.List;
import java.util.Optional;
import org.tepui.proto.convert.IdConversion;
import org.tepui.proto.convert.StateConversion;
import org.tepui.v1.FrameworkInfo;
import org.tepui.v1.Task;
import org.tepui.v1.TaskInfo;
import org.tepui.v1.TaskStatus;

/** Tasks as the messages of the v1 API show them. */
final class TaskViews {
    private TaskViews() {}

    /**
     * A task with its newest state.
     *
     * @param framework its framework, where it is known
     * @param statuses those that nobody acknowledged, oldest first; the first of them is on its way
     */
    static Task of(AgentTask task, Optional<FrameworkInfo> framework, List<TaskStatus> statuses) {
        TaskInfo info = task.info();
        Task.Builder view = Task.newBuilder()
                .setName(info.getName())
                .setTaskId(info.getTaskId())
                .setFrameworkId(IdConversion.toWire(task.key().framework()))
                .setAgentId(info.getAgentId())
                .setState(StateConversion.toWire(task.state()))
                .addAllResources(info.getResourcesList())
                .addAllStatuses(statuses);
        if (!statuses.isEmpty()) {
            view.setStatusUpdateState(statuses.get(0).getState());
            view.setStatusUpdateUuid(statuses.get(0).getUuid());
        }
        if (info.hasLabels()) {
            view.setLabels(info.getLabels());
        }
        if (info.hasDiscovery()) {
            view.setDiscovery(info.getDiscovery());
        }
        if (info.hasKillPolicy()) {
            view.setKillPolicy(info.getKillPolicy());
        }
        if (info.getCommand().hasUser()) {
            view.setUser(info.getCommand().getUser());
        } else {
            framework
                    .map(FrameworkInfo::getUser)
                    .filter(user -> !user.isEmpty())
                    .ifPresent(view::setUser);
        }
        return view.build();
    }
}
