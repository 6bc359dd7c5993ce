#!/usr/bin/env python3
"""Which branches of the rules, the ledger and the stores the tests take:
report.py <llvm-cov export> <root> <unreached.txt> [least percent]

A branch has two sides: that its condition holds, and that it does not. A side that no test takes must stand in
unreached.txt with its reason; a line there that some test takes by now is told as stale. Sides of an assert, and those
that the compiler knows, are none.
"""
import collections
import json
import pathlib
import sys

PARTS = {
    "rule": ["include/entitle/rule/"],
    "ledger": ["include/entitle/ledger/"],
    "store: memory": ["include/entitle/store/"],
    "store: shared by SQLite and PostgreSQL": ["src/store/"],
    "store: SQLite": ["src/sqlite/"],
    "store: PostgreSQL": ["src/postgres/"],
}
LEAST = 95.0  # percent of the sides of each part; of a build that had less time for faults, less is wanted


def part_of(path):
    return next((part for part, folders in PARTS.items() if any(path.startswith(f) for f in folders)), None)


def sides_of(export, root):
    """{path: {(line, column, side): times}}; what is compiled more than once, or as a template, is added up."""
    taken = collections.defaultdict(lambda: collections.defaultdict(int))
    for file in export["data"][0]["files"]:
        path = file["filename"].removeprefix(str(root) + "/")
        if part_of(path) is None:
            continue
        for line, column, end_line, end_column, holds, fails, *_ in file["branches"]:
            where = (line, column, end_line, end_column)
            taken[path][where + (True,)] += holds
            taken[path][where + (False,)] += fails
    return taken


class Source:
    def __init__(self, root, path):
        self.lines = (root / path).read_text(encoding="utf-8").splitlines()

    def condition(self, line, column, end_line, end_column):
        if line == end_line:
            return self.lines[line - 1][column - 1 : end_column - 1]
        text = [self.lines[line - 1][column - 1 :], *self.lines[line : end_line - 1], self.lines[end_line - 1][: end_column - 1]]
        return " ".join(part.strip() for part in text)

    def is_defaulted(self, line):
        return "operator" in self.lines[line - 1] and self.lines[line - 1].rstrip().endswith("= default;")

    def is_assert(self, line):
        while line > 1 and not self.lines[line - 1].strip().startswith("assert("):
            if self.lines[line - 2].rstrip().endswith((";", "{", "}", ":")):
                return False
            line -= 1
        return self.lines[line - 1].strip().startswith("assert(")


def read_reasons(path):
    """{(path, condition, side): reason}: a line of its own is a reason, those below it that are indented its sides."""
    reasons = {}
    reason = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            reason = line.strip()
            continue
        fields = line.strip().split(" | ")
        if len(fields) != 3 or fields[1] not in ("never", "always"):
            sys.exit(f"{path}:{number}: not as `file | never or always | condition`")
        reasons[(fields[0], fields[2], fields[1] == "never")] = reason
    return reasons


def main():
    export_path, root, reasons_path = (pathlib.Path(arg) for arg in sys.argv[1:4])
    root = root.resolve()
    least = float(sys.argv[4]) if len(sys.argv) > 4 else LEAST
    reasons = read_reasons(reasons_path)
    total, reached, explained = (collections.Counter() for _ in range(3))
    unexplained, used = [], set()
    for path, sides in sorted(sides_of(json.loads(export_path.read_text()), root).items()):
        source, part = Source(root, path), part_of(path)
        for (*where, side), times in sorted(sides.items()):
            if source.is_assert(where[0]) or source.is_defaulted(where[0]):
                continue
            total[part] += 1
            if times > 0:
                reached[part] += 1
                continue
            key = (path, source.condition(*where), side)
            if key in reasons:
                explained[part] += 1
                used.add(key)
            else:
                unexplained.append((where[0], *key))
    is_whole = least >= LEAST
    missed = is_whole and tell_sides(unexplained, set(reasons) - used)
    return max(tell(total, reached, explained, least), missed)


def tell_sides(unexplained, stale):
    for line, path, condition, side in unexplained:
        print(f"{path}:{line}: {'never' if side else 'always'} holds, and nobody says why: {condition}")
    for path, condition, side in sorted(stale):
        print(f"{path} | {'never' if side else 'always'} | {condition}: is reached, or is there no more: take it off the list")
    return int(bool(unexplained or stale))


def tell(total, reached, explained, least):
    status = 0
    print("| part | sides of branches | taken | explained |\n| --- | --- | --- | --- |")
    for part in PARTS:
        percent = 100.0 * reached[part] / max(total[part], 1)
        print(f"| {part} | {total[part]} | {percent:.1f} % | {explained[part]} |")
        if percent < least:
            print(f"{part}: less than {least} % of its branches are taken")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
