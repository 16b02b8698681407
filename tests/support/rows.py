"""rows.py - the rows of the driver's lists (*.def), for tests that walk over them, and their lasting numbers."""
import glob
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NUMBERS = os.path.join(ROOT, "tests/golden/numbers.txt")
# Every list whose numbers or words outlive a process: file, macro of its rows, what it is a list of.
LISTS = [("driver/data/kinds.def", "KIND", "kind"), ("driver/data/reasons.def", "REASON", "reason"),
         ("driver/data/verdicts.def", "VERDICT", "verdict"), ("driver/data/classes.def", "CLASS", "class"),
         ("driver/data/columns.def", "COLUMN", "column"), ("driver/data/dithers.def", "DITHER", "dither"),
         ("driver/data/positions.def", "POSITION", "position"), ("driver/data/questions.def", "QUESTION", "question"),
         ("driver/data/payments.def", "PAYMENT", "payment_types"), ("driver/data/events.def", "EVENT", "event"),
         ("driver/data/dimensions.def", "DIMENSION", "dimension"), ("driver/data/weekdays.def", "WEEKDAY", "weekday"),
         ("driver/data/forms.def", "FORM", "form"), ("driver/data/papers.def", "PAPER", "paper"),
         ("driver/data/emphases.def", "EMPHASIS", "emphasis")]
# Rows of the same look whose text is what is read, in a language: no word of a format.
READ = ["driver/data/scale_labels.def", "driver/data/time_words.def"]
# Files of several lists: NUMBERS(list, tag), its rows NUMBER(NAME, number, "word")…, END_NUMBERS(list).
FILES_OF_LISTS = ["driver/sale/words.def", "driver/data/choices.def"]


def _text(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return re.sub(r"/\*.*?\*/", "", file.read(), flags=re.DOTALL)


def _rows_in(text, macro):
    return [(name, int(number), word)
            for name, number, word in re.findall(rf'^{macro}\((\w+), (-?\d+), "([^"]*)"', text, re.MULTILINE)]


def rows(path, macro):
    """(NAME, number, word) of each row MACRO(NAME, number, "word"…) of a file."""
    return _rows_in(_text(path), macro)


def lists():
    """Every list: where it stands, what it is a list of, its rows."""
    found = [(path, what, rows(path, macro)) for path, macro, what in LISTS]
    for path in FILES_OF_LISTS:
        blocks = re.findall(r"^NUMBERS\((\w+), \w+\)\n(.*?)^END_NUMBERS\(\1\)$", _text(path), re.MULTILINE | re.DOTALL)
        found += [(path, name, _rows_in(block, "NUMBER")) for name, block in blocks]
    return [entry for entry in found if entry[2]]


def forgotten():
    """Files with rows of this look that nobody walks over."""
    known = {path for path, _, _ in LISTS} | set(FILES_OF_LISTS) | set(READ)
    found = [os.path.relpath(path, ROOT) for path in glob.glob(os.path.join(ROOT, "driver/*/*.def"))]
    return sorted(path for path in found if path not in known and re.search(r'^[A-Z_]+\([A-Z_]+, -?\d+, "', _text(path), re.MULTILINE))


def numbers():
    """A line for each row of each list: kind 0 sale."""
    return [f"{what} {number} {word}" for _, what, found in lists() for _, number, word in sorted(found, key=lambda row: row[1])]


def frozen_numbers():
    with open(NUMBERS, encoding="utf-8") as file:
        return file.read().splitlines()


def write_numbers():
    """Adds what is new; what was there stays, so that a changed number cannot be written over."""
    kept = frozen_numbers() if os.path.exists(NUMBERS) else []
    with open(NUMBERS, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in kept + [line for line in numbers() if line not in kept])
