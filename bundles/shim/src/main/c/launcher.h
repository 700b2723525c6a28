// SPDX-License-Identifier: Apache-2.0
// The launcher: forks a shim for each START frame on standard input, and ends with it. One for each agent.
//
// Standard output carries lines: "ready" once nothing of an earlier launcher is under way, and complaints.
#ifndef TEPUI_LAUNCHER_H
#define TEPUI_LAUNCHER_H

// Serves until standard input ends. The exit status: 0, or 1 if the runtime directory is not usable, or 2 if standard
// input was no row of frames.
int launcher_run(const char *runtime_directory);

#endif
