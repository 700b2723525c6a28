// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "command.h"

#include "process.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOT_EXECUTED = 127 };

// Arguments with a slot before them for the shell, and variables. Large, but only the pages that are used exist, and they
// are given back: so nothing else may lie in them, and the alignment is that of the type, which pads its size.
static struct __attribute__((aligned(65536))) {
    char *arguments[TEXTS_LIMIT + 2];
    char *environment[TEXTS_LIMIT + 1];
    gid_t groups[GROUPS_LIMIT];
} strings;

_Noreturn static void fail(struct launch *launch, const char *step, const char *value) {
    launch->failure = errno;
    launch->failed_value = value;
    launch->failed_step = step;
    _exit(NOT_EXECUTED);
}

static void record_self(struct launch *launch) {
    struct process self;
    if (process_read(0, &self) != 0) {
        fail(launch, "cannot read /proc/self/stat", NULL);
    }
    if (self.pid != getpid()) {
        errno = EINVAL;
        fail(launch, "/proc is that of another pid namespace", NULL);
    }
    launch->record.pid = self.pid;
    launch->record.start = self.start;
    if (record_pid(launch->request->id, &launch->record) != 0) {
        fail(launch, "cannot write the pid file", NULL);
    }
}

static void become_user(struct launch *launch) {
    const struct start *start = &launch->request->start;
    if (!start->has_user || (geteuid() != 0 && start->uid == geteuid() && start->gid == getegid())) {
        return;
    }
    for (uint32_t i = 0; i < start->groups.count; i++) {
        strings.groups[i] = (gid_t)frame_number(start->groups, i);
    }
    if (setgroups(start->groups.count, strings.groups) != 0) {
        fail(launch, "cannot set the supplementary groups", NULL);
    }
    if (setresgid(start->gid, start->gid, start->gid) != 0) {
        fail(launch, "cannot set the group", NULL);
    }
    if (setresuid(start->uid, start->uid, start->uid) != 0) {
        fail(launch, "cannot set the user", NULL);
    }
}

// Opened as the user of the command, so that nobody writes through it where he may not. Without blocking, because a
// FIFO in its place would hold the start up.
static void open_output(struct launch *launch, const char *path, int as) {
    struct stat status;
    int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
    int fd = open(path, flags, 0644);
    if (fd < 0 || fstat(fd, &status) != 0) {
        fail(launch, "cannot open output file", path);
    }
    if (!S_ISREG(status.st_mode) && !S_ISCHR(status.st_mode)) {
        errno = EINVAL;
        fail(launch, "cannot open output file", path);
    }
    if (fcntl(fd, F_SETFL, O_APPEND) != 0 || dup2(fd, as) < 0) {
        fail(launch, "cannot use output file", path);
    }
}

static const char *search_path(void) {
    for (char **variable = strings.environment; *variable != NULL; variable++) {
        if (strncmp(*variable, "PATH=", 5) == 0) {
            return *variable + 5;
        }
    }
    return "/usr/local/bin:/usr/bin:/bin";
}

// Returns only if it failed. A file that is executable but of no known format is a script of the shell's.
static void execute_file(const char *file) {
    char **arguments = strings.arguments + 1;
    execve(file, arguments, strings.environment);
    if (errno == ENOEXEC) {
        char *first = arguments[0];
        strings.arguments[0] = (char *)(uintptr_t) "sh";
        arguments[0] = (char *)(uintptr_t)file;
        execve("/bin/sh", strings.arguments, strings.environment);
        arguments[0] = first;
    }
}

// Returns only if no directory of the path has it, with the error that says most.
static void execute_on_path(const char *name) {
    int failure = ENOENT;
    for (const char *at = search_path();; at++) {
        size_t length = strcspn(at, ":");
        char file[PATH_LIMIT + 1];
        if (length + 1 + strlen(name) < sizeof file) {
            memcpy(file, at, length);
            struct text rest = text_in(file + length, sizeof file - length);
            text_add(&rest, length == 0 ? "" : "/");
            text_add(&rest, name);
            execute_file(file);
            if (errno != ENOENT && errno != ENOTDIR) {
                failure = errno;
                if (failure != EACCES) {
                    break;
                }
            }
        }
        at += length;
        if (*at == 0) {
            break;
        }
    }
    errno = failure;
}

static void reset_signals(void) {
    sigset_t none;
    signal(SIGPIPE, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

_Noreturn static void child(struct launch *launch) {
    const struct start *start = &launch->request->start;
    // until the pid file is there nobody but the shim knows of this process: it must not outlive the shim
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != launch->record.shim) {
        _exit(NOT_EXECUTED);
    }
    setsid();
    record_self(launch);
    prctl(PR_SET_PDEATHSIG, 0);

    frame_texts(start->arguments, strings.arguments + 1);
    frame_texts(start->environment, strings.environment);
    become_user(launch);
    if (chdir(start->directory) != 0) {
        fail(launch, "cannot use working directory", start->directory);
    }
    umask(022);
    if (dup2(launch->null, STDIN_FILENO) < 0) {
        fail(launch, "cannot use /dev/null", NULL);
    }
    open_output(launch, start->out, STDOUT_FILENO);
    open_output(launch, start->err, STDERR_FILENO);
    close_range(STDERR_FILENO + 1, ~0U, 0);
    reset_signals();
    const char *name = strings.arguments[1];
    if (strchr(name, '/') != NULL) {
        execute_file(name);
    } else {
        execute_on_path(name);
    }
    fail(launch, "cannot execute", name);
}

// vfork, because a copy of the page tables would cost as much again as all the rest; apart, so that the child's use of
// the stack stays below this frame.
__attribute__((noinline)) pid_t command_execute(struct launch *launch) {
    pid_t pid = vfork();
    if (pid == 0) {
        child(launch);
    }
    return pid;
}

void command_release(void) { madvise(&strings, sizeof strings, MADV_DONTNEED); }
