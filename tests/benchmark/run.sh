#!/bin/sh
# The engine against the bare loop: builds the benchmark, optimised, and runs it.
#
#     sh tests/benchmark/run.sh                      # the whole table, about two minutes
#     sh tests/benchmark/run.sh --quick              # fewer repetitions, fewer customers
#     sh tests/benchmark/run.sh --row open_1k        # one row; --help names them
#     sh tests/benchmark/run.sh --micro              # the parts of the path, by Google Benchmark
#     sh tests/benchmark/run.sh --sqlite           # the SQLite store against hand-written SQL, durable; --sqlite --quick
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/build/benchmark

sh "$root/cmake/packages.sh" build core sqlite tests
mkdir -p "$build"
{
    cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DENTITLE_BUILD_TESTS=OFF -DENTITLE_POSTGRES=OFF -DENTITLE_BUILD_EXAMPLES=OFF -DENTITLE_BUILD_BENCHMARKS=ON &&
    cmake --build "$build" --target entitle_benchmark entitle_sqlite_benchmark
} >"$build/log" 2>&1 || { cat "$build/log" >&2; exit 1; }

if [ "${1-}" = --sqlite ]; then
    shift
    exec "$build/bin/entitle_sqlite_benchmark" "$@"
fi
exec "$build/bin/entitle_benchmark" "$@"
