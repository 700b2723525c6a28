// SPDX-License-Identifier: Apache-2.0
// The shim: one small process that starts a command, waits for it and records how it ended. It outlives the launcher
// that it was forked from, and the agent.
#ifndef TEPUI_SHIM_H
#define TEPUI_SHIM_H

#include "frame.h"

// What a shim takes over from the launcher.
struct inheritance {
    int null;           // /dev/null; descriptors above it are the launcher's own
    void *memory;       // holds the request; given back once the command runs
    size_t memory_size; // bytes
};

// Starts the command of a START request and looks after it to its end. Called in a process of its own, with signals
// at their defaults but SIGPIPE, which is ignored.
_Noreturn void shim_run(const struct request *request, const struct inheritance *inheritance);

// Settles how a process ended whose shim is gone: what is left of it is killed, and its end recorded if it is not yet.
// Called in a process of its own.
_Noreturn void shim_conclude(const char *id, const struct inheritance *inheritance);

#endif
