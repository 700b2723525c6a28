// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "shim.h"

#include "command.h"
#include "process.h"
#include "record.h"
#include "text.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SHOWN_BYTES = 80, FIRST_DELAY_MS = 2, LONGEST_DELAY_MS = 1000, FUTILE_ROUNDS = 5 };

// The launcher's output and its lock stay open in a shim that has not recorded yet whether the command runs: when both
// are free, nothing of a launcher that died is under way any more.
static void let_go(const struct inheritance *inheritance) {
    dup2(inheritance->null, STDIN_FILENO);
    dup2(inheritance->null, STDOUT_FILENO);
    dup2(inheritance->null, STDERR_FILENO);
    close_range((unsigned)inheritance->null + 1, ~0U, 0);
}

static void give_back(const struct inheritance *inheritance) {
    command_release();
    madvise(inheritance->memory, inheritance->memory_size, MADV_DONTNEED);
}

static void pause_ms(int milliseconds) {
    struct timespec delay = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    nanosleep(&delay, NULL);
}

_Noreturn static void report_failure(const struct launch *launch, const struct inheritance *inheritance) {
    char reason[REASON_BYTES];
    struct text text = text_in(reason, sizeof reason);
    text_add(&text, launch->failed_step);
    if (launch->failed_value != NULL) {
        text_add(&text, " '");
        text_add_shown(&text, launch->failed_value, SHOWN_BYTES);
        text_add(&text, strlen(launch->failed_value) > SHOWN_BYTES ? "...'" : "'");
    }
    text_add(&text, ": ");
    text_add(&text, strerror(launch->failure));
    const char *id = launch->request->id;
    record_drop_pid(id);
    record_error(id, reason);
    let_go(inheritance);
    record_emit(&(struct event){.type = EVENT_FAILED, .id = id, .reason = reason});
    _exit(0);
}

// Passes on a signal that the launcher asks for. The child is not reaped yet, so its pid and its group are its own.
static void pass_on(const siginfo_t *info, pid_t child) {
    int signal = info->si_value.sival_int;
    if (info->si_code == SI_QUEUE && (info->si_uid == 0 || info->si_uid == geteuid()) && signal >= 1 && signal <= 64) {
        kill(-child, signal);
    }
}

// Waits for the end of the child and leaves it unreaped; reaps others, which were left to this process, on the way.
static void await_end(pid_t child, const sigset_t *wanted, siginfo_t *end) {
    for (;;) {
        memset(end, 0, sizeof *end);
        while (waitid(P_ALL, 0, end, WEXITED | WNOHANG | WNOWAIT) == 0 && end->si_pid != 0) {
            if (end->si_pid == child) {
                return;
            }
            waitpid(end->si_pid, NULL, WNOHANG);
            end->si_pid = 0;
        }
        siginfo_t info;
        if (sigwaitinfo(wanted, &info) == FORWARD_SIGNAL) {
            pass_on(&info, child);
        }
    }
}

// Ends all that the child left behind, also what went into a session of its own. Processes of other users, which an
// unprivileged shim cannot end, are given up.
static void end_descendants(void) {
    sigset_t ended;
    sigemptyset(&ended);
    sigaddset(&ended, SIGCHLD);
    int delay = FIRST_DELAY_MS;
    for (int futile = 0; futile < FUTILE_ROUNDS;) {
        pid_t reaped;
        while ((reaped = waitpid(-1, NULL, WNOHANG)) > 0) {
        }
        if (reaped < 0) {
            return;
        }
        futile = process_kill_children(0) > 0 ? 0 : futile + 1;
        struct timespec limit = {delay / 1000, delay % 1000 * 1000000L};
        sigtimedwait(&ended, NULL, &limit);
        delay = delay * 2 > LONGEST_DELAY_MS ? LONGEST_DELAY_MS : delay * 2;
    }
}

// The file first, so that an event which nobody hears costs nothing. If the file system is full the event goes first,
// and the file follows when there is room, unless the process was forgotten meanwhile.
static void record_end(const char *id, const struct pid_record *record, enum exit_kind kind, int value) {
    int recorded = record_exit(id, kind, value) == 0;
    int failure = errno;
    record_emit(&(struct event){
        .type = EVENT_EXITED, .id = id, .pid = record->pid, .start = record->start, .kind = kind, .value = value});
    errno = failure;
    while (!recorded && errno != ENOENT) {
        pause_ms(LONGEST_DELAY_MS);
        recorded = record_exit(id, kind, value) == 0;
    }
}

// Looks after a command that runs.
_Noreturn static void supervise(const char *id, const struct pid_record *record) {
    pid_t child = record->pid;
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGCHLD);
    sigaddset(&wanted, FORWARD_SIGNAL);
    siginfo_t end;
    await_end(child, &wanted, &end);
    kill(-child, SIGKILL);
    waitpid(child, NULL, 0);
    end_descendants();
    record_end(id, record, end.si_code == CLD_EXITED ? EXIT_CODE : EXIT_SIGNAL, end.si_status);
    _exit(0);
}

_Noreturn void shim_run(const struct request *request, const struct inheritance *inheritance) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    // in the launcher's session, by which it tells shims from processes that a dead shim left to it
    setpgid(0, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1);

    struct launch launch = {.request = request, .null = inheritance->null};
    struct process self;
    pid_t child = -1;
    if (process_read(0, &self) != 0) {
        launch.failure = errno;
        launch.failed_step = "cannot read /proc/self/stat";
    } else {
        launch.record.shim = self.pid;
        launch.record.shim_start = self.start;
        child = command_execute(&launch);
        if (child < 0) {
            launch.failure = errno;
            launch.failed_step = "cannot fork";
        } else if (launch.failed_step == NULL && launch.record.pid != child) {
            launch.failure = EINTR;
            launch.failed_step = "the process was killed before it executed the command";
        }
    }
    if (launch.failed_step != NULL) {
        if (child > 0) {
            waitpid(child, NULL, 0);
        }
        report_failure(&launch, inheritance);
    }
    let_go(inheritance);
    char id[ID_LIMIT + 1];
    struct text copy = text_in(id, sizeof id);
    text_add(&copy, request->id);
    give_back(inheritance);
    record_emit(&(struct event){
        .type = EVENT_STARTED,
        .id = id,
        .pid = launch.record.pid,
        .start = launch.record.start,
        .shim = launch.record.shim,
        .shim_start = launch.record.shim_start});
    supervise(id, &launch.record);
}

// Waits for a session that was killed, none of which are children: for the leader to its end, for the others a moment.
static void await_session(pid_t leader, int pidfd) {
    struct pollfd ended = {.fd = pidfd, .events = POLLIN};
    while (poll(&ended, 1, -1) < 0 && errno == EINTR) {
    }
    for (int delay = FIRST_DELAY_MS; delay <= LONGEST_DELAY_MS && process_count_session(leader) > 0; delay *= 2) {
        pause_ms(delay);
    }
}

_Noreturn void shim_conclude(const char *id, const struct inheritance *inheritance) {
    struct pid_record record = {0};
    struct event event;
    char reason[REASON_BYTES];
    let_go(inheritance);
    int read_pid = record_read_pid(id, &record);
    int pid_failure = errno;
    if (read_pid == 0 && process_lives(record.shim, record.shim_start)) {
        _exit(0);
    }
    if (record_read_exit(id, &event, reason) == 0) {
        event.pid = record.pid;
        event.start = record.start;
        record_emit(&event);
        _exit(0);
    }
    if (read_pid != 0 && pid_failure == ENOENT) {
        const char *nothing = "the shim ended before the command was executed";
        record_error(id, nothing);
        record_emit(&(struct event){.type = EVENT_FAILED, .id = id, .reason = nothing});
        _exit(0);
    }
    if (read_pid != 0) {
        record = (struct pid_record){0};
    }
    int fd = read_pid == 0 ? process_open(record.pid, record.start) : -1;
    if (fd >= 0) {
        process_kill_session(record.pid);
        await_session(record.pid, fd);
    }
    record_end(id, &record, EXIT_UNKNOWN, 0);
    _exit(0);
}
