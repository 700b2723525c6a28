#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the shim with ${CC:-cc}. Maven calls it:
#   build.sh main TARGET   TARGET/tepui-shim and TARGET/tepui-spawn-bench, and the same under TARGET/classes/libexec
#   build.sh test TARGET   TARGET/frame-test, with the sanitizers that the compiler has
set -eu
cd "$(dirname "$0")"
what=$1
target=$2
cc=${CC:-cc}
flags="-std=gnu11 -Wall -Wextra -Werror -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes"

if ! command -v "${cc%% *}" >/dev/null; then
    echo "no C compiler: '$cc' was not found; install one (Debian: apt-get install gcc libc6-dev) or set CC" >&2
    exit 1
fi
mkdir -p "$target"

case $what in
main)
    $cc $flags -O2 -static -o "$target/tepui-shim" src/main/c/*.c
    $cc $flags -O2 -static -o "$target/tepui-spawn-bench" src/bench/spawn.c
    mkdir -p "$target/classes/libexec"
    cp "$target/tepui-shim" "$target/tepui-spawn-bench" "$target/classes/libexec"
    ;;
test)
    sanitizers="-fsanitize=address,undefined -fno-sanitize-recover=all"
    echo 'int main(void) { return 0; }' >"$target/sanitizers.c"
    $cc $sanitizers -o "$target/sanitizers" "$target/sanitizers.c" 2>/dev/null && "$target/sanitizers" || sanitizers=
    $cc $flags -O1 -g $sanitizers -Isrc/main/c -o "$target/frame-test" src/test/c/frame_test.c src/main/c/frame.c
    ;;
*)
    echo "build.sh: '$what' is neither main nor test" >&2
    exit 64
    ;;
esac
