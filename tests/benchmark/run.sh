#!/bin/sh
# The engine against the bare loop: builds the benchmark, optimised, and runs it.
#
#     sh tests/benchmark/run.sh                      # the whole table, about two minutes
#     sh tests/benchmark/run.sh --quick              # fewer repetitions, fewer customers
#     sh tests/benchmark/run.sh --row open_1k        # one row; --help names them
#     sh tests/benchmark/run.sh --micro              # the parts of the path, by Google Benchmark
#     sh tests/benchmark/run.sh --shards             # one thread and two, over every store; --shards --quick
#     sh tests/benchmark/run.sh --sqlite           # the SQLite store against hand-written SQL, durable; --sqlite --quick
#     sh tests/benchmark/run.sh --postgres         # the PostgreSQL store against functions in the server; --postgres --quick
#     sh tests/benchmark/run.sh --large memory     # ten million entitlements, or so many as one asks for, opened, used and audited
#     sh tests/benchmark/run.sh --large sqlite     # a million in a file
#     sh tests/benchmark/run.sh --instructions     # those of fixed work, against instructions.txt; --instructions --update
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/build/benchmark

# The server, and what talks to it, only where they are asked for.
if [ "${1-}" = --postgres ]; then
    purposes="core postgres tests" postgres=ON targets=entitle_postgres_benchmark
elif [ "${1-}" = --shards ]; then
    purposes="core sqlite postgres tests" postgres=ON targets=entitle_shards_benchmark
elif [ "${1-}" = --instructions ]; then
    purposes="core sqlite tests instructions" postgres=OFF targets=entitle_counted
else
    purposes="core sqlite tests" postgres=OFF targets="entitle_benchmark entitle_large_benchmark entitle_sqlite_benchmark"
fi
sh "$root/cmake/packages.sh" build $purposes
mkdir -p "$build"
{
    cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DENTITLE_BUILD_TESTS=OFF -DENTITLE_POSTGRES=$postgres -DENTITLE_BUILD_EXAMPLES=OFF -DENTITLE_BUILD_BENCHMARKS=ON &&
    cmake --build "$build" --target $targets
} >"$build/log" 2>&1 || { cat "$build/log" >&2; exit 1; }

if [ "${1-}" = --sqlite ]; then
    shift
    exec "$build/bin/entitle_sqlite_benchmark" "$@"
fi
if [ "${1-}" = --shards ]; then
    shift
    exec "$build/bin/entitle_shards_benchmark" "$@"
fi
if [ "${1-}" = --postgres ]; then
    shift
    exec "$build/bin/entitle_postgres_benchmark" "$@"
fi
if [ "${1-}" = --instructions ]; then
    shift
    exec python3 "$root/tests/benchmark/instructions.py" "$build/bin/entitle_counted" "$root/tests/benchmark/instructions.txt" "$@"
fi
if [ "${1-}" = --large ]; then
    shift
    exec "$build/bin/entitle_large_benchmark" "$@"
fi
exec "$build/bin/entitle_benchmark" "$@"
