// SPDX-License-Identifier: Apache-2.0
// The way from a fresh child process to the command that it executes.
#ifndef TEPUI_COMMAND_H
#define TEPUI_COMMAND_H

#include "frame.h"
#include "record.h"

// Shared by the shim and its child, which runs in the shim's memory until it executes the command.
struct launch {
    const struct request *request;
    int null;
    struct pid_record record; // the shim fills in its own half, the child the rest
    const char *failed_step;  // null if the command was executed
    const char *failed_value; // what it failed on; null if there is nothing to show
    int failure;              // errno
};

// Forks a child that executes the command, and returns once it did or failed. The child's pid, or -1 with errno.
pid_t command_execute(struct launch *launch);

// Gives back the memory that only starting takes.
void command_release(void);

#endif
