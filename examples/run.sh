#!/bin/sh
# Builds the examples and runs them: the demonstration, a replay of a plan and its events into a desk, the statement and
# the report that the desk then gives, embed, and shards.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build/examples

sh "$root/cmake/packages.sh" build core sqlite program
mkdir -p "$build"
{
    cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_UNITY_BUILD=ON \
        -DENTITLE_BUILD_TESTS=OFF -DENTITLE_POSTGRES=OFF -DENTITLE_BUILD_BENCHMARKS=OFF \
        -DENTITLE_WARNINGS_AS_ERRORS=OFF && # what a compiler suspects at -O3 is no reason to stop here
    cmake --build "$build"
} >"$build/log" 2>&1 || { cat "$build/log" >&2; exit 1; }

cd "$build/bin"
./entitle demo
echo
./embed
echo
./shards
echo
rm -f "$build"/desk.db*
./entitle replay "$root/examples/data/plan.json" "$root/examples/data/events.csv" --store "$build/desk.db"
echo
export ENTITLE_STORE="$build/desk.db" ENTITLE_AT=2025-03-31T00:00:00Z
./entitle statement lumen-hours
echo
./entitle report --html "$build/report.html" --csv "$build/report.csv"
