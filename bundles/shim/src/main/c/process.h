// SPDX-License-Identifier: Apache-2.0
// Processes as /proc shows them, and signals that reach the process meant and no other.
#ifndef TEPUI_PROCESS_H
#define TEPUI_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

// The signal by which the launcher asks a shim to pass on another one, whose number travels as its value. A fixed
// number, not SIGRTMIN + n, because a shim may be older than the launcher.
enum { FORWARD_SIGNAL = 50 };

struct process {
    pid_t pid;
    char state;
    pid_t group;
    pid_t session;
    uint64_t start; // field 22 of /proc/PID/stat: with the pid it names a process for as long as the machine runs
};

// Reads /proc/PID/stat; pid 0 is the caller. 0, or -1 with errno.
int process_read(pid_t pid, struct process *process);

// Whether a process with this pid and start time lives; a zombie does not.
int process_lives(pid_t pid, uint64_t start);

// A pidfd of the process with this pid and start time, or -1 with errno ESRCH.
int process_open(pid_t pid, uint64_t start);

// Queues FORWARD_SIGNAL with a value. 0, or -1 with errno.
int process_forward(int pidfd, int signal);

// Sends SIGKILL to all children of the caller outside session `spared` (0: none is spared), and to their groups. How
// many there are that can be killed.
int process_kill_children(pid_t spared);

// Sends SIGKILL to all groups of a session. Its leader must be known to live: only then the session's number is its own.
void process_kill_session(pid_t leader);

// How many processes of a session live; zombies do not.
int process_count_session(pid_t leader);

#endif
