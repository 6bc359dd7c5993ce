#!/bin/sh
# Whether the tests would notice if a rule were another: changes each operator, condition, number and statement of
# include/entitle/rule, one at a time, and runs the tests that come by it.
#     sh tests/mutation/run.sh                    all of them: an hour or so, the build some six minutes of it
#     sh tests/mutation/run.sh 100 199            those with these numbers (build/mutation/mutants.json)
#     sh tests/mutation/run.sh --sample 60        so many, chosen by --seed (1)
#     sh tests/mutation/run.sh --sample 60 --quick    by tests of single rules only: three minutes
# --jobs <n> runs n tests at a time (1). An interrupted pass goes on; results are in build/mutation/results.csv.
# Fails where a mutant lives that tests/mutation/survivors.txt does not explain.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
output=$root/build/mutation
mkdir -p "$output"

targets="entitle_test_unit entitle_test_unit_allocation entitle_test_unit_out_of_memory entitle_test_conformance"
optimise=-O1
case " $* " in
    *" --quick "*) optimise=-O0 ;;
    *) targets="$targets entitle_test_property entitle_hunt" ;;
esac

sh "$root/cmake/packages.sh" build core sqlite postgres tests mutation
python3 "$root/tests/mutation/mutate.py" "$root/include" "$output"
# Quoted includes look into the mutated headers first. Several files at a time as one, as tests/run.sh does.
{
    cmake -S "$root" -B "$output/build" -G Ninja -DCMAKE_BUILD_TYPE= -DCMAKE_UNITY_BUILD=ON \
        -DENTITLE_BUILD_EXAMPLES=OFF -DENTITLE_BUILD_BENCHMARKS=OFF \
        -DCMAKE_CXX_FLAGS="$optimise -w -iquote '$output/include' -I '$root/tests'" &&
        cmake --build "$output/build" --target $targets
} >"$output/build.log" 2>&1 || { tail -n 50 "$output/build.log" >&2; exit 1; }
exec python3 "$root/tests/mutation/judge.py" "$output" "$root/tests/mutation/survivors.txt" "$@"
