#!/bin/sh
# How long a file takes to compile that only includes the engine, at -O0, beside one with fmt/format.h and date/tz.h:
# processor time, in turns, medians of 5.
#
#     sh tests/benchmark/include_time.sh BUILD    # a folder that CMake has made with the benchmarks: whose compiler,
#                                                 # and which headers
set -eu
build=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

# From `"command": "c++ -DX -I… -isystem … -o … -c …/benchmark.cpp"`: the compiler, and where the headers are.
compile=$(sed -n 's/^ *"command": "\(.*\)",\{0,1\}$/\1/p' "$build/compile_commands.json" |
    grep -- '-c [^ ]*/tests/benchmark/benchmark\.cpp$' |
    awk '{
        printf "%s", $1
        for (i = 2; i <= NF; ++i) {
            if ($i == "-isystem") printf " %s %s", $i, $(i + 1)
            else if ($i ~ /^-[ID]/) printf " %s", $i
        }
    }')
[ -n "$compile" ] || { echo "include_time.sh: no benchmark.cpp in $build/compile_commands.json" >&2; exit 1; }

printf '#include <entitle/entitle.hpp>\n' >"$scratch/engine.cpp"
printf '#include <date/tz.h>\n#include <fmt/format.h>\n' >"$scratch/scale.cpp"

median() { sort -n "$1" | sed -n "$2p"; }

# `times` says, in its last line, what the shell's children have worked so far: 1m2.345s 0m0.678s
for turn in 0 1 2 3 4 5; do
    for file in engine scale; do
        times >"$scratch/before"
        $compile -std=c++20 -O0 -c -o "$scratch/$file.o" "$scratch/$file.cpp"
        times >"$scratch/after"
        [ $turn -eq 0 ] && continue # what it read is in memory now
        tail -qn 1 "$scratch/before" "$scratch/after" | awk '
            { split($1, own, /[ms]/); split($2, kernel, /[ms]/)
              at[NR] = 60 * (own[1] + kernel[1]) + own[2] + kernel[2] }
            END { printf "%.3f\n", at[2] - at[1] }' >>"$scratch/$file"
    done
done

engine=$(median "$scratch/engine" 3)
scale=$(median "$scratch/scale" 3)
echo "#include <entitle/entitle.hpp> at -O0: $engine s; fmt/format.h and date/tz.h: $scale s"
[ -z "${ENTITLE_BENCHMARK_TABLE-}" ] ||
    printf 'include;`#include <entitle/entitle.hpp>` at -O0 (`fmt/format.h` and `date/tz.h`: %s s);%s;s;%s;%s;1.5;<=\n' \
        "$scale" "$engine" "$(median "$scratch/engine" 2)" "$(median "$scratch/engine" 4)" >>"$ENTITLE_BENCHMARK_TABLE"
