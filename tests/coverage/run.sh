#!/bin/sh
# Every test under the address and undefined behaviour sanitizers, and which branches of the rules, the ledger and the
# stores they take: of each part 95 in a hundred sides, and of the others unreached.txt says why.
#     sh tests/coverage/run.sh              an hour or so
#     sh tests/coverage/run.sh --quick      a tenth of the random histories, and faults at few moments: 80 in a hundred
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
export LLVM_PROFILE_FILE="$counts/%m.profraw"
if [ "${1-}" = --quick ]; then
    least=80
    # What compiles, and how it is installed, is no branch of anything.
    ENTITLE_TEST_SCALE=0.1 ctest --preset coverage -j "$(nproc)" -LE 'compile|install'
else
    least=95
    ctest --preset coverage -j "$(nproc)"
    # Faults at each moment, and of many ledgers each entry changed: more than any other build has time for.
    for tests in SqliteDay.* PostgresDay.* Faults.* Memory.* PostgresMemory.* CorruptRows.*; do
        ENTITLE_TEST_SCALE=100 "$build/bin/test_store" --gtest_filter="$tests" --gtest_brief=1
    done
    ENTITLE_TEST_SCALE=20 "$build/bin/test_property" --gtest_filter='Tampering.*' --gtest_brief=1
fi
unset LLVM_PROFILE_FILE

objects=
for program in "$build"/bin/test_* "$build"/bin/fuzz_*; do
    objects="$objects -object $program"
done
# A run that was killed on purpose may have left half a file.
llvm-profdata merge --failure-mode=all -sparse "$counts"/*.profraw -o "$counts/all.profdata"
# shellcheck disable=SC2086
llvm-cov export $objects -instr-profile="$counts/all.profdata" -skip-functions -skip-expansions \
    -ignore-filename-regex='/(tests|examples)/|^/usr/' >"$counts/all.json"
python3 "$root/tests/coverage/report.py" "$counts/all.json" "$root" "$root/tests/coverage/unreached.txt" "$least"
