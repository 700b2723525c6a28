// SPDX-License-Identifier: Apache-2.0
// The ceiling of what the machine can start: /bin/true by posix_spawn, waited for, as many at a time as asked.
//
//   tepui-spawn-bench [SPAWNS [IN_FLIGHT]]     prints {"spawns_per_second": R, "cpu_ms_per_spawn": C, ...}
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

static void spawn(void) {
    static char *command[] = {(char *)"true", NULL};
    static char *environment[] = {(char *)"PATH=/usr/bin:/bin", NULL};
    pid_t pid;
    int failure = posix_spawn(&pid, "/bin/true", NULL, NULL, command, environment);
    if (failure != 0) {
        fprintf(stderr, "cannot spawn /bin/true: %s\n", strerror(failure));
        exit(1);
    }
}

int main(int count, char **arguments) {
    long spawns = argument(count, arguments, 1, 2000);
    long limit = argument(count, arguments, 2, sysconf(_SC_NPROCESSORS_ONLN));
    long running = 0;
    double begin = seconds();
    for (long started = 0, ended = 0; ended < spawns;) {
        if (started < spawns && running < limit) {
            spawn();
            started++;
            running++;
            continue;
        }
        int status;
        if (wait(&status) < 0 || status != 0) {
            fprintf(stderr, "/bin/true did not end with 0\n");
            return 1;
        }
        running--;
        ended++;
    }
    double took = seconds() - begin;
    double cpu = cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN);
    printf("{\"spawns_per_second\": %.1f, \"cpu_ms_per_spawn\": %.3f, \"spawns\": %ld, \"in_flight\": %ld}\n",
           (double)spawns / took, cpu * 1000 / (double)spawns, spawns, limit);
    return 0;
}
