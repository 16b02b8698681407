"""names.py - no two things of one name in the library: what more than one file can see is defined once.

What a file keeps to itself (static functions; in a .c file what does not begin with kw) may have its namesake elsewhere.
"""
import collections
import itertools
import pathlib
import re
import sys

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
TAG = re.compile(r"\b(struct|union|enum)\s+(\w+)\s*\{")
TYPEDEF = re.compile(r"^typedef\b[^;{]*?\(?\*?(\w+)\)?(?:\([^;]*\))?;", re.MULTILINE)
MACRO = re.compile(r"^#define\s+(KW_\w+)", re.MULTILINE)
UNDEFINED = re.compile(r"^#undef\s+(\w+)", re.MULTILINE)
# A function's definition: its heading ends at a brace in the first column, and is not static.
FUNCTION = re.compile(r"^(?!static\b|#|\s|typedef\b|enum\b|struct \w+ *$)[\w \t*]*?\b(\w+)\([^;{}]*\)\n\{", re.MULTILINE)

EXPANDED = {"HANDLER", "main"}          # a macro that names many functions; programs that run while building


def things(path):
    """(what, name) of everything that a file defines for others to see."""
    text = COMMENT.sub(" ", path.read_text(encoding="utf-8"))
    gone = set(UNDEFINED.findall(text))
    yield from ((kind, name) for kind, name in TAG.findall(text) if name.startswith("kw") or path.suffix == ".h")
    yield from (("macro", name) for name in MACRO.findall(text) if name not in gone and path.suffix == ".h")
    yield from (("typedef", name) for name in TYPEDEF.findall(text) if path.suffix == ".h")
    yield from (("function", name) for name in FUNCTION.findall(text))


def clash(one, other):
    """A function may be called as the struct that it makes, in one room, and a public typedef as its struct."""
    tags = [kind in ("struct", "union", "enum") for kind, _ in (one, other)]
    public = "include" in (one[1].parts[0], other[1].parts[0]) and "typedef" in (one[0], other[0])
    return tags[0] == tags[1] or one[1].parent != other[1].parent and not public


def faults():
    homes = collections.defaultdict(list)
    for path in sorted(path for top in ("driver", "include") for path in pathlib.Path(top).rglob("*.[ch]")):
        for kind, name in things(path):
            if (kind, path) not in homes[name] and name not in EXPANDED:
                homes[name].append((kind, path))
    for name, places in sorted(homes.items()):
        if any(clash(one, other) for one, other in itertools.combinations(places, 2)):
            yield f"{name} is more than one thing: {', '.join(f'{kind} in {path}' for kind, path in places)}"


found = list(faults())
print("\n".join(found))
sys.exit(1 if found else 0)
