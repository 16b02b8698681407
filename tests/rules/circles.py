"""circles.py - the files of a room call each other in one direction, and so do the rooms.

File A stands above file B when a function of A uses a name that B defines, or A includes B's header and B has one of A's
back. Calls through tables of rows (the handlers of commands) are no calls by name.
"""
import collections
import pathlib
import re
import sys

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:[^\"\\\n]|\\.)*\"", re.DOTALL)
INCLUDE = re.compile(r'^\s*#\s*include "([\w/]+\.h)"', re.MULTILINE)
FUNCTION = re.compile(r"^(?!static\b|#|\s|typedef\b|enum\b|struct \w+ *$)[\w \t*]*?\b(\w+)\([^;{}]*\)\n\{", re.MULTILINE)
OBJECT = re.compile(r"^(?:const )?(?:struct )?[\w ]+[ *](?:const )?(kw_\w+)(?:\[[^\]]*\])* = ", re.MULTILINE)
NAME = re.compile(r"\b[A-Za-z_]\w*\b")


def read():
    """Text of every file of the library, and which name each one defines."""
    texts, homes = {}, {}
    for path in sorted(pathlib.Path("driver").rglob("*.[ch]")):
        if "fonts" in path.parts:
            continue
        texts[path] = path.read_text(encoding="utf-8")
        if path.suffix == ".c":
            bare = COMMENT.sub(" ", texts[path])
            homes.update({name: path for name in FUNCTION.findall(bare) + OBJECT.findall(bare)})
    return texts, homes


def calls(texts, homes):
    """The files that each file calls by name."""
    graph = collections.defaultdict(set)
    for path, text in texts.items():
        if path.suffix == ".c":
            used = {homes[name] for name in set(NAME.findall(COMMENT.sub(" ", text))) if name in homes}
            graph[path] = used - {path}
    return graph


def headers(texts):
    """The headers that each header includes."""
    return {path: {pathlib.Path("driver") / name for name in INCLUDE.findall(text)} - {path}
            for path, text in texts.items() if path.suffix == ".h"}


def circles(graph):
    """The sets of nodes that reach each other (Tarjan, without recursion)."""
    index, low, stack, on, found = {}, {}, [], set(), []
    for root in sorted(graph):
        work = [(root, iter(sorted(graph.get(root, ()))))] if root not in index else []
        while work:
            node, below = work[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                stack.append(node)
                on.add(node)
            for other in below:
                if other not in index:
                    work.append((other, iter(sorted(graph.get(other, ())))))
                    break
                if other in on:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    circle = stack[stack.index(node):]
                    del stack[stack.index(node):]
                    on.difference_update(circle)
                    if len(circle) > 1:
                        found.append({str(one) for one in circle})
    return found


def within(graph, same):
    return {node: {other for other in others if same(node, other)} for node, others in graph.items()}


def of_rooms(graph):
    rooms = collections.defaultdict(set)
    for node, others in graph.items():
        rooms[node.parent] |= {other.parent for other in others} - {node.parent}
    return rooms


def faults():
    texts, homes = read()
    graph = calls(texts, homes)
    found = circles(within(graph, lambda one, other: one.parent == other.parent)) + circles(headers(texts)) + circles(of_rooms(graph))
    for circle in found:
        yield f"a circle of calls: {' '.join(sorted(circle))}"


complaints = list(faults())
print("\n".join(complaints))
sys.exit(1 if complaints else 0)
