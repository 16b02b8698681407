"""coverage.py ROOT - reads gcov's JSON documents from standard input and prints, file by file, the functions, lines and
branches that nothing walked, then the sums of each room. A branch counts once, however many objects were built from its
file."""
import collections
import json
import os
import sys


def ranges(numbers):
    """1,2,3,7 as "1-3 7"."""
    parts, numbers = [], sorted(numbers)
    while numbers:
        first = last = numbers.pop(0)
        while numbers and numbers[0] == last + 1:
            last = numbers.pop(0)
        parts.append(str(first) if first == last else f"{first}-{last}")
    return " ".join(parts)


def read(stream, root):
    """Counts by path and: name of a function, number of a line, line and index of a branch."""
    functions, lines, branches = (collections.defaultdict(collections.Counter) for _ in range(3))
    for document in filter(None, map(str.strip, stream)):
        for file in json.loads(document)["files"]:
            path = os.path.relpath(os.path.join(root, file["file"]), root)
            if not path.startswith(("driver/", "cli/")) or not path.endswith(".c"):
                continue
            for function in file["functions"]:
                functions[path][function["name"]] += function["execution_count"]
            for line in file["lines"]:
                number = line["line_number"]
                lines[path][number] += line["count"]
                for index, branch in enumerate(line["branches"]):
                    branches[path][number, index] += branch["count"]
    return functions, lines, branches


def walked(counts):
    return sum(count > 0 for count in counts.values())


def told(numbers):
    """Lines walked, lines, branches walked, branches: for people."""
    shares = [100 * part / max(1, whole) for part, whole in (numbers[:2], numbers[2:])]
    return (f"lines {numbers[0]}/{numbers[1]} ({shares[0]:.1f}%), "
            f"branches {numbers[2]}/{numbers[3]} ({shares[1]:.1f}%)")


def main():
    functions, lines, branches = read(sys.stdin, sys.argv[1])
    rooms = collections.defaultdict(lambda: [0, 0, 0, 0])
    for path in sorted(lines):
        missed = {number for number, count in lines[path].items() if count == 0}
        one_way = {number for (number, _), count in branches[path].items() if count == 0} - missed
        numbers = walked(lines[path]), len(lines[path]), walked(branches[path]), len(branches[path])
        for place in (os.path.dirname(path), path.split("/", maxsplit=1)[0] + ", all of it", "in all"):
            rooms[place] = [a + b for a, b in zip(rooms[place], numbers)]
        print(f"{path}: {told(numbers)}")
        for title, found in (("never called", " ".join(sorted(k for k, v in functions[path].items() if v == 0))),
                             ("never walked", ranges(missed)), ("a way never taken", ranges(one_way))):
            if found:
                print(f"    {title}: {found}")
    print()
    for place in sorted(rooms, key=lambda name: (name == "in all", name)):
        print(f"{place}: {told(rooms[place])}")


main()
