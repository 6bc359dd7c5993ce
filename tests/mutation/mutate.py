"""Writes the rules' headers anew with every mutant in them, each asleep until the environment names it.

    python3 mutate.py <include folder> <output folder>

clang parses the headers; what it says of each expression (where it is, of what type) decides what can be changed
there. The output folder gets include/entitle/rule/*.hpp, which belong before the real ones in the search for quoted
includes, and mutants.json, a list: where each mutant is, and what it changes.

Every change is an insertion around what is written ("a < b" becomes "less(17, a, b)"), so mutants lie inside each
other without the text being doubled, and line numbers stay.
"""

import bisect
import json
import pathlib
import re
import subprocess
import sys

BYTES = "latin-1"  # clang counts bytes: a letter for each
NAMESPACE = "::entitle_mutation::"

COMPARISONS = {
    "<": ("less", "<="),
    "<=": ("less_equal", "<"),
    ">": ("greater", ">="),
    ">=": ("greater_equal", ">"),
    "==": ("equal", "!="),
    "!=": ("not_equal", "=="),
}
ARITHMETIC = {"+": ("plus", "-"), "-": ("minus", "+"), "*": ("times", "/"), "/": ("divided", "*")}
ASSIGNMENTS = {"+=": ("add", "-="), "-=": ("subtract", "+=")}
STEPS = {"++": ("up", "--"), "--": ("down", "++")}
LOGIC = {"&&": "||", "||": "&&"}

INTEGERS = re.compile(r"(const )?((unsigned |signed )?(char|short|int|long|long long)|unsigned)$")
# Dates and instants: a step to the other side has the same type.
TIMES = re.compile(r"time_point|duration|year_month_day$|date::months$")

INSTANTS = re.compile(r"time_point|_days|year_month")

# What is needed while compiling, or is not ours to change: nothing in it is mutated.
LEFT_ALONE = {
    "ConceptDecl",
    "ConstantExpr",
    "CXXDefaultArgExpr",
    "CXXDefaultInitExpr",
    "EnumConstantDecl",
    "FieldDecl",  # what a member is before anyone says: mostly nobody reads it
    "NonTypeTemplateParmDecl",
    "RequiresExpr",
    "StaticAssertDecl",
    "TemplateArgument",
    "UnaryExprOrTypeTraitExpr",
    "UserDefinedLiteral",
}
# Calls that make room or fetch ahead: how much changes no answer.
ONLY_SPEED = {"reserve", "__builtin_prefetch"}
# What stands between an expression and what it is for, without a text of its own.
WRAPPERS = {
    "CXXBindTemporaryExpr",
    "CXXConstructExpr",
    "ExprWithCleanups",
    "ImplicitCastExpr",
    "MaterializeTemporaryExpr",
}
STATEMENTS = {
    "BinaryOperator",
    "BreakStmt",
    "CallExpr",
    "CompoundAssignOperator",
    "ContinueStmt",
    "CXXMemberCallExpr",
    "CXXOperatorCallExpr",
    "UnaryOperator",
}
FUNCTIONS = {"CXXConstructorDecl", "CXXConversionDecl", "CXXMethodDecl", "FunctionDecl"}


class Node:
    """A node of clang's tree; begin and end are offsets into its file, which is None where macros are at work."""

    def __init__(self, raw, place):
        self.raw = raw
        self.kind = raw.get("kind", "")
        self.file, self.begin, self.end = place
        self.inner = []

    def type(self):
        of = self.raw.get("type", {})
        return of.get("desugaredQualType", of.get("qualType", ""))

    def core(self):
        """The expression without what clang has put around it."""
        node = self
        while node.kind in WRAPPERS and len(node.inner) == 1:
            node = node.inner[0]
        return node


class Tree:
    """clang's answer as nodes. It names a file only where that is not the file named last."""

    def __init__(self):
        self.file = None

    def node(self, raw):
        place = (None, 0, 0)
        if "loc" in raw:
            self.place(raw["loc"])
        if "range" in raw:
            begin = self.place(raw["range"].get("begin", {}))
            end = self.place(raw["range"].get("end", {}))
            if begin and end and begin[0] == end[0]:
                place = (begin[0], begin[1], end[1] + end[2])
        node = Node(raw, place)
        node.inner = [self.node(child) for child in raw.get("inner", [])]
        return node

    def place(self, raw):
        """File, offset and length of a token."""
        if "expansionLoc" in raw:
            self.place(raw["spellingLoc"])
            self.place(raw["expansionLoc"])
            return None
        self.file = raw.get("file", self.file)
        return (self.file, raw["offset"], raw.get("tokLen", 0)) if "offset" in raw else None


def parsed(include):
    """The declarations of the rules, as clang sees them."""
    headers = sorted((include / "entitle/rule").glob("*.hpp"))
    program = "".join(f'#include "{header}"\n' for header in headers)
    clang = ["clang++", "-std=c++20", "-fsyntax-only", f"-I{include}", "-x", "c++", "-"]
    dump = ["-Xclang", "-ast-dump=json", "-Xclang", "-ast-dump-filter=rule::"]
    text = subprocess.run(clang + dump, input=program, capture_output=True, text=True, check=True).stdout
    at = 0
    while (start := re.compile(r"\s*").match(text, at).end()) < len(text):
        raw, at = json.JSONDecoder().raw_decode(text, start)
        yield Tree().node(raw)


class Header:
    """One header: its text, its mutants, and the insertions that bring them in."""

    def __init__(self, path):
        self.path = path
        self.text = path.read_text(BYTES)
        self.lines = [match.start() for match in re.finditer("^", self.text, re.M)]
        self.mutants = []
        self.known = {}
        self.edits = []

    def line(self, offset):
        return bisect.bisect_right(self.lines, offset)

    def written(self, begin, end):
        """The text of a place, on one line."""
        text = self.text[begin:end].encode(BYTES).decode()
        return " ".join(re.sub(r"//[^\n]*", "", text).split())

    def put_before(self, offset, depth, text):
        self.edits.append((offset, 1, depth, offset, text))

    def put_after(self, offset, depth, text):
        self.edits.append((offset, 0, -depth, offset, text))

    def replace(self, begin, end, text):
        self.edits.append((begin, 2, 0, end, text))

    def mutated(self):
        """The text with all mutants; at one offset, what ends there, then what begins, the outermost first."""
        pieces, at = [], 0
        for begin, _, _, end, text in sorted(self.edits, key=lambda edit: edit[:3]):
            pieces += [self.text[at:begin], text]
            at = end
        whole = "".join(pieces) + self.text[at:]
        # on a line that is empty: the numbers of the lines stay
        return whole.replace("#pragma once\n\n", '#pragma once\n#include "mutation/mutant.hpp"\n', 1)


class Mutator:
    """Walks the tree and notes what can be changed. A template and what was made of it are one place."""

    def __init__(self, include):
        self.headers = {str(path): Header(path) for path in (include / "entitle/rule").glob("*.hpp")}
        self.mutants = []
        self.done = set()

    # Noting

    def mutant(self, header, where, at, change):
        number = len(self.mutants)
        self.mutants.append(
            {
                "number": number,
                "file": header.path.name,
                "line": header.line(at),
                "in": where,
                "change": change,
            }
        )
        return number

    def first_time(self, node, what):
        key = (node.file, node.begin, node.end, what)
        if key in self.done:
            return False
        self.done.add(key)
        return True

    def wrap(self, node, depth, before, after):
        header = self.headers[node.file]
        header.put_before(node.begin, depth, before)
        header.put_after(node.end, depth, after)

    # Walking

    def walk(self, node, where="", depth=0, use=""):
        """`use`: what the parent makes of it: a condition, a statement, cases, the type that a number becomes."""
        if self.is_left_alone(node):
            return
        where = self.name_within(node, where)
        if node.file in self.headers:
            self.mutate(node, where, depth, use)
        for child, child_use in self.children(node, use):
            self.walk(child, where, depth + 1, child_use)

    @staticmethod
    def is_left_alone(node):
        if node.kind in LEFT_ALONE:
            return True
        if node.kind == "VarDecl" and node.raw.get("constexpr"):
            return True
        if node.kind in ("CallExpr", "CXXMemberCallExpr") and Mutator.callee(node) in ONLY_SPEED:
            return True
        return "isImplicit" in node.raw and node.kind in FUNCTIONS

    @staticmethod
    def name_within(node, where):
        name = node.raw.get("name", "")
        if where.endswith("()"):  # what is in a function has its name
            return where
        if node.kind == "CXXRecordDecl" and name:
            return f"{where}{name}::"
        if node.kind in FUNCTIONS:
            return f"{where}{name}()"
        return where

    @staticmethod
    def children(node, use):
        """What is walked of a node, each with what it is used for."""
        inner = node.inner
        if node.kind == "IfStmt":
            if node.raw.get("isConstexpr"):
                return [(child, "statement") for child in inner[1:]]
            at = int(node.raw.get("hasInit", False)) + int(node.raw.get("hasVar", False))
            condition = "" if node.raw.get("hasVar") else "condition"
            return (
                [(child, "") for child in inner[:at]]
                + [(inner[at], condition)]
                + [(child, "statement") for child in inner[at + 1 :]]
            )
        if node.kind == "ConditionalOperator":
            return [(inner[0], "condition"), (inner[1], use), (inner[2], use)]
        if node.kind == "ForStmt":
            return [(inner[0], ""), (inner[2], "loop"), (inner[3], "step"), (inner[4], "statement")]
        if node.kind == "WhileStmt":
            return [(child, "") for child in inner[:-2]] + [(inner[-2], "loop"), (inner[-1], "statement")]
        if node.kind == "CXXForRangeStmt":  # the rest is clang's own
            return [(inner[1], ""), (inner[-1], "statement")]
        if node.kind == "SwitchStmt":
            return [(child, "") for child in inner[:-1]] + [(inner[-1], "cases")]
        if node.kind == "CompoundStmt" and use == "cases":  # a compiler warns where a case falls through
            return [(child, "" if child.kind == "BreakStmt" else "statement") for child in inner]
        if node.kind in ("CompoundStmt", "AttributedStmt"):
            return [(child, "statement") for child in inner]
        if node.kind in ("CaseStmt", "DefaultStmt"):
            return [(inner[-1], "" if inner[-1].kind == "BreakStmt" else "statement")]
        if node.kind == "CXXRewrittenBinaryOperator":
            return [(operand, "") for operand in Mutator.operands(node)]
        if node.kind == "ImplicitCastExpr" and node.raw.get("castKind") == "IntegralCast":
            return [(child, node.type()) for child in inner]
        if node.kind in WRAPPERS:
            return [(child, use) for child in inner]
        return [(child, "") for child in inner]

    # Changing

    def mutate(self, node, where, depth, use):
        if use in ("condition", "loop"):
            self.decide(node, where, depth, use)
        if use == "statement":
            self.leave_out(node, where, depth)
        if node.kind in ("BinaryOperator", "CXXOperatorCallExpr", "CXXRewrittenBinaryOperator"):
            self.operator(node, where, depth, use)
        elif node.kind == "CompoundAssignOperator":
            self.assignment(node, where, depth)
        elif node.kind == "UnaryOperator":
            self.unary(node, where, depth, use)
        elif node.kind == "CallExpr":
            self.extreme(node, where)
        elif node.kind == "CXXBoolLiteralExpr":
            self.truth(node, where, depth)
        elif node.kind == "IntegerLiteral":
            self.number(node, where, depth, use)

    def decide(self, node, where, depth, use):
        if node.kind in WRAPPERS and node.inner and node.inner[0].begin == node.begin:
            return  # its inside is asked, in the same use
        if not self.first_time(node, "decide"):
            return
        header = self.headers[node.file]
        text = header.written(node.begin, node.end)
        if use == "loop":  # one that is never left says nothing
            number = self.mutant(header, where, node.begin, f"while {text} → false")
            self.wrap(node, depth, f"{NAMESPACE}unless({number}, static_cast<bool>(", "))")
            return
        number = self.mutant(header, where, node.begin, f"if {text} → true")
        self.mutant(header, where, node.begin, f"if {text} → false")
        self.wrap(node, depth, f"{NAMESPACE}decide({number}, static_cast<bool>(", "))")

    def leave_out(self, node, where, depth):
        if node.core().kind not in STATEMENTS or not self.first_time(node, "leave out"):
            return
        header = self.headers[node.file]
        end = re.compile(r"\s*;").match(header.text, node.end)
        if end is None:
            return
        text = header.written(node.begin, node.end)
        number = self.mutant(header, where, node.begin, f"left out: {text}")
        header.put_before(node.begin, depth, f"{{ if (!{NAMESPACE}is({number})) {{ ")
        header.put_after(end.end(), depth, " } }")

    @staticmethod
    def operands(node):
        """Of an operator, in the order in which they are written."""
        if node.kind == "CXXRewrittenBinaryOperator":
            calls = [node]
            while calls:
                call = calls.pop()
                if call.kind == "CXXOperatorCallExpr" and Mutator.callee(call) in ("operator==", "operator<=>"):
                    return sorted(call.inner[1:], key=lambda one: one.begin)
                calls += call.inner
            return []
        first = 1 if node.kind == "CXXOperatorCallExpr" else 0
        return node.inner[first:]

    @staticmethod
    def callee(call):
        node = call.inner[0]
        while node.kind in WRAPPERS:
            node = node.inner[0]
        name = node.raw.get("referencedDecl", {}).get("name") or node.raw.get("name", "")
        return name or node.raw.get("member", "")

    def operator(self, node, where, depth, use):
        operands = self.operands(node)
        if len(operands) != 2 or any(one.file != node.file for one in operands):
            return
        left, right = operands
        header = self.headers[node.file]
        found = re.fullmatch(r"(\s*)(\S+)(\s*)", header.text[left.end : right.begin])
        if found is None:
            return
        begin, end, sign = left.end + found.start(2), left.end + found.end(2), found[2]
        if sign in LOGIC:
            self.logic(node, left, right, sign, where, depth)
        elif sign in COMPARISONS:
            if use == "condition" and sign in ("==", "!="):
                return  # true and false say it
            self.call(node, begin, end, sign, COMPARISONS[sign], where, depth)
        elif sign in ARITHMETIC and self.calculates(node, left, sign):
            self.call(node, begin, end, sign, ARITHMETIC[sign], where, depth)

    @staticmethod
    def calculates(node, left, sign):
        if INTEGERS.match(node.type()):
            return bool(INTEGERS.match(left.type()))
        if sign not in "+-" or not TIMES.search(node.type()):
            return False
        instants = [bool(INSTANTS.search(one.type())) for one in (node, left)]
        return instants[0] == instants[1]

    def call(self, node, begin, end, sign, change, where, depth):
        if not self.first_time(node, "operator"):
            return
        header = self.headers[node.file]
        name, instead = change
        before, after = header.written(node.begin, begin), header.written(end, node.end)
        number = self.mutant(
            header, where, begin, f"{before} {sign} {after} → {before} {instead} {after}"
        )
        self.wrap(node, depth, f"{NAMESPACE}{name}({number}, ", ")")
        header.replace(begin, end, ",")

    def logic(self, node, left, right, sign, where, depth):
        """a || b is !(!a && !b), and a and b stay where they are."""
        if not self.first_time(node, "operator"):
            return
        header = self.headers[node.file]
        before, after = header.written(left.begin, left.end), header.written(right.begin, right.end)
        change = f"{before} {sign} {after} → {before} {LOGIC[sign]} {after}"
        number = self.mutant(header, where, node.begin, change)
        lives = f"{NAMESPACE}is({number})"
        self.wrap(node, depth, f"({lives} != (", "))")
        for one in (left, right):
            self.wrap(one, depth, f"({lives} != static_cast<bool>(", "))")

    def assignment(self, node, where, depth):
        sign = node.raw["opcode"]
        left, right = node.inner
        if sign not in ASSIGNMENTS or not (INTEGERS.match(node.type()) or "dependent" in node.type()):
            return
        header = self.headers[node.file]
        at = header.text.index(sign, left.end, right.begin)
        self.call(node, at, at + len(sign), sign, ASSIGNMENTS[sign], where, depth)

    def unary(self, node, where, depth, use):
        sign = node.raw["opcode"]
        if sign == "!" and use not in ("condition", "loop"):
            self.instead(node, where, depth, "", f"({NAMESPACE}is(", ") != ")
        elif sign == "-" and INTEGERS.match(node.type()) and node.inner[0].core().kind != "IntegerLiteral":
            self.instead(node, where, depth, "", f"{NAMESPACE}negated(", ", ", 1)
        elif sign in STEPS and use != "step" and not node.raw.get("isPostfix"):
            name, instead = STEPS[sign]
            self.instead(node, where, depth, instead, f"{NAMESPACE}{name}(", ", ", 2)

    def instead(self, node, where, depth, sign, before, behind, dropped=0):
        """A sign before an operand: `dropped` of its letters are said by the call."""
        if not self.first_time(node, "operator"):
            return
        header = self.headers[node.file]
        written = header.written(node.begin, node.end)
        operand = header.written(node.inner[0].begin, node.inner[0].end)
        number = self.mutant(header, where, node.begin, f"{written} → {sign}{operand}")
        self.wrap(node, depth, f"{before}{number}{behind}", ")")
        if dropped:
            header.replace(node.begin, node.begin + dropped, "")

    def extreme(self, node, where):
        """std::min and std::max of two."""
        callee = node.inner[0]
        header = self.headers[node.file]
        if callee.file != node.file or len(node.inner) != 3:
            return
        called = header.text[callee.begin : callee.end]
        if called not in ("std::min", "std::max") or header.text[callee.end] != "(":
            return
        if not self.first_time(node, "extreme"):
            return
        name = called[len("std::") :]
        instead = {"min": "std::max", "max": "std::min"}[name]
        rest = header.written(callee.end, node.end)
        number = self.mutant(header, where, node.begin, f"{called}{rest} → {instead}{rest}")
        header.replace(callee.begin, callee.end + 1, f"{NAMESPACE}{name}({number}, ")

    def truth(self, node, where, depth):
        if not self.first_time(node, "literal"):
            return
        header = self.headers[node.file]
        text = header.written(node.begin, node.end)
        instead = {"true": "false", "false": "true"}[text]
        number = self.mutant(header, where, node.begin, self.in_line(header, node, instead))
        self.wrap(node, depth, f"({NAMESPACE}is({number}) != ", ")")

    def number(self, node, where, depth, use):
        """In its own type, or in that which it becomes: what is in braces must not be narrowed."""
        if not self.first_time(node, "literal"):
            return
        header = self.headers[node.file]
        value = int(node.raw["value"])
        instead = "0" if value == 1 else str(value + 1)
        kind = use if INTEGERS.match(use) else node.type()
        number = self.mutant(header, where, node.begin, self.in_line(header, node, instead))
        self.wrap(node, depth, f"{NAMESPACE}constant<{kind}>({number}, ", ")")

    @staticmethod
    def in_line(header, node, instead):
        """A literal's change: by itself it would not say which it is."""
        begin = header.lines[header.line(node.begin) - 1]
        end = header.text.find("\n", node.end)
        before, after = header.written(begin, node.begin), header.written(node.end, end)
        literal = header.text[node.begin : node.end]
        return f"{before} {literal} {after} → {instead}"

    # Writing

    def write(self, output):
        folder = output / "include/entitle/rule"
        folder.mkdir(parents=True, exist_ok=True)
        for header in self.headers.values():
            target = folder / header.path.name
            text = header.mutated()
            if not target.exists() or target.read_text(BYTES) != text:  # what is the same is not compiled again
                target.write_text(text, BYTES)
        self.name_each()
        (output / "mutants.json").write_text(json.dumps(self.mutants, indent=1, ensure_ascii=False) + "\n")

    def name_each(self):
        """A name that stays while the place does: no line, no number; the second of the same is #2."""
        seen = {}
        for mutant in sorted(self.mutants, key=lambda one: (one["file"], one["line"], one["number"])):
            name = f"{mutant['file']} | {mutant['in']} | {mutant['change']}"
            seen[name] = seen.get(name, 0) + 1
            mutant["name"] = name if seen[name] == 1 else f"{name} #{seen[name]}"


def main():
    include, output = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    mutator = Mutator(include)
    for declaration in parsed(include):
        mutator.walk(declaration)
    mutator.write(output)
    print(f"{len(mutator.mutants)} mutants in {len(mutator.headers)} headers")


if __name__ == "__main__":
    main()
