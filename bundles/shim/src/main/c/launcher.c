// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "launcher.h"

#include "process.h"
#include "record.h"
#include "shim.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { UNUSABLE = 1, BAD_INPUT = 2, READ_BYTES = 16384, LOCK_SECONDS = 10, ORPHAN_CHECK_MS = 100, EVENTS = 64, SIGNALS = 64 };

// What is read and not yet handled. Pages that a large frame touched are given back, because shims inherit them; so it
// has whole pages of its own, or what lies behind it would be given back, too.
enum { PAGES = 65536, INPUT_BYTES = (FRAME_HEADER + FRAME_PAYLOAD_LIMIT + PAGES - 1) / PAGES * PAGES };
static uint8_t input[INPUT_BYTES] __attribute__((aligned(PAGES)));
static size_t filled;

static struct inheritance inheritance = {.null = -1, .memory = input, .memory_size = sizeof input};
static int epoll = -1;
static int ended_children = -1;
static int orphans; // whether a shim died and may have left processes to the launcher

static void say(const char *what, const char *id, int failure) {
    char line[ID_LIMIT + 256];
    struct text text = text_in(line, sizeof line);
    text_add(&text, what);
    if (id != NULL) {
        text_add(&text, " '");
        text_add_shown(&text, id, ID_LIMIT);
        text_add(&text, "'");
    }
    if (failure != 0) {
        text_add(&text, ": ");
        text_add(&text, strerror(failure));
    }
    text_add(&text, "\n");
    if (write(STDOUT_FILENO, text.start, text.length) < 0) {
        return; // whoever reads complaints is gone, and standard input will say so
    }
}

static void on_alarm(int signal) { (void)signal; }

// One launcher at a time for a runtime directory. The lock of one that died is held on by its shims that are starting.
static int take_lock(void) {
    int fd = openat(record_directory(), "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return -1;
    }
    struct sigaction action = {.sa_handler = on_alarm};
    sigaction(SIGALRM, &action, NULL);
    alarm(LOCK_SECONDS);
    int result = flock(fd, LOCK_EX);
    int failure = errno == EINTR ? EBUSY : errno;
    alarm(0);
    signal(SIGALRM, SIG_DFL);
    errno = failure;
    return result;
}

static void reset_signals(void) {
    // by the system call, because the C library leaves out the signals that it keeps for itself; the agent may have
    // inherited even those as ignored. All zeros mean the default, whatever the order of the fields.
    static const unsigned long action[8];
    for (int number = 1; number <= SIGNALS; number++) {
        syscall(SYS_rt_sigaction, number, action, NULL, SIGNALS / 8);
    }
    signal(SIGPIPE, SIG_IGN);
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGCHLD);
    sigaddset(&blocked, FORWARD_SIGNAL);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
}

static int watch(int fd, uint64_t key) {
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = key};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

// Opened in this order: descriptors up to /dev/null are the shims' too, those behind it the launcher's alone.
static const char *prepare(const char *runtime_directory) {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    const char *problem = record_open(runtime_directory);
    if (problem != NULL) {
        return problem;
    }
    if ((inheritance.null = open("/dev/null", O_RDWR | O_CLOEXEC)) < 0) {
        return "cannot open /dev/null";
    }
    if (take_lock() != 0) {
        return "cannot lock the runtime directory: is another agent using it?";
    }
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
        return "cannot become a subreaper";
    }
    epoll = epoll_create1(EPOLL_CLOEXEC);
    ended_children = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    if (epoll < 0 || ended_children < 0 || watch(STDIN_FILENO, STDIN_FILENO) != 0
        || watch(ended_children, (uint64_t)ended_children) != 0) {
        return "cannot wait for standard input: a pipe is expected";
    }
    int self = process_open(getpid(), 0);
    if (self < 0 && errno == ENOSYS) {
        return "the kernel is too old: Linux 5.9 or newer is needed";
    }
    return NULL;
}

static void emit_failure(const char *id, const char *what, int failure) {
    char reason[REASON_BYTES];
    struct text text = text_in(reason, sizeof reason);
    text_add(&text, what);
    if (failure != 0) {
        text_add(&text, ": ");
        text_add(&text, strerror(failure));
    }
    record_emit(&(struct event){.type = EVENT_FAILED, .id = id, .reason = reason});
}

static void start(const struct request *request) {
    if (record_claim(request->id) != 0) {
        if (errno == EEXIST) {
            say("refused to start, its id is in use:", request->id, 0);
        }
        emit_failure(request->id, "cannot make a directory for it in the runtime directory", errno);
        return;
    }
    pid_t shim = fork();
    if (shim == 0) {
        shim_run(request, &inheritance);
    }
    if (shim < 0) {
        int failure = errno;
        record_forget(request->id);
        emit_failure(request->id, "cannot fork a shim", failure);
    }
}

static void conclude(const struct request *request) {
    pid_t process = fork();
    if (process == 0) {
        shim_conclude(request->id, &inheritance);
    }
    if (process < 0) {
        say("cannot fork to settle the end of", request->id, errno);
    }
}

static void forward(const struct request *request) {
    int fd = process_open((pid_t)request->shim, request->shim_start);
    if (fd < 0) {
        return; // it ended: its exit is on the way
    }
    if (process_forward(fd, (int)request->signal) != 0 && errno != ESRCH) {
        say("cannot pass on a signal to", request->id, errno);
    }
    close(fd);
}

// The key of a watched shim holds its descriptor, which is never that of standard input, and its pid.
static void watch_shim(const struct request *request) {
    int fd = process_open((pid_t)request->shim, request->shim_start);
    if (fd >= 0 && watch(fd, (uint64_t)request->shim << 32 | (uint32_t)fd) == 0) {
        return;
    }
    if (fd >= 0 || errno != ESRCH) {
        say("cannot watch the shim of", request->id, errno);
    } else {
        record_emit(&(struct event){.type = EVENT_SHIM_GONE, .id = request->id, .shim = (pid_t)request->shim});
    }
    if (fd >= 0) {
        close(fd);
    }
}

static void shim_gone(uint64_t key) {
    int fd = (int)(uint32_t)key;
    // taken out by hand: a shim that is starting may hold a copy of the descriptor
    epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL);
    close(fd);
    record_emit(&(struct event){.type = EVENT_SHIM_GONE, .id = "", .shim = (pid_t)(key >> 32)});
}

static void handle(const struct request *request) {
    switch (request->type) {
    case FRAME_START:
        start(request);
        break;
    case FRAME_SIGNAL:
        forward(request);
        break;
    case FRAME_WATCH:
        watch_shim(request);
        break;
    case FRAME_CONCLUDE:
        conclude(request);
        break;
    case FRAME_FORGET:
        if (record_forget(request->id) != 0) {
            say("cannot remove what is recorded of", request->id, errno);
        }
        break;
    }
}

// Handles the whole frames that were read. 0, or -1 if the stream cannot be followed any further.
static int handle_frames(void) {
    size_t at = 0;
    while (filled - at >= FRAME_HEADER) {
        struct frame_header header;
        struct request request;
        const char *problem = frame_header(input + at, &header);
        if (problem != NULL) {
            say(problem, NULL, 0);
            return -1;
        }
        if (filled - at - FRAME_HEADER < header.length) {
            break;
        }
        problem = frame_payload(&header, input + at + FRAME_HEADER, &request);
        if (problem == NULL) {
            handle(&request);
        } else if (request.id != NULL && header.type == FRAME_START) {
            emit_failure(request.id, problem, 0);
        } else {
            say(problem, request.id, 0);
            return -1;
        }
        at += FRAME_HEADER + header.length;
    }
    memmove(input, input + at, filled - at);
    if (at > READ_BYTES && filled == at) {
        madvise(input, sizeof input, MADV_DONTNEED);
    }
    filled -= at;
    return 0;
}

// 1 to go on, 0 at the end of the input, -1 if it was damaged.
static int read_input(void) {
    size_t room = sizeof input - filled;
    ssize_t length = read(STDIN_FILENO, input + filled, room < READ_BYTES ? room : READ_BYTES);
    if (length < 0) {
        return errno == EINTR || errno == EAGAIN ? 1 : 0;
    }
    if (length == 0) {
        if (filled > 0) {
            say("the input ends within a frame", NULL, 0);
        }
        return filled > 0 ? -1 : 0;
    }
    filled += (size_t)length;
    return handle_frames() == 0 ? 1 : -1;
}

static void reap(void) {
    struct signalfd_siginfo ignored;
    while (read(ended_children, &ignored, sizeof ignored) > 0) {
    }
    for (;;) {
        siginfo_t end = {0};
        if (waitid(P_ALL, 0, &end, WEXITED | WNOHANG | WNOWAIT) != 0 || end.si_pid == 0) {
            return;
        }
        int failed = end.si_code != CLD_EXITED || end.si_status != 0;
        // asked for before it is reaped: of the processes that a dead shim left behind nobody wants to hear
        int shim = failed && getsid(end.si_pid) == getsid(0);
        waitpid(end.si_pid, NULL, WNOHANG);
        if (failed) {
            orphans = 1;
        }
        if (shim) {
            record_emit(&(struct event){.type = EVENT_SHIM_KILLED, .id = "", .shim = end.si_pid});
        }
    }
}

static int serve(void) {
    for (;;) {
        struct epoll_event events[EVENTS];
        int count = epoll_wait(epoll, events, EVENTS, orphans ? ORPHAN_CHECK_MS : -1);
        for (int i = 0; i < count; i++) {
            uint64_t key = events[i].data.u64;
            if (key == STDIN_FILENO) {
                int more = read_input();
                if (more <= 0) {
                    return more == 0 ? 0 : BAD_INPUT;
                }
            } else if (key == (uint64_t)ended_children) {
                reap();
            } else {
                shim_gone(key);
            }
        }
        // what a shim that was killed leaves behind comes here, one generation after the other
        if (orphans && process_kill_children(getsid(0)) == 0) {
            orphans = 0;
        }
    }
}

int launcher_run(const char *runtime_directory) {
    setsid();
    umask(077);
    close_range(STDERR_FILENO + 1, ~0U, 0);
    reset_signals();
    const char *problem = prepare(runtime_directory);
    if (problem != NULL) {
        say(problem, runtime_directory, errno);
        return UNUSABLE;
    }
    say("ready", NULL, 0);
    return serve();
}
