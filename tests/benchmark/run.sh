#!/bin/sh
# Builds a benchmark, optimised, and runs it; what it needs is installed, and the servers are its own.
#
#     sh tests/benchmark/run.sh --all              # everything that has a goal, and one table of them at the end; --all --quick
#     sh tests/benchmark/run.sh                    # the engine against the bare loop, about two minutes
#     sh tests/benchmark/run.sh --quick            # fewer repetitions, fewer customers
#     sh tests/benchmark/run.sh --row open_1k      # one row; --help names them
#     sh tests/benchmark/run.sh --micro            # the parts of the path, by Google Benchmark
#     sh tests/benchmark/run.sh --sqlite           # the SQLite store against hand-written SQL, durable; --sqlite --quick
#     sh tests/benchmark/run.sh --postgres         # the PostgreSQL store against functions in the server; --postgres --quick
#     sh tests/benchmark/run.sh --redis            # the memory store against a script in a Redis server; --redis --quick
#     sh tests/benchmark/run.sh --include          # how long it takes to compile the header alone
#     sh tests/benchmark/run.sh --shards           # one thread and two, over every store; --shards --quick
#     sh tests/benchmark/run.sh --large memory     # ten million entitlements, or so many as one asks for, opened, used and audited
#     sh tests/benchmark/run.sh --large sqlite     # a million in a file
#     sh tests/benchmark/run.sh --growth           # what a command costs as the desk grows; --growth --quick --svg FILE
#     sh tests/benchmark/run.sh --instructions     # those of fixed work, against instructions.txt; --instructions --update
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/build/benchmark
bin=$build/bin

case $* in
    --all | "--all --quick") ;;
    --all*) echo "run.sh: --all takes nothing but --quick" >&2; exit 2 ;;
esac

# The servers, and what talks to them, only where they are asked for.
purposes="core tests" sqlite=ON postgres=OFF
case ${1-} in
    --all) purposes="core sqlite postgres redis tests" postgres=ON
           targets="entitle_benchmark entitle_sqlite_benchmark entitle_postgres_benchmark entitle_redis_benchmark" ;;
    --sqlite) purposes="core sqlite tests" targets=entitle_sqlite_benchmark ;;
    --postgres) purposes="core postgres tests" sqlite=OFF postgres=ON targets=entitle_postgres_benchmark ;;
    --redis) purposes="core redis tests" sqlite=OFF targets=entitle_redis_benchmark ;;
    --shards) purposes="core sqlite postgres tests" postgres=ON targets=entitle_shards_benchmark ;;
    --large) purposes="core sqlite tests" targets=entitle_large_benchmark ;;
    --include) sqlite=OFF targets= ;;
    --growth) sqlite=OFF targets=entitle_growth_benchmark ;;
    --instructions) purposes="core tests instructions" sqlite=OFF targets=entitle_counted ;;
    *) sqlite=OFF targets=entitle_benchmark ;;
esac
sh "$root/cmake/packages.sh" build $purposes
mkdir -p "$build"
{
    cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DENTITLE_BUILD_TESTS=OFF \
        -DENTITLE_SQLITE=$sqlite -DENTITLE_POSTGRES=$postgres -DENTITLE_BUILD_EXAMPLES=OFF -DENTITLE_BUILD_BENCHMARKS=ON &&
    { [ -z "$targets" ] || cmake --build "$build" --target $targets; }
} >"$build/log" 2>&1 || { cat "$build/log" >&2; exit 1; }

case ${1-} in
    --sqlite) shift; exec "$bin/entitle_sqlite_benchmark" "$@" ;;
    --postgres) shift; exec "$bin/entitle_postgres_benchmark" "$@" ;;
    --redis) shift; exec "$bin/entitle_redis_benchmark" "$@" ;;
    --shards) shift; exec "$bin/entitle_shards_benchmark" "$@" ;;
    --large) shift; exec "$bin/entitle_large_benchmark" "$@" ;;
    --instructions) shift; exec python3 "$root/tests/benchmark/instructions.py" "$bin/entitle_counted" \
        "$root/tests/benchmark/instructions.txt" "$@" ;;
    --growth) shift; exec "$bin/entitle_growth_benchmark" "$@" ;;
    --include) exec sh "$root/tests/benchmark/include_time.sh" "$build" ;;
    --all) shift ;;
    *) exec "$bin/entitle_benchmark" "$@" ;;
esac

# All: each prints its own, and leaves its rows in the file.
export ENTITLE_BENCHMARK_TABLE="$build/table"
: >"$ENTITLE_BENCHMARK_TABLE"
for target in $targets; do
    "$bin/$target" "$@"
    echo
done
sh "$root/tests/benchmark/include_time.sh" "$build"
printf '\nMeasured %s on %s processors%s; medians (and quartiles; of bytes, the least and the most).\n\n' \
    "$(date +%F)" "$(nproc)" "${1+, quick: fewer customers than the rows say, fewer repetitions}"
awk -f "$root/tests/benchmark/table.awk" "$ENTITLE_BENCHMARK_TABLE"
