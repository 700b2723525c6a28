// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "process.h"

#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { STAT_BYTES = 1024, CHILDREN_BYTES = 16384 };

// Number `field` of the line, counted as in proc(5); `at` points behind the name, which may hold anything.
static uint64_t field(const char *at, int field) {
    for (int i = 2; i < field; i++) {
        at = strchr(at, ' ');
        if (at == NULL) {
            return 0;
        }
        at++;
    }
    return text_number(at);
}

int process_read(pid_t pid, struct process *process) {
    char path[64];
    struct text name = text_in(path, sizeof path);
    text_add(&name, "/proc/");
    if (pid == 0) {
        text_add(&name, "self");
    } else {
        text_add_number(&name, (uint64_t)pid);
    }
    text_add(&name, "/stat");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return -1;
    }
    char line[STAT_BYTES];
    ssize_t length = read(fd, line, sizeof line - 1);
    int failure = errno;
    close(fd);
    if (length <= 0) {
        errno = length == 0 ? ESRCH : failure;
        return -1;
    }
    line[length] = 0;
    const char *rest = strrchr(line, ')');
    if (rest == NULL || rest[1] == 0) {
        errno = EPROTO;
        return -1;
    }
    rest += 1;
    process->pid = (pid_t)text_number(line);
    process->state = rest[1];
    process->group = (pid_t)field(rest, 5);
    process->session = (pid_t)field(rest, 6);
    process->start = field(rest, 22);
    return 0;
}

int process_lives(pid_t pid, uint64_t start) {
    struct process process;
    return pid > 0 && process_read(pid, &process) == 0 && process.start == start && process.state != 'Z'
           && process.state != 'X';
}

int process_open(pid_t pid, uint64_t start) {
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    // looked at after opening: if the pid was given to another process in between, the start time differs
    if (fd >= 0 && !process_lives(pid, start)) {
        close(fd);
        errno = ESRCH;
        return -1;
    }
    return fd;
}

int process_forward(int pidfd, int signal) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = FORWARD_SIGNAL;
    info.si_code = SI_QUEUE;
    info.si_pid = getpid();
    info.si_uid = getuid();
    info.si_value.sival_int = signal;
    return (int)syscall(SYS_pidfd_send_signal, pidfd, FORWARD_SIGNAL, &info, 0);
}

static int kill_child(pid_t child, pid_t spared) {
    if (child <= 1 || (spared != 0 && getsid(child) == spared)) {
        return 0;
    }
    // a group never leaves its session, and the session of an adopted process was made by a descendant
    pid_t group = getpgid(child);
    if (group > 1 && group != getpgrp()) {
        kill(-group, SIGKILL);
    }
    return kill(child, SIGKILL) == 0;
}

int process_kill_children(pid_t spared) {
    int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    char buffer[CHILDREN_BYTES];
    int count = 0;
    pid_t child = 0;
    ssize_t length;
    while ((length = read(fd, buffer, sizeof buffer)) > 0) {
        for (ssize_t i = 0; i < length; i++) {
            if (buffer[i] >= '0' && buffer[i] <= '9') {
                child = child * 10 + (buffer[i] - '0');
            } else {
                count += kill_child(child, spared);
                child = 0;
            }
        }
    }
    close(fd);
    return count;
}

// Goes through the processes of a session, and kills the groups of all but the leader's if asked. How many live.
static int visit_session(pid_t leader, int killing) {
    int count = 0;
    DIR *all = opendir("/proc");
    if (all == NULL) {
        return 0;
    }
    struct dirent *entry;
    while ((entry = readdir(all)) != NULL) {
        pid_t pid = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' ? (pid_t)text_number(entry->d_name) : 0;
        struct process process;
        if (pid <= 1 || process_read(pid, &process) != 0 || process.session != leader || process.state == 'Z') {
            continue;
        }
        count++;
        if (killing && process.group != leader) {
            kill(-process.group, SIGKILL);
        }
    }
    closedir(all);
    return count;
}

void process_kill_session(pid_t leader) {
    visit_session(leader, 1);
    kill(-leader, SIGKILL);
}

int process_count_session(pid_t leader) { return visit_session(leader, 0); }
