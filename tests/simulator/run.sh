#!/bin/sh
# The simulator for hours: sh tests/simulator/run.sh --store postgres --minutes 120 (see --help)
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/build/tests

sh "$root/cmake/packages.sh" build core sqlite postgres program tests
{
    cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" \
        -DCMAKE_UNITY_BUILD=ON &&
        cmake --build "$build" --target entitle_simulate
} >"$root/build/simulator.log" 2>&1 || { cat "$root/build/simulator.log" >&2; exit 1; }
exec "$build/bin/entitle_simulate" "$@"
