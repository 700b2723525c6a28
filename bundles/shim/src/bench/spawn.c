// SPDX-License-Identifier: Apache-2.0
// The ceiling of what the machine can start: /bin/true by posix_spawn, waited for, in as many loops as there are
// processors.
//
//   tepui-spawn-bench [SPAWNS [LOOPS]]     prints {"spawns_per_second": R, "cpu_ms_per_spawn": C, ...}
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LARGEST = 10000000 };

static long argument(int count, char **arguments, int index, long otherwise) {
    if (index >= count) {
        return otherwise;
    }
    char *end;
    long value = strtol(arguments[index], &end, 10);
    if (*end != 0 || value < 1 || value > LARGEST) {
        fprintf(stderr, "'%s' is not allowed: a number from 1 to %d is expected\n", arguments[index], LARGEST);
        exit(64);
    }
    return value;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double cpu_seconds(int who) {
    struct rusage usage;
    getrusage(who, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
           + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static int spawn_and_wait(void) {
    static char *command[] = {(char *)"true", NULL};
    static char *environment[] = {(char *)"PATH=/usr/bin:/bin", NULL};
    pid_t pid;
    int status;
    int failure = posix_spawn(&pid, "/bin/true", NULL, NULL, command, environment);
    if (failure != 0) {
        fprintf(stderr, "cannot spawn /bin/true: %s\n", strerror(failure));
        return -1;
    }
    if (waitpid(pid, &status, 0) != pid || status != 0) {
        fprintf(stderr, "/bin/true did not end with 0\n");
        return -1;
    }
    return 0;
}

_Noreturn static void loop(long spawns) {
    for (long i = 0; i < spawns; i++) {
        if (spawn_and_wait() != 0) {
            _exit(1);
        }
    }
    _exit(0);
}

int main(int count, char **arguments) {
    long spawns = argument(count, arguments, 1, 2000);
    long loops = argument(count, arguments, 2, sysconf(_SC_NPROCESSORS_ONLN));
    double begin = seconds();
    for (long i = 0; i < loops; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            loop(spawns / loops + (i < spawns % loops));
        }
        if (pid < 0) {
            perror("cannot fork");
            return 1;
        }
    }
    for (long i = 0; i < loops; i++) {
        int status;
        if (wait(&status) < 0 || status != 0) {
            return 1;
        }
    }
    double took = seconds() - begin;
    double cpu = cpu_seconds(RUSAGE_CHILDREN);
    printf("{\"spawns_per_second\": %.1f, \"cpu_ms_per_spawn\": %.3f, \"spawns\": %ld, \"loops\": %ld}\n",
           (double)spawns / took, cpu * 1000 / (double)spawns, spawns, loops);
    return 0;
}
