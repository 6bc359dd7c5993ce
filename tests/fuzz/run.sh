#!/bin/sh
# Lets each fuzzer look for what breaks, two at a time: sh tests/fuzz/run.sh [seconds of each, 60] [fuzzer...]
# What is new to it is kept in build/fuzz/<fuzzer>; what broke, in build/fuzz/broken: put that into tests/fuzz/corpus.
# ENTITLE_PRESET=coverage builds them by another preset of the sanitizers, where there is one already.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
preset=${ENTITLE_PRESET:-asan-ubsan}
build=$root/build/$preset
found=$root/build/fuzz
seconds=${1:-60}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- commands database events plan servicenow texts

sh "$root/cmake/packages.sh" build core sqlite postgres program tests tools
cd "$root"
cmake --preset "$preset" >"$root/build/fuzz.log" 2>&1 &&
    cmake --build --preset "$preset" --target entitle_fuzzers >>"$root/build/fuzz.log" 2>&1 ||
    { cat "$root/build/fuzz.log" >&2; exit 1; }

mkdir -p "$found/broken"
run() {
    mkdir -p "$found/$1"
    # Its own words go to its log, and it is told by its status; those of the code under test go nowhere.
    if "$build/bin/fuzz_$1" -max_total_time="$seconds" -timeout=120 -rss_limit_mb=2048 -max_len=65536 -close_fd_mask=2 \
        -print_final_stats=1 -artifact_prefix="$found/broken/$1-" \
        "$found/$1" "$root/tests/fuzz/corpus/$1" >"$found/$1.log" 2>&1; then
        echo "$1: $(sed -n 's/^stat::number_of_executed_units: *//p' "$found/$1.log") inputs in $seconds s, nothing broke"
    else
        echo "$1: BROKE; the end of build/fuzz/$1.log:"
        tail -n 30 "$found/$1.log"
        return 1
    fi
}

status=0
while [ $# -gt 0 ]; do
    run "$1" &
    first=$!
    second=
    shift
    if [ $# -gt 0 ]; then
        run "$1" &
        second=$!
        shift
    fi
    wait "$first" || status=1
    [ -z "$second" ] || wait "$second" || status=1
done
exit "$status"
