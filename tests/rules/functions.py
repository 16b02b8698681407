"""functions.py LIMIT FILE… - names functions longer than LIMIT lines and prints the median.

The house braces functions in the first column, so a function's body runs from a line `{` to a line `}`.
"""
import re
import statistics
import sys


def functions(path):
    """(name, first line, lines between and with the outer braces) of each function in a file."""
    lines = open(path, encoding="utf-8").read().split("\n")
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start:
            heading = " ".join(lines[max(0, start - 4):start - 1])
            names = re.findall(r"([A-Za-z_]\w*)\s*\(", heading)
            yield (names[-1] if names else "?"), start, number - start + 1
            start = None


def main():
    limit = int(sys.argv[1])
    found = [(path, *entry) for path in sys.argv[2:] for entry in functions(path)]
    for path, name, line, length in found:
        if length > limit:
            print(f"{path}:{line}: {name} has {length} lines; more than {limit} need a reason")
    lengths = sorted(entry[3] for entry in found)
    if lengths:
        print(f"{len(lengths)} functions, median {statistics.median(lengths):.0f} lines, "
              f"90th percentile {lengths[int(len(lengths) * 0.9)]}", file=sys.stderr)
    if any(length > limit for length in lengths) or statistics.median(lengths) > 20:
        sys.exit(1)


main()
