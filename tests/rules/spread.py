"""spread.py - what Citus asks of tables that it spreads: read from the schema and the statements, for no Citus is at hand.

The column `journal` stands in every key of a table that is spread; what tills and customers do all day is of one journal,
which is the statement's first parameter; rows are locked inside one journal or in small tables alone; reports read sums.
"""
import re
import sys

ROOM = "driver/office/pg/"
STAGED = {"came_late", "came_cell", "came_answer", "came_opening"}          # a connection's own


def rows(path, macro):
    """The rows of a .def: their words, and the C strings joined."""
    with open(ROOM + path, encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.DOTALL)
    for head, body in re.findall(macro + r"\(([^\"]*),\s*((?:\"(?:[^\"\\]|\\.)*\"\s*)+)\)", text):
        joined = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', body)).replace('\\"', '"')
        yield [word.strip() for word in head.split(",")], joined


def tables_of(statement, known):
    words = set(re.findall(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)", statement)) - {"SET"}
    return words & (known | STAGED), words - known - STAGED


def faults_of_schema(kinds):
    for (_, kind, table), text in rows("schema.def", "MIGRATION"):
        for key in re.findall(r"PRIMARY KEY\s*\(([^)]*)\)|UNIQUE\s*\(([^)]*)\)", text):
            columns = [name.strip() for name in "".join(key).split(",")]
            if kind == "JOURNAL" and "journal" not in columns:
                yield f"{table}: a key without journal: {columns}"
        if kind == "JOURNAL" and re.search(r"\bjournal int PRIMARY KEY|\bUNIQUE INDEX\b", text) and "journal" not in text:
            yield f"{table}: unique without journal"
        if kind == "JOURNAL" and re.search(r"CREATE TABLE (\w+)\(", text) and not re.search(r"\(journal int\b|\(LIKE touchpoint\b", text):
            yield f"{table}: its first column is not journal"
        if kind == "JOURNAL" and "PARTITION BY" in text and "RANGE (day)" not in text:
            yield f"{table}: lies by something else than the day"
        if "REFERENCES" in text:
            yield f"{table}: a foreign key"
        if kind not in ("JOURNAL", "SHARED", "HERE", "CODE") or kinds.setdefault(table, kind) != kind:
            yield f"{table}: {kind} is no kind, or not the one it had"


def faults_of_statement(name, law, text, kinds):
    there, unknown = tables_of(text, set(kinds))
    spread = {table for table in there if kinds.get(table) == "JOURNAL"}
    shared = {table for table in there if kinds.get(table) == "SHARED"}
    here = {table for table in there if kinds.get(table) == "HERE"}
    writes = set(re.findall(r"\b(?:INTO|UPDATE|DELETE FROM)\s+(\w+)", text)) - {"SET"} - STAGED
    if unknown - {"unnest", "LATERAL", "pg_class"}:
        yield f"{name}: {sorted(unknown)} is no table"
    if law == "INSIDE" and not re.search(r"\bjournal = \$1|\bVALUES\(\$1::int", text):
        yield f"{name}: is not of one journal"
    if law == "INSIDE" and here:
        yield f"{name}: {sorted(here)} stays beside the report"
    if law == "SHARED" and (spread or here):
        yield f"{name}: {sorted(spread | here)} is not small"
    if law == "SESSION" and there:
        yield f"{name}: reads {sorted(there)}"
    if law in ("SUMS", "RARE") and writes:
        yield f"{name}: writes {sorted(writes)}"
    if law == "HERE" and {kinds.get(table) for table in writes} - {"HERE"} and name != "CLEAN_DAY":
        yield f"{name}: writes {sorted(writes)}"
    if "FOR UPDATE" in text and not (law == "INSIDE" or (law == "SHARED" and shared)):
        yield f"{name}: locks rows of several journals"
    if re.search(r"\bLISTEN\b|\bNOTIFY\b|MATERIALIZED", text):
        yield f"{name}: takes a lock of the whole cluster, or keeps a view on one machine"


def faults():
    kinds = {}
    yield from faults_of_schema(kinds)
    statements = list(rows("statements.def", "STATEMENT"))
    if len(statements) < 20 or len(kinds) < 8:
        yield f"{len(statements)} statements of {len(kinds)} tables: the rows are not read"
    for (name, law), text in statements:
        if law not in ("INSIDE", "SHARED", "SUMS", "HERE", "SESSION", "RARE"):
            yield f"{name}: {law} is no law"
        yield from faults_of_statement(name, law, text, kinds)


found = list(faults())
print("\n".join(found))
sys.exit(1 if found else 0)
