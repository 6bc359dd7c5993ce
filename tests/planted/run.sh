#!/bin/sh
# Plants each bug of bugs.txt in a copy of the project, and looks whether the check that is there for it fails:
#     sh tests/planted/run.sh [words of its name]      # half an hour for all
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
sh "$root/cmake/packages.sh" build core sqlite postgres program tests tools
exec python3 "$root/tests/planted/plant.py" "$root" "$@"
