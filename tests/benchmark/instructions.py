"""Counts the instructions of fixed work and compares them with those that are written down.

    instructions.py <program> <expected.txt> [--update]

Times are noise on a shared machine; these are the same from run to run. What takes more than the tolerance fails, and what
takes less, too: then the file is brought up to date, so that nothing of it is lost again unnoticed.
"""
import pathlib
import re
import subprocess
import sys

COMMANDS = 6_000  # once and twice as many: the difference is theirs, without what it takes to begin


def compiler():
    text = subprocess.run(["g++", "--version"], check=True, capture_output=True, text=True).stdout
    return "gcc " + text.splitlines()[0].split()[-1]


def instructions(program, workload, commands):
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", program, workload, str(commands)]
    ran = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"I +refs: +([\d,]+)", ran.stderr)
    if ran.returncode != 0 or not found:
        sys.exit(f"{workload}: not counted\n{ran.stderr}")
    return int(found[1].replace(",", ""))


def read(path):
    """`with: <compiler>`, `tolerance: <percent>`, and a line for each workload: its name and instructions a command."""
    fields = dict(line.split(": ", 1) for line in path.read_text(encoding="utf-8").splitlines() if ": " in line and line[0] != "#")
    built_with, tolerance = fields.pop("with"), float(fields.pop("tolerance").rstrip(" %"))
    return built_with, tolerance, {name: int(count) for name, count in fields.items()}


def written(path, counted, built_with):
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        name = line.split(": ", 1)[0]
        lines.append(f"{name}: {counted[name]}" if name in counted else f"with: {built_with}" if name == "with" else line)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    program, path = sys.argv[1], pathlib.Path(sys.argv[2])
    built_with, tolerance, expected = read(path)
    counted, status = {}, 0
    print("| work | instructions a command | written down | |\n| --- | --- | --- | --- |")
    for workload, was in expected.items():
        once, twice = (instructions(program, workload, times * COMMANDS) for times in (1, 2))
        counted[workload] = now = round((twice - once) / COMMANDS)
        change = 100 * (now - was) / max(was, 1)
        verdict = "" if abs(change) <= tolerance else "MORE" if change > 0 else "less: write it down"
        status |= verdict != ""
        print(f"| {workload} | {now} | {was} | {change:+.1f} % {verdict} |", flush=True)
    if "--update" in sys.argv[3:]:
        written(path, counted, compiler())
        return 0
    if compiler() != built_with:
        print(f"built with {compiler()}, written down with {built_with}: not compared")
        return 0
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
