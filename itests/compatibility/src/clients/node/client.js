// SPDX-License-Identifier: Apache-2.0
// A framework on the npm package mesos-framework, written as its documentation shows: the package's own handlers
// choose offers, launch the tasks and acknowledge. Usage: node client.js HOST:PORT. What happens is written to standard
// output, one JSON object a line; it ends with 0 once the framework was torn down.
"use strict";

const { Scheduler, Mesos } = require("mesos-framework");
const mesos = Mesos.getMesos();

const [host, port] = process.argv[2].split(":");

function say(what, details) {
    process.stdout.write(JSON.stringify({ what, ...details }) + "\n");
}

function task(priority, command) {
    return {
        priority,
        instances: 1,
        commandInfo: new mesos.CommandInfo(null, null, true, command, null, null),
        resources: { cpus: 0.1, mem: 32, ports: 0, disk: 0 },
    };
}

const scheduler = new Scheduler({
    masterUrl: host,
    port: Number(port),
    frameworkName: "npm client",
    user: process.env.USER || "root",
    logging: { level: "error" },
    restartStates: [],
    tasks: {
        short: task(1, "echo said by $HOST"),
        long: task(2, "sleep 1000"),
    },
});

// the state of each task as last told, by the name that it was given above
const states = {};
const agents = {};
const ids = {};
let stage = "launching";

scheduler.on("update", ({ status }) => {
    const id = status.task_id.value;
    const name = id.split(".")[1].replace(/-1$/, "");
    states[name] = status.state;
    ids[name] = id;
    agents[name] = status.agent_id.value;
    say("update", { name, state: status.state, reason: status.reason, acknowledged: Boolean(status.uuid), id });
    advance(status.reason);
});

function advance(reason) {
    if (stage === "launching" && states.short === "TASK_FINISHED" && states.long === "TASK_RUNNING") {
        stage = "reconciling one";
        scheduler.reconcile(ids.long, agents.long);
    } else if (stage === "reconciling one" && reason === "REASON_RECONCILIATION") {
        stage = "reconciling all";
        scheduler.reconcile();
    } else if (stage === "reconciling all" && reason === "REASON_RECONCILIATION") {
        stage = "killing";
        scheduler.kill(ids.long, agents.long);
    } else if (stage === "killing" && states.long === "TASK_KILLED") {
        stage = "tearing down";
        // the acknowledgement of this update is on its way and needs the framework
        scheduler.once("sent_acknowledge", () => scheduler.teardown());
    }
}

scheduler.on("ready", () => scheduler.subscribe());
scheduler.on("subscribed", ({ frameworkId }) => say("subscribed", { frameworkId }));
scheduler.on("offers", ({ offers }) => say("offers", { count: offers.length }));
for (const call of ["subscribe", "accept", "decline", "acknowledge", "reconcile", "kill"]) {
    scheduler.on("sent_" + call, () => say("accepted", { call }));
}
scheduler.on("heartbeat", () => say("heartbeat", {}));
scheduler.on("sent_teardown", () => {
    say("accepted", { call: "teardown" });
    process.exit(0);
});
scheduler.on("error", (error) => {
    if (stage === "tearing down" && error.message === "Long-running connection was closed!") {
        // so the framework is gone; the answer to the call comes on another connection and may be later
        return;
    }
    say("error", { message: error.message || String(error), stack: error.stack });
    process.exit(1);
});
