"""Plants bugs and runs the checks that are to catch them: see run.sh."""
import dataclasses
import pathlib
import shutil
import subprocess
import sys


@dataclasses.dataclass
class Bug:
    name: str
    file: str = ""
    has: str = ""
    gets: str = ""
    checks: list = dataclasses.field(default_factory=list)


def read_bugs(path):
    """Fields as `name: text`; a line that is indented goes on with the one before it."""
    bugs, field = [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            field, _, text = line.partition(":")
        elif field in ("has", "gets"):
            setattr(bugs[-1], field, getattr(bugs[-1], field) + "\n" + line.strip())
            continue
        text = text.strip()
        if field == "bug":
            bugs.append(Bug(text))
        elif field == "check":
            program, _, tests = text.partition(" ")
            bugs[-1].checks.append((program, tests or "*"))
        else:
            setattr(bugs[-1], field, text)
    return bugs


def planted(text, bug):
    """The file with the bug; its lines are found however they are indented."""
    lines, wanted = text.split("\n"), bug.has.split("\n")
    places = [
        at
        for at in range(len(lines) - len(wanted) + 1)
        if all(part in line if len(wanted) == 1 else part == line.strip() for part, line in zip(wanted, lines[at:]))
    ]
    if len(places) != 1:
        sys.exit(f"{bug.name}: {bug.file} has it {len(places)} times: {bug.has}")
    at = places[0]
    if len(wanted) == 1:
        lines[at] = lines[at].replace(bug.has, bug.gets)
    else:
        lines[at : at + len(wanted)] = bug.gets.split("\n")
    return "\n".join(lines)


class Copy:
    """The project, elsewhere, where bugs do no harm."""

    def __init__(self, root):
        self.source = root / "build/planted/source"
        self.build = root / "build/planted/build"
        shutil.rmtree(self.source, ignore_errors=True)
        files = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=root, check=True, text=True, capture_output=True
        ).stdout.splitlines()
        for file in filter(lambda file: (root / file).is_file(), files):
            target = self.source / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / file, target)
        self.quietly(
            ["cmake", "-S", self.source, "-B", self.build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O1",
             "-DCMAKE_UNITY_BUILD=ON", "-DENTITLE_BUILD_BENCHMARKS=OFF", "-DENTITLE_WARNINGS_AS_ERRORS=OFF"]
        )

    @staticmethod
    def quietly(command):
        done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            sys.exit(done.stdout)

    def fails(self, program, tests):
        """The first test that fails, if one does. One that hangs has failed."""
        self.quietly(["cmake", "--build", self.build, "--target", f"entitle_test_{program}"])
        command = [self.build / f"bin/test_{program}", f"--gtest_filter={tests}", "--gtest_fail_fast", "--gtest_brief=1"]
        try:
            done = subprocess.run(command, text=True, errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
        except subprocess.TimeoutExpired:
            return "did not end"
        if done.returncode == 0:
            return None
        failed = [line for line in done.stdout.splitlines() if line.startswith("[  FAILED  ]") and "." in line]
        return failed[0].removeprefix("[  FAILED  ]").split("(")[0].split(", where")[0].strip() if failed else f"exit {done.returncode}"


def main():
    root = pathlib.Path(sys.argv[1])
    words = [word.lower() for word in sys.argv[2:]]
    bugs = [bug for bug in read_bugs(root / "tests/planted/bugs.txt") if all(word in bug.name.lower() for word in words)]
    copy = Copy(root)
    for program, tests in sorted({check for bug in bugs for check in bug.checks}):
        if failed := copy.fails(program, tests):
            sys.exit(f"{program} {tests}: fails without any bug: {failed}")
    escaped = 0
    print("| bug | caught by |\n| --- | --- |", flush=True)
    for bug in bugs:
        file = copy.source / bug.file
        sound = file.read_text(encoding="utf-8")
        file.write_text(planted(sound, bug), encoding="utf-8")
        for program, tests in bug.checks:
            failed = copy.fails(program, tests)
            print(f"| {bug.name} | {failed and f'{program}: {failed}' or f'NOTHING of {program} {tests}'} |", flush=True)
            escaped += failed is None
        file.write_text(sound, encoding="utf-8")
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main())
