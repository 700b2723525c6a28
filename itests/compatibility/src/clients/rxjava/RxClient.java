// SPDX-License-Identifier: Apache-2.0

import com.google.protobuf.ByteString;
import com.mesosphere.mesos.rx.java.AwaitableSubscription;
import com.mesosphere.mesos.rx.java.SinkOperation;
import com.mesosphere.mesos.rx.java.SinkOperations;
import com.mesosphere.mesos.rx.java.protobuf.ProtobufMesosClientBuilder;
import com.mesosphere.mesos.rx.java.protobuf.SchedulerCalls;
import com.mesosphere.mesos.rx.java.util.UserAgentEntries;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import rx.Observable;

/**
 * A framework on mesos-rxjava-protobuf-client, written as its documentation shows: a function from the stream of events
 * to a stream of calls. Usage: RxClient HOST:PORT USER. What happens is written to standard output, one line each of
 * words; it ends with 0 once the framework was torn down. Run as a source file: it is compiled against what the client
 * brought, and against nothing of this project.
 */
public final class RxClient {
    private static final String SHORT = "short";
    private static final String LONG = "long";

    private final Map<String, Protos.TaskState> states = new HashMap<>();
    private Protos.FrameworkID framework;
    private Protos.AgentID agentOfLong;
    private boolean launched;
    private volatile Stage stage = Stage.LAUNCHING;

    /** What is waited for. */
    private enum Stage {
        LAUNCHING,
        RECONCILING_ONE,
        RECONCILING_ALL,
        KILLING,
        TEARING_DOWN
    }

    public static void main(String[] arguments) throws Throwable {
        RxClient client = new RxClient();
        AwaitableSubscription subscription = ProtobufMesosClientBuilder.schedulerUsingProtos()
                .mesosUri(URI.create("http://" + arguments[0] + "/api/v1/scheduler"))
                .applicationUserAgentEntry(UserAgentEntries.literal("tepui-compatibility", "0"))
                .subscribe(SchedulerCalls.subscribe("", arguments[1], "rxjava client", 60)
                        .toBuilder()
                        .clearFrameworkId()
                        .setSubscribe(Call.Subscribe.newBuilder()
                                .setFrameworkInfo(Protos.FrameworkInfo.newBuilder()
                                        .setUser(arguments[1])
                                        .setName("rxjava client")
                                        .setFailoverTimeout(60)))
                        .build())
                .processStream(events -> events.flatMap(event -> Observable.from(client.handle(event))))
                .build()
                .openStream();
        subscription.await();
        say("the stream ended");
        // the master ends it when the framework is torn down, which may be heard before the answer to that call
        System.exit(client.stage == Stage.TEARING_DOWN ? 0 : 1);
    }

    private static synchronized void say(String words) {
        System.out.println(words);
    }

    private List<Optional<SinkOperation<Call>>> handle(Event event) {
        List<Call> calls = new ArrayList<>();
        switch (event.getType()) {
            case SUBSCRIBED:
                framework = event.getSubscribed().getFrameworkId();
                say("subscribed " + framework.getValue());
                break;
            case OFFERS:
                event.getOffers().getOffersList().forEach(offer -> calls.add(answer(offer)));
                break;
            case UPDATE:
                updated(event.getUpdate().getStatus(), calls);
                break;
            default:
                say("event " + event.getType());
        }
        List<Optional<SinkOperation<Call>>> operations = new ArrayList<>();
        calls.forEach(call -> operations.add(Optional.of(SinkOperations.create(
                call, () -> accepted(call), failure -> refused(call, failure)))));
        return operations;
    }

    private static void accepted(Call call) {
        say("accepted " + call.getType());
    }

    private static void refused(Call call, Throwable failure) {
        say("refused " + call.getType() + " " + failure);
        System.exit(1);
    }

    private Call.Builder call(Call.Type type) {
        return Call.newBuilder().setFrameworkId(framework).setType(type);
    }

    private Call answer(Protos.Offer offer) {
        if (launched) {
            return SchedulerCalls.decline(framework, List.of(offer.getId()));
        }
        launched = true;
        say("offer of " + offer.getHostname());
        Protos.Offer.Operation launch = Protos.Offer.Operation.newBuilder()
                .setType(Protos.Offer.Operation.Type.LAUNCH)
                .setLaunch(Protos.Offer.Operation.Launch.newBuilder()
                        .addTaskInfos(task(offer, SHORT, "echo said by a task"))
                        .addTaskInfos(task(offer, LONG, "sleep 1000")))
                .build();
        return call(Call.Type.ACCEPT)
                .setAccept(Call.Accept.newBuilder().addOfferIds(offer.getId()).addOperations(launch))
                .build();
    }

    private static Protos.TaskInfo task(Protos.Offer offer, String name, String command) {
        return Protos.TaskInfo.newBuilder()
                .setName(name)
                .setTaskId(Protos.TaskID.newBuilder().setValue(name))
                .setAgentId(offer.getAgentId())
                .addResources(scalar("cpus", 0.1))
                .addResources(scalar("mem", 32))
                .setCommand(Protos.CommandInfo.newBuilder().setShell(true).setValue(command))
                .build();
    }

    private static Protos.Resource scalar(String name, double value) {
        return Protos.Resource.newBuilder()
                .setName(name)
                .setType(Protos.Value.Type.SCALAR)
                .setScalar(Protos.Value.Scalar.newBuilder().setValue(value))
                .build();
    }

    private void updated(Protos.TaskStatus status, List<Call> calls) {
        String task = status.getTaskId().getValue();
        say("update " + task + " " + status.getState() + (status.hasReason() ? " " + status.getReason() : ""));
        states.put(task, status.getState());
        if (task.equals(LONG)) {
            agentOfLong = status.getAgentId();
        }
        ByteString uuid = status.getUuid();
        if (!uuid.isEmpty()) {
            calls.add(SchedulerCalls.ackUpdate(framework, uuid, status.getAgentId(), status.getTaskId()));
        }
        boolean reconciled = status.getReason() == Protos.TaskStatus.Reason.REASON_RECONCILIATION;
        if (stage == Stage.LAUNCHING && ended(SHORT) && states.get(LONG) == Protos.TaskState.TASK_RUNNING) {
            stage = Stage.RECONCILING_ONE;
            calls.add(call(Call.Type.RECONCILE)
                    .setReconcile(Call.Reconcile.newBuilder()
                            .addTasks(Call.Reconcile.Task.newBuilder()
                                    .setTaskId(status.getTaskId().toBuilder().setValue(LONG))
                                    .setAgentId(agentOfLong)))
                    .build());
        } else if (stage == Stage.RECONCILING_ONE && reconciled) {
            stage = Stage.RECONCILING_ALL;
            calls.add(call(Call.Type.RECONCILE).setReconcile(Call.Reconcile.newBuilder()).build());
        } else if (stage == Stage.RECONCILING_ALL && reconciled) {
            stage = Stage.KILLING;
            calls.add(call(Call.Type.KILL)
                    .setKill(Call.Kill.newBuilder()
                            .setTaskId(Protos.TaskID.newBuilder().setValue(LONG))
                            .setAgentId(agentOfLong))
                    .build());
        } else if (stage == Stage.KILLING && ended(LONG)) {
            stage = Stage.TEARING_DOWN;
            calls.add(call(Call.Type.TEARDOWN).build());
        }
    }

    private boolean ended(String task) {
        Protos.TaskState state = states.get(task);
        return state != null && state.getNumber() >= Protos.TaskState.TASK_FINISHED_VALUE
                && state != Protos.TaskState.TASK_STAGING;
    }
}
