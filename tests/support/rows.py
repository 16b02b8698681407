"""rows.py - the rows of the driver's lists (*.def), for tests that walk over them, and their lasting numbers."""
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NUMBERS = os.path.join(ROOT, "tests/golden/numbers.txt")
# Every list whose numbers or words outlive a process: file, macro of its rows, what it is a list of.
LISTS = [("driver/data/kinds.def", "KIND", "kind"), ("driver/data/reasons.def", "REASON", "reason"),
         ("driver/data/verdicts.def", "VERDICT", "verdict"), ("driver/data/classes.def", "CLASS", "class"),
         ("driver/data/columns.def", "COLUMN", "column")]


def rows(path, macro):
    """(NAME, number, word) of each row MACRO(NAME, number, "word"…) of a file."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.DOTALL)
    return [(name, int(number), word)
            for name, number, word in re.findall(rf'^{macro}\((\w+), (\d+), "([^"]*)"', text, re.MULTILINE)]


def numbers():
    """A line for each row of each list: kind 0 sale."""
    return [f"{what} {number} {word}" for path, macro, what in LISTS for _, number, word in sorted(rows(path, macro), key=lambda row: row[1])]


def frozen_numbers():
    with open(NUMBERS, encoding="utf-8") as file:
        return file.read().splitlines()


def write_numbers():
    """Adds what is new; what was there stays, so that a changed number cannot be written over."""
    kept = frozen_numbers() if os.path.exists(NUMBERS) else []
    with open(NUMBERS, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in kept + [line for line in numbers() if line not in kept])
