"""sources.py - what a reviewer would otherwise count by hand: sizes, openings, words that do not belong, the top level."""
import os
import re
import subprocess
import sys

KINDS = (".c", ".h", ".def", ".sh", ".py", ".mk")
TOP = re.compile(r"^(Makefile|README\.md|LICENSE|include|driver|cli|tests|udev|\..*)$")
LINES_MOST, COLUMNS_MOST = 600, 120
LONG_BY_NATURE = re.compile(r'"[^"]{70,}|\\"|\\x|("[^"]*", ){3}')      # long texts and rows of them
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|WIP)\b")
ONE_MACHINE = re.compile(r"/(home|Users)/[a-z]")
CITED = re.compile(r"\b((?:[a-z]+/)+[a-z_]+\.md)\b")             # a page that a comment sends its reader to
UNSAFE = re.compile(r"(^|[^a-z_>.])(gets|sprintf|vsprintf|strcat|strncpy|strncat|alloca|system|mktemp|tmpnam|atof|setlocale|strtok) *\(")
# A member that is an enum only in its comment takes every number, and the compiler cannot say which were forgotten.
ENUM_IN_COMMENT = re.compile(r"^\s*(int|unsigned|long) [^;(]*;\s*/\*(?![^*]*\bbits of\b)[^*]*\benum\b")
# What keeps state between calls would be shared by all contexts of a process.
STATE = re.compile(r"^static +(struct +[a-z_]+|[a-z_0-9]+_t|int|bool|char|unsigned|size_t) +[a-z_]+(\[[^]]*\])?( *=.*)?;")
NO_STATE = re.compile(r"const |kwit_result no_memory_result|_Thread_local")


def tracked():
    return subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.splitlines()


def opening_fault(path, lines):
    if path.endswith((".c", ".h", ".def")) and not (lines and lines[0].startswith("/*")):
        return "a file opens with its duty in a comment"
    if path.endswith(".sh") and not any(line.startswith("#!") for line in lines[:2]):
        return "a script opens with its interpreter"
    return None


def line_faults(path, line):
    code, here = path.endswith((".c", ".h")), path.startswith(("driver/", "cli/", "include/"))
    if code and len(line) > COLUMNS_MOST and not path.startswith("driver/data/") and not LONG_BY_NATURE.search(line):
        yield f"{len(line)} columns; a line has at most {COLUMNS_MOST}"
    for page in CITED.findall(line) if code or path.endswith(".def") else []:
        if not any(os.path.exists(os.path.join(place, page)) for place in (".", "driver", "include")):
            yield f"sends its reader to {page}, which is not there"
    if code and "\t" in line:
        yield "a tab; indent by four spaces"
    if path != "tests/rules/sources.py" and UNFINISHED.search(line):
        yield "unfinished work is an issue, not a comment"
    if path != "tests/rules/sources.py" and ONE_MACHINE.search(line):
        yield "a path of one machine"
    if code and here and UNSAFE.search(line):
        yield "a call that this house does not use"
    if path.endswith(".h") and path.startswith(("driver/", "cli/")) and ENUM_IN_COMMENT.match(line):
        yield "an enum by its comment alone; give the member its type"
    if path.startswith("driver/") and path.endswith(".c") and "/fonts/" not in path and STATE.match(line) and not NO_STATE.search(line):
        yield "global state; it belongs to a context or a job"


def faults(files):
    for top in sorted({path.split("/")[0] for path in files}):
        if not TOP.match(top):
            yield f"{top}: does not belong on the top level"
    for path in files:
        if not path.endswith(KINDS) and path not in ("Makefile", "README.md"):
            continue
        try:
            with open(path, encoding="utf-8") as file:
                lines = file.read().split("\n")
        except FileNotFoundError:                        # removed and not yet committed
            continue
        if path.endswith((".c", ".h")) and len(lines) - 1 > LINES_MOST:
            yield f"{path}: {len(lines) - 1} lines; a file has at most {LINES_MOST}"
        opening = opening_fault(path, lines)
        if opening:
            yield f"{path}:1: {opening}"
        for number, line in enumerate(lines, 1):
            yield from (f"{path}:{number}: {fault}" for fault in line_faults(path, line))


found = list(faults(tracked()))
print("\n".join(found))
sys.exit(1 if found else 0)
