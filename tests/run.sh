#!/bin/sh
# Builds everything and runs every test. Arguments go to ctest: sh tests/run.sh -L unit
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build/tests

sh "$root/cmake/packages.sh" build core sqlite postgres program tests
# Several files at a time as one: the engine's own code is most of what each test compiles. Optimised as hosts do,
# without what a debugger would want, which costs a third of the time.
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" \
    -DCMAKE_UNITY_BUILD=ON
cmake --build "$build"
cd "$build"
exec ctest --output-on-failure --no-tests=error -j "$(nproc)" "$@"
