"""coverage.py ROOT - reads gcov's JSON documents from standard input and prints, file by file, the lines and branches
that nothing walked. A branch counts once, however many objects were built from its file."""
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
    lines = collections.defaultdict(lambda: collections.defaultdict(int))
    branches = collections.defaultdict(lambda: collections.defaultdict(int))
    for document in filter(None, map(str.strip, stream)):
        for file in json.loads(document)["files"]:
            path = os.path.relpath(os.path.join(root, file["file"]), root)
            if not path.startswith(("driver/", "cli/")) or not path.endswith(".c"):
                continue
            for line in file["lines"]:
                number = line["line_number"]
                lines[path][number] += line["count"]
                for index, branch in enumerate(line["branches"]):
                    branches[path][number, index] += branch["count"]
    return lines, branches


def main():
    lines, branches = read(sys.stdin, sys.argv[1])
    sums = [0, 0, 0, 0]
    for path in sorted(lines):
        missed = [number for number, count in lines[path].items() if count == 0]
        untaken = [key for key, count in branches[path].items() if count == 0]
        one_way = {number for number, _ in untaken} - set(missed)
        numbers = (len(lines[path]), len(lines[path]) - len(missed), len(branches[path]), len(branches[path]) - len(untaken))
        sums = [a + b for a, b in zip(sums, numbers)]
        print(f"{path}: lines {numbers[1]}/{numbers[0]}, branches {numbers[3]}/{numbers[2]}")
        if missed:
            print(f"    never walked: {ranges(missed)}")
        if one_way:
            print(f"    a way never taken: {ranges(one_way)}")
    if sums[0]:
        print(f"in all: lines {sums[1]}/{sums[0]} ({100 * sums[1] / sums[0]:.1f}%), "
              f"branches {sums[3]}/{sums[2]} ({100 * sums[3] / max(1, sums[2]):.1f}%)")


main()
