#!/bin/sh
# packages.sh <purpose>...: installs the Debian packages that are missing for build, core, sqlite, postgres, redis,
# program, tests, browser, tools, mutation, instructions. Says nothing when all are there. Without root or sudo: names
# them, and stops.
set -eu

for purpose; do
    case $purpose in
        build) packages="g++ cmake ninja-build" ;;
        core) packages="libfmt-dev libhowardhinnant-date-dev libexpected-dev tzdata" ;;
        sqlite) packages="libsqlite3-dev sqlite3" ;;
        postgres) packages="libpq-dev postgresql" ;;
        redis) packages="redis-server libhiredis-dev" ;;
        program) packages="nlohmann-json3-dev libcli11-dev" ;;
        browser) packages="chromium" ;;
        tests) packages="libgtest-dev libgmock-dev libbenchmark-dev" ;;
        tools) packages="git clang clang-format clang-tidy libclang-rt-dev llvm python3" ;;
        mutation) packages="clang python3" ;;
        instructions) packages="valgrind python3" ;;
        *) echo "packages.sh: unknown purpose '$purpose'" >&2; exit 2 ;;
    esac
    wanted="${wanted-} $packages"
done

# Elsewhere than on Debian and its children CMake says what it does not find, or fetches it.
command -v dpkg-query >/dev/null || exit 0

missing=
for package in ${wanted-}; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || status=
    case $status in
        installed*) ;;
        *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null; then
    as_root=sudo
else
    echo "missing packages:$missing" >&2
    exit 1
fi

install() {
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $missing </dev/null
}

echo "installing:$missing" >&2
# The lists of packages may be missing or old: then once more, with new ones.
if ! output=$(install 2>&1) && ! output=$($as_root apt-get update -qq 2>&1 && install 2>&1); then
    printf '%s\n' "$output" >&2
    echo "missing packages:$missing" >&2
    exit 1
fi
