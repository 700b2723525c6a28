// SPDX-License-Identifier: Apache-2.0
#include "launcher.h"

#include <string.h>
#include <unistd.h>

enum { USAGE = 64 };

int main(int count, char **arguments) {
    if (count == 3 && strcmp(arguments[1], "launcher") == 0) {
        return launcher_run(arguments[2]);
    }
    static const char usage[] = "usage: tepui-shim launcher RUNTIME_DIRECTORY\n"
                                "Starts processes as the frames on standard input say; the agent runs it.\n";
    return write(STDERR_FILENO, usage, sizeof usage - 1) < 0 ? 1 : USAGE;
}
