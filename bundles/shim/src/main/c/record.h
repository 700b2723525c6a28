// SPDX-License-Identifier: Apache-2.0
// What is known of a process: two small files that last as long as the machine runs, and events for whoever listens.
//
// processes/ID/pid   "PID START SHIM SHIMSTART BOOTID\n", there before the command is executed
// processes/ID/exit  "code N\n", "signal N\n", "unknown\n", or "error TEXT\n" if the command was never executed
// events             a FIFO for events of EVENT_BYTES each. They only tell what the files tell as well: an event that
//                    is lost because nobody listens costs nothing.
#ifndef TEPUI_RECORD_H
#define TEPUI_RECORD_H

#include <stdint.h>
#include <sys/types.h>

enum { EVENT_BYTES = 512, REASON_BYTES = 200, BOOT_ID_BYTES = 40, RECORD_BYTES = 256 };

enum event_type {
    EVENT_STARTED = 1,
    EVENT_EXITED = 2,
    EVENT_FAILED = 3,      // the command was not executed
    EVENT_SHIM_GONE = 4,   // a shim that was watched ended, well or not
    EVENT_SHIM_KILLED = 5, // a shim of this launcher ended without doing its work
};

enum exit_kind { EXIT_UNKNOWN = 0, EXIT_CODE = 1, EXIT_SIGNAL = 2 };

struct event {
    enum event_type type;
    const char *id;       // empty if the event is about a shim
    pid_t pid;            // STARTED, EXITED; 0 if nobody knows
    uint64_t start;       // STARTED, EXITED
    pid_t shim;           // STARTED, SHIM_GONE, SHIM_KILLED
    uint64_t shim_start;  // STARTED
    enum exit_kind kind;  // EXITED
    int value;            // EXITED: code or signal
    const char *reason;   // FAILED
};

struct pid_record {
    pid_t pid;
    uint64_t start;
    pid_t shim;
    uint64_t shim_start;
};

// Takes hold of the runtime directory and makes what is missing in it. Null, or what is wrong, with errno.
const char *record_open(const char *directory);

// Descriptor of the runtime directory.
int record_directory(void);

// Claims an id: makes its directory. 0, or -1 with errno.
int record_claim(const char *id);

// Writes the pid file. 0, or -1 with errno.
int record_pid(const char *id, const struct pid_record *record);

// Reads a pid file of this boot. 0, or -1 with errno: ENOENT none is there, EPROTO damaged or of another boot.
int record_read_pid(const char *id, struct pid_record *record);

// Writes the exit file. 0, or -1 with errno.
int record_exit(const char *id, enum exit_kind kind, int value);
int record_error(const char *id, const char *reason);

// Reads an exit file into an event; `reason` has room for REASON_BYTES. 0, or -1 with errno as above.
int record_read_exit(const char *id, struct event *event, char *reason);

// Removes the pid file only.
void record_drop_pid(const char *id);

// Removes all that is recorded of an id. 0, or -1 with errno; nothing there is no error.
int record_forget(const char *id);

// Tells whoever listens; waits while the listener is behind, returns at once if there is none.
void record_emit(const struct event *event);

#endif
