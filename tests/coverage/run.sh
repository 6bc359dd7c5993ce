#!/bin/sh
# Every test under the address and undefined behaviour sanitizers, and which branches of the rules, the ledger and the
# stores they take. Arguments go to ctest: sh tests/coverage/run.sh -L conformance (then most branches are not taken).
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/build/coverage
counts=$root/build/coverage/counts

sh "$root/cmake/packages.sh" build core sqlite postgres program tests tools
cd "$root"
cmake --preset coverage
cmake --build --preset coverage -j "$(nproc)"
rm -rf "$counts"
mkdir -p "$counts"
# One file for each program, into which all of its runs are added.
LLVM_PROFILE_FILE=$counts/%m.profraw ctest --preset coverage -j "$(nproc)" "$@"

objects=
for program in "$build"/bin/test_* "$build"/bin/fuzz_*; do
    objects="$objects -object $program"
done
# A run that was killed on purpose may have left half a file.
llvm-profdata merge --failure-mode=all -sparse "$counts"/*.profraw -o "$counts/all.profdata"
# shellcheck disable=SC2086
llvm-cov export $objects -instr-profile="$counts/all.profdata" -skip-functions -skip-expansions \
    -ignore-filename-regex='/(tests|examples)/|^/usr/' >"$counts/all.json"
python3 "$root/tests/coverage/report.py" "$counts/all.json" "$root" "$root/tests/coverage/unreached.txt"
