// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "record.h"

#include "frame.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h> // renameat
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_BYTES = ID_LIMIT + 32 };

static int runtime = -1;
static int processes = -1;
static char boot_id[BOOT_ID_BYTES];

static int open_directory(int at, const char *path) {
    return openat(at, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static ssize_t read_small(int at, const char *path, char *buffer, size_t capacity) {
    int fd = openat(at, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return -1;
    }
    ssize_t length = read(fd, buffer, capacity - 1);
    int failure = errno;
    close(fd);
    errno = failure;
    buffer[length < 0 ? 0 : length] = 0;
    return length;
}

static const char *read_boot_id(void) {
    char line[BOOT_ID_BYTES];
    ssize_t length = read_small(AT_FDCWD, "/proc/sys/kernel/random/boot_id", line, sizeof line);
    if (length <= 0) {
        return "cannot read /proc/sys/kernel/random/boot_id";
    }
    struct text id = text_in(boot_id, sizeof boot_id);
    text_add_shown(&id, line, strcspn(line, "\n"));
    return NULL;
}

const char *record_open(const char *directory) {
    struct stat status;
    runtime = open_directory(AT_FDCWD, directory);
    if (runtime < 0 || fstat(runtime, &status) != 0) {
        return "cannot open the runtime directory";
    }
    if (status.st_uid != geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        errno = EPERM;
        return "the runtime directory belongs to another user, or others may write to it";
    }
    if (mkdirat(runtime, "processes", 0700) != 0 && errno != EEXIST) {
        return "cannot make the directory processes";
    }
    processes = open_directory(runtime, "processes");
    if (processes < 0) {
        return "cannot open the directory processes";
    }
    if (mkfifoat(runtime, "events", 0600) != 0 && errno != EEXIST) {
        return "cannot make the FIFO events";
    }
    if (fstatat(runtime, "events", &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISFIFO(status.st_mode)) {
        errno = EEXIST;
        return "events is there and is no FIFO";
    }
    return read_boot_id();
}

int record_directory(void) { return runtime; }

static const char *name_of(char *buffer, const char *id, const char *file) {
    struct text name = text_in(buffer, NAME_BYTES);
    text_add(&name, id);
    text_add(&name, file);
    return buffer;
}

int record_claim(const char *id) { return mkdirat(processes, id, 0700); }

static int write_file(const char *id, const char *file, const char *beside, const struct text *content) {
    char from[NAME_BYTES];
    char to[NAME_BYTES];
    name_of(from, id, beside);
    int fd = openat(processes, from, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return -1;
    }
    ssize_t written = write(fd, content->start, content->length);
    int failure = written < 0 ? errno : ENOSPC;
    close(fd);
    if (written != (ssize_t)content->length) {
        unlinkat(processes, from, 0);
        errno = failure;
        return -1;
    }
    return renameat(processes, from, processes, name_of(to, id, file));
}

int record_pid(const char *id, const struct pid_record *record) {
    char line[RECORD_BYTES];
    struct text content = text_in(line, sizeof line);
    text_add_number(&content, (uint64_t)record->pid);
    text_add(&content, " ");
    text_add_number(&content, record->start);
    text_add(&content, " ");
    text_add_number(&content, (uint64_t)record->shim);
    text_add(&content, " ");
    text_add_number(&content, record->shim_start);
    text_add(&content, " ");
    text_add(&content, boot_id);
    text_add(&content, "\n");
    return write_file(id, "/pid", "/pid.new", &content);
}

static int damaged(void) {
    errno = EPROTO;
    return -1;
}

// Takes a number and the space behind it.
static uint64_t take_number(const char **at) {
    uint64_t number = text_number(*at);
    const char *space = strchr(*at, ' ');
    *at = space == NULL ? "" : space + 1;
    return number;
}

int record_read_pid(const char *id, struct pid_record *record) {
    char name[NAME_BYTES];
    char line[RECORD_BYTES];
    if (read_small(processes, name_of(name, id, "/pid"), line, sizeof line) < 0) {
        return -1;
    }
    const char *at = line;
    uint64_t pid = take_number(&at);
    record->start = take_number(&at);
    uint64_t shim = take_number(&at);
    record->shim_start = take_number(&at);
    size_t length = strlen(boot_id);
    if (pid < 2 || pid > INT32_MAX || shim < 2 || shim > INT32_MAX || strncmp(at, boot_id, length) != 0
        || strcmp(at + length, "\n") != 0) {
        return damaged();
    }
    record->pid = (pid_t)pid;
    record->shim = (pid_t)shim;
    return 0;
}

int record_exit(const char *id, enum exit_kind kind, int value) {
    static const char *const kinds[] = {[EXIT_UNKNOWN] = "unknown", [EXIT_CODE] = "code ", [EXIT_SIGNAL] = "signal "};
    char line[RECORD_BYTES];
    struct text content = text_in(line, sizeof line);
    text_add(&content, kinds[kind]);
    if (kind != EXIT_UNKNOWN) {
        text_add_number(&content, (uint64_t)value);
    }
    text_add(&content, "\n");
    return write_file(id, "/exit", "/exit.new", &content);
}

int record_error(const char *id, const char *reason) {
    char line[RECORD_BYTES];
    struct text content = text_in(line, sizeof line);
    text_add(&content, "error ");
    text_add_shown(&content, reason, REASON_BYTES);
    text_add(&content, "\n");
    return write_file(id, "/exit", "/exit.new", &content);
}

static int starts(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

int record_read_exit(const char *id, struct event *event, char *reason) {
    char name[NAME_BYTES];
    char line[RECORD_BYTES];
    if (read_small(processes, name_of(name, id, "/exit"), line, sizeof line) < 0) {
        return -1;
    }
    *event = (struct event){.type = EVENT_EXITED, .id = id};
    if (starts(line, "code ")) {
        event->kind = EXIT_CODE;
        event->value = (int)(text_number(line + strlen("code ")) & 0xff);
    } else if (starts(line, "signal ")) {
        event->kind = EXIT_SIGNAL;
        event->value = (int)(text_number(line + strlen("signal ")) & 0x7f);
    } else if (starts(line, "error ")) {
        struct text text = text_in(reason, REASON_BYTES);
        text_add_shown(&text, line + strlen("error "), strcspn(line, "\n") - strlen("error "));
        event->type = EVENT_FAILED;
        event->reason = reason;
    } else if (!starts(line, "unknown")) {
        return damaged();
    }
    return 0;
}

static int drop(const char *id, const char *file) {
    char name[NAME_BYTES];
    return unlinkat(processes, name_of(name, id, file), 0);
}

void record_drop_pid(const char *id) { drop(id, "/pid"); }

int record_forget(const char *id) {
    drop(id, "/exit");
    drop(id, "/pid");
    if (unlinkat(processes, id, AT_REMOVEDIR) == 0 || errno == ENOENT) {
        return 0;
    }
    // only a writer that was killed leaves these
    drop(id, "/pid.new");
    drop(id, "/exit.new");
    return unlinkat(processes, id, AT_REMOVEDIR);
}

static uint8_t *put(uint8_t *at, uint64_t number, int bytes) {
    for (int i = bytes - 1; i >= 0; i--) {
        *at++ = (uint8_t)(number >> (8 * i));
    }
    return at;
}

// magic (8), type (1), kind (1), value (2), pid (4), start (8), shim (4), shim's start (8), length of the id (2), length
// of the reason (2), id, reason, zeros
static void encode(const struct event *event, uint8_t *bytes) {
    memset(bytes, 0, EVENT_BYTES);
    memcpy(bytes, "TEPUIEV1", 8);
    size_t id = strlen(event->id);
    size_t reason = event->reason == NULL ? 0 : strnlen(event->reason, REASON_BYTES);
    uint8_t *at = bytes + 8;
    at = put(at, event->type, 1);
    at = put(at, event->kind, 1);
    at = put(at, (uint64_t)event->value, 2);
    at = put(at, (uint64_t)event->pid, 4);
    at = put(at, event->start, 8);
    at = put(at, (uint64_t)event->shim, 4);
    at = put(at, event->shim_start, 8);
    at = put(at, id, 2);
    at = put(at, reason, 2);
    memcpy(at, event->id, id);
    if (reason > 0) {
        memcpy(at + id, event->reason, reason);
    }
}

void record_emit(const struct event *event) {
    uint8_t bytes[EVENT_BYTES];
    encode(event, bytes);
    // opened without blocking this fails at once if nobody reads
    int fd = openat(runtime, "events", O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return;
    }
    if (write(fd, bytes, sizeof bytes) < 0 && errno == EAGAIN) {
        // full: from here on wait for the reader, or for its end
        fcntl(fd, F_SETFL, O_WRONLY);
        while (write(fd, bytes, sizeof bytes) < 0 && errno == EINTR) {
        }
    }
    close(fd);
}
