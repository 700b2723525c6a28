# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Sourced by ./tepui and ./check: finds what a build needs, installs what is missing if it may.
# The caller has set 'set -eu'; names of functions and variables here start with need_.

# Debian's packages of what is missing, each after a space.
need_missing=

need_add() {
    need_missing="$need_missing $1"
}

# The major version of a java command: empty if it cannot be run.
need_java_version() {
    "$1" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1
}

# A JDK of at least 17 with its compiler; sets JAVA_HOME to it.
need_jdk() {
    for need_home in "${JAVA_HOME:-}" "$(need_home_of_path)" /usr/lib/jvm/java-17-openjdk-*; do
        if [ -n "$need_home" ] && [ -x "$need_home/bin/javac" ]; then
            need_version=$(need_java_version "$need_home/bin/java")
            if [ -n "$need_version" ] && [ "$need_version" -ge 17 ]; then
                JAVA_HOME=$need_home
                export JAVA_HOME
                return 0
            fi
        fi
    done
    return 1
}

need_home_of_path() {
    need_javac=$(command -v javac || true)
    if [ -n "$need_javac" ]; then
        dirname "$(dirname "$(readlink -f "$need_javac")")"
    fi
}

need_check() {
    need_missing=
    need_jdk || need_add openjdk-17-jdk-headless
    command -v mvn >/dev/null 2>&1 || need_add maven
    command -v cc >/dev/null 2>&1 || need_add gcc
    [ -e /usr/include/stdio.h ] || need_add libc6-dev
}

# Sees to it that a build can run: NAME is printed before each message.
need_all() {
    need_check
    [ -n "$need_missing" ] || return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        echo "$1: these packages are missing:$need_missing" >&2
        echo "$1: install them with: sudo apt-get update && sudo apt-get install -y --no-install-recommends$need_missing" >&2
        exit 2
    fi
    echo "$1: installing$need_missing" >&2
    # the list of packages of a fresh machine may be empty or old
    apt-get update -q >&2
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $need_missing >&2
    need_check
    if [ -n "$need_missing" ]; then
        echo "$1: still missing after the installation:$need_missing" >&2
        exit 2
    fi
}
