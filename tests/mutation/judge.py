"""Runs the tests against each mutant of a build that holds them all, until one fails.

    python3 judge.py <output folder> <survivors.txt> [first] [last] [--sample <n> [--seed <n>]] [--jobs <n>] [--quick]
    python3 judge.py <output folder> <survivors.txt> --open          # the numbers of those that lived, for hunt.cpp
    python3 judge.py <output folder> <survivors.txt> --by-histories  # the names of those that random histories told

The output folder holds mutants.json and build/bin. Once for each build every test runs by itself and tells which
mutants it comes by; a mutant then meets only those tests, the quickest first. What became of each mutant is kept in
results.csv, so that a pass that was interrupted goes on. Fails where a mutant survives, or is not reached, that
survivors.txt does not explain. --quick asks no random histories; what only they tell stands in by_histories.txt.
"""

import argparse
import concurrent.futures
import csv
import hashlib
import json
import os
import pathlib
import random
import resource
import subprocess
import sys
import time

# Tests that need no server and little time, each with how many random histories: some of all, and more of those that
# are quick to tell.
RUNS = (
    ("test_unit", "*", "1"),
    ("test_unit_allocation", "*", "1"),
    ("test_unit_out_of_memory", "*", "1"),
    ("test_conformance", "-Limits.entitlements_of_a_customer", "1"),  # half a minute; a rule's own test tells it at once
    ("test_property", "-*ostgres*:Exhaustive.*:Generator.*:Plans.*", "0.03"),
    ("test_property", "Plans.*", "0.3"),
)
HISTORIES = "test_property"
MEMORY = 4 << 30  # bytes of addresses: a mutant must not eat the machine
BUDGETS = (0.05, 0.5, 5.0)  # seconds of tests that run before the next, slower ones are begun


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(program, arguments, scale, seconds, **environment):
    """Its status and seconds; None: it did not end in time."""
    began = time.monotonic()
    try:
        done = subprocess.run(
            [program, *arguments],
            env={**os.environ, "ENTITLE_TEST_SCALE": scale, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            preexec_fn=limited,
        )
        return done.returncode, time.monotonic() - began
    except subprocess.TimeoutExpired:
        return None, time.monotonic() - began


def fingerprint(paths, besides=""):
    digest = hashlib.sha256(besides.encode())
    for path in sorted(paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class Tests:
    """Every test: what it reaches, and how long it takes."""

    def __init__(self, output, runs):
        self.bin = output / "build/bin"
        self.runs = runs
        self.built = fingerprint({self.bin / program for program, _, _ in runs}, str(runs))
        kept = output / "reached.json"
        if kept.exists() and (known := json.loads(kept.read_text()))["built"] == self.built:
            self.all = known["tests"]
        else:
            self.all = self.recorded(output / "recorded")
            kept.write_text(json.dumps({"built": self.built, "tests": self.all}))
        self.by_mutant = {}
        for test in sorted(self.all, key=lambda one: one["seconds"]):
            for mutant in test["reached"]:
                self.by_mutant.setdefault(mutant, []).append(test)

    def recorded(self, file):
        tests = []
        for program, chosen, scale in self.runs:
            for name in self.names(program, chosen):
                one = [f"--gtest_filter={name}"]
                status, seconds = run(self.bin / program, one, scale, 600, ENTITLE_MUTANT_RECORD=str(file))
                if status != 0:
                    sys.exit(f"{program} fails without any mutant: {name}")
                reached = [int(line) for line in file.read_text().split()]
                test = {"program": program, "scale": scale, "name": name}
                tests.append(test | {"seconds": seconds, "reached": reached})
        return tests

    def names(self, program, chosen):
        listing = [self.bin / program, "--gtest_list_tests", f"--gtest_filter={chosen}"]
        suite = ""
        for line in subprocess.run(listing, capture_output=True, text=True, check=True).stdout.splitlines():
            name = line.split("#")[0].rstrip()
            if not name.startswith(" "):
                suite = name
            elif "DISABLED_" not in suite + name:
                yield suite + name.strip()

    def rounds(self, mutant):
        """Lists of tests of one run each, the quickest first, each list to be run at once."""
        waiting = list(self.by_mutant.get(mutant, []))
        for budget in (*BUDGETS, float("inf")):
            chosen = {}
            while waiting and (budget := budget - waiting[0]["seconds"]) > 0:
                test = waiting.pop(0)
                chosen.setdefault((test["program"], test["scale"]), []).append(test)
            yield from chosen.values()


def judged(tests, mutant):
    """killed, survived or unreached; and which program said so."""
    reached = False
    for together in tests.rounds(mutant):
        reached = True
        program = together[0]["program"]
        usual = sum(test["seconds"] for test in together)
        names = ":".join(test["name"] for test in together)
        status, _ = run(
            tests.bin / program,
            [f"--gtest_filter={names}", "--gtest_fail_fast", "--gtest_brief=1"],
            together[0]["scale"],
            3 + 5 * usual,
            ENTITLE_MUTANT=str(mutant),
        )
        if status != 0:
            how = "" if status == 1 else " (no end)" if status is None else " (crash)"
            return "killed", program + how
    return ("survived" if reached else "unreached"), ""


class Results:
    """What became of the mutants, by name. Of other rules nothing is known; of other tests, what they killed."""

    def __init__(self, output, built):
        self.path = output / "results.csv"
        self.of = [fingerprint((output / "include").rglob("*.hpp")), built]
        self.all = {}
        if self.path.exists():
            self.read()
        self.write()

    def read(self):
        with self.path.open(newline="") as file:
            rows = csv.reader(file)
            rules, tests = next(rows)
            for name, result, by in rows:
                if rules == self.of[0] and (tests == self.of[1] or result == "killed"):
                    self.all[name] = (result, by)

    def write(self):
        with self.path.open("w", newline="") as file:
            csv.writer(file).writerows([self.of, *([name, *one] for name, one in self.all.items())])

    def add(self, name, result):
        self.all[name] = result
        with self.path.open("a", newline="") as file:
            csv.writer(file).writerow([name, *result])


def explained(path):
    """Names of mutants that nobody can tell from the rules, with why; or that no test does yet, `open`."""
    known = {}
    for line in path.read_text().splitlines() if path.exists() else []:
        if line and not line.startswith("#"):
            name, _, why = line.rpartition(" | ")
            known[name] = why
    return known


def judge_all(mutants, tests, results, jobs):
    waiting = [mutant for mutant in mutants if mutant["name"] not in results.all]
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        found = pool.map(lambda mutant: judged(tests, mutant["number"]), waiting)
        for done, (mutant, result) in enumerate(zip(waiting, found), 1):
            results.add(mutant["name"], result)
            if done % 100 == 0:
                print(f"{done} of {len(waiting)} in {time.monotonic() - began:.0f} s", flush=True)


def by_histories(path):
    return {line: "random histories tell it" for line in path.read_text().splitlines() if line and not line.startswith("#")}


def report(mutants, results, known, whole):
    """Says what became of them; whether all is explained."""
    counts = {}
    for mutant in mutants:
        result, by = results.all[mutant["name"]]
        counts[result, by] = counts.get((result, by), 0) + 1
    print(f"{len(mutants)} mutants")
    for (result, by), count in sorted(counts.items()):
        print(f"{count:6} {result}{' by ' if by else ''}{by}")
    alive = [mutant for mutant in mutants if results.all[mutant["name"]][0] != "killed"]
    open_ones = [mutant for mutant in alive if mutant["name"] not in known]
    to_do = sum(known.get(mutant["name"]) == "open" for mutant in alive)
    print(f"{len(alive) - len(open_ones) - to_do:6} of these are explained")
    print(f"{to_do:6} are listed as open: no test tells them yet")
    for mutant in open_ones:
        print(f"NOT KILLED rule/{mutant['file']}:{mutant['line']}: {mutant['name']}")
    judged_names = {mutant["name"] for mutant in mutants}
    lost = [name for name in known if name not in judged_names] if whole else []
    killed = [name for name in known if results.all.get(name, ("",))[0] == "killed"]
    for name in (*lost, *killed):
        print(f"STALE {'it is killed' if name in killed else 'there is none'}: {name}")
    return not open_ones


def print_by_histories(mutants, results):
    for mutant in mutants:
        result, by = results.all.get(mutant["name"], ("", ""))
        if result == "killed" and by.startswith(HISTORIES):
            print(mutant["name"])


def print_open(mutants, results, known):
    for mutant in mutants:
        result, _ = results.all.get(mutant["name"], ("", ""))
        if result in ("survived", "unreached") and mutant["name"] not in known:
            print(mutant["number"])


def chosen(mutants, arguments):
    if arguments.sample:
        return random.Random(arguments.seed).sample(mutants, min(arguments.sample, len(mutants)))
    last = len(mutants) - 1 if arguments.last is None else arguments.last
    return mutants[arguments.first : last + 1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("survivors", type=pathlib.Path)
    parser.add_argument("first", type=int, nargs="?", default=0)
    parser.add_argument("last", type=int, nargs="?")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--open", action="store_true")
    parser.add_argument("--by-histories", action="store_true")
    arguments = parser.parse_args()
    mutants = json.loads((arguments.output / "mutants.json").read_text())
    some = chosen(mutants, arguments)
    tests = Tests(arguments.output, [one for one in RUNS if not (arguments.quick and one[0] == HISTORIES)])
    results = Results(arguments.output, tests.built)
    known = explained(arguments.survivors)
    if arguments.open:
        print_open(mutants, results, known)
        return
    if arguments.by_histories:
        print_by_histories(mutants, results)
        return
    if arguments.quick:
        known = by_histories(arguments.survivors.with_name("by_histories.txt")) | known
    judge_all(some, tests, results, arguments.jobs)
    whole = len(some) == len(mutants)
    sys.exit(0 if report(some, results, known, whole) else 1)


if __name__ == "__main__":
    main()
