"""Many tills, one report: any order, again and again, a till that goes on printing, older versions, offices of offices."""
import datetime
import hashlib
import json
import os
import shutil
import sqlite3
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import clock                                                # noqa: E402  pylint: disable=wrong-import-position
from kwit import NOW, Shop, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position


def _till(handle, sales=6, terminal="T1", answers=()):
    """A till with a handle of its own, its sales, and answers (nps, comment) to the first of them."""
    shop = Shop(key=False)
    made = shop.kwit("survey", "key", "new", "--handle", str(handle), "--epoch", str(handle % 31))
    same(made.exit, 0, made.text)
    shop.tokens, shop.handle, shop.terminal = [], handle, terminal
    _sell(shop, sales)
    if answers:
        _answer(shop, answers)
    return shop


def _sell(shop, count):
    """To a device file: what a simulated printer prints carries the flag of a test."""
    for _ in range(count):
        sale = tiny(f"{shop.handle}-{len(shop.tokens)}", terminal=shop.terminal, time=NOW.isoformat())
        answer = _on_paper(shop, "print", "-", "--json", "--profile", "tm-t20iii", document=sale)
        shop.tokens.append(answer.line["survey"]["token"])


def _on_paper(shop, *arguments, **options):
    pipe = os.path.join(shop.place, "printer")
    if not os.path.exists(pipe):
        os.mkfifo(pipe)
        with open(shop.config, "a", encoding="utf-8") as file:
            file.write(f"\n[printer pipe]\nuri = file:{pipe}\nprofile = tm-t20iii\nconfirm = never\n")
    reader = os.open(pipe, os.O_RDWR)           # there before the printer is opened; a receipt fits a pipe
    answer = shop.kwit(*arguments, "--printer", "pipe", **options)
    os.close(reader)
    same(answer.exit, 0, f"on paper ({answer.text})")
    return answer


def _answers(shop, answers):
    path = os.path.join(shop.place, f"answers-{len(os.listdir(shop.place))}.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write("response_id,token,submitted_at,nps,comment\n")
        for i, (nps, comment) in enumerate(answers):
            file.write(f"{shop.handle}-r{i},{shop.tokens[i]},{clock.now().isoformat()},{nps},{comment}\n")
    return path


def _answer(shop, answers):
    path = _answers(shop, answers)
    done = shop.kwit("survey", "import", path, "--json").line
    same(done["verdicts"]["matched"], len(answers), f"answers at the till ({done})")
    return path


def _office(*journals, own=0, keys_of=()):
    office = Shop(key=False)
    os.makedirs(os.path.join(office.state, "keys"))
    for journal in journals + tuple(keys_of):
        keys = os.path.join(journal.state, "keys")
        for name in os.listdir(keys):
            if name.startswith("epoch"):
                shutil.copy(os.path.join(keys, name), os.path.join(office.state, "keys"))
    if own:
        same(office.kwit("survey", "key", "new", "--handle", "900", "--epoch", "30").exit, 0, "a key")
        office.tokens, office.handle, office.terminal = [], 900, "O"
        _sell(office, own)
    for journal in journals:
        merged = office.kwit("journal", "merge", _file(journal), "--json")
        same(merged.exit, 0, merged.text)
    return office


def _file(shop):
    return os.path.join(shop.state, "journal.db")


def _exported(shop):
    lines = [json.loads(line) for line in shop.kwit("journal", "export").out.decode().splitlines()]
    return sorted(json.dumps(line, sort_keys=True) for line in lines)


def _told(shop):
    """What a report says but for the chain's head and when it was made."""
    report = shop.kwit("report", "--json").line
    return {name: report[name] for name in ("total", "verdicts", "opens")}


def _whole(shop):
    answer = shop.kwit("journal", "verify")
    same(answer.exit, 0, f"the chain ({answer.text})")


def _rows(shop, sql):
    database = sqlite3.connect(_file(shop))
    rows = database.execute(sql).fetchall()
    database.close()
    return rows


def a_file_for_the_office_merges_like_the_journal_and_holds_no_document():
    till = _till(3, answers=[(9, ""), (2, "cold")])
    same(till.print(tiny("WITH-WORDS", terminal="T1", notes=["XYZZY for the customer"], customer={"loyalty_id": "CARD-7788"}))[0], 0, "a sale")
    with sqlite3.connect(_file(till)) as database:
        database.execute("INSERT INTO meta VALUES('push_seed', ?)", (b"QWERTY" * 5 + b"QW",))
    database.close()
    file, again = (os.path.join(till.place, f"{name}.kwit") for name in ("office", "again"))
    made = till.kwit("journal", "export", "--office", "-o", file, "--json")
    same((made.exit, made.line["file"]), (0, file), made.text)
    want(b"XYZZY" in open(_file(till), "rb").read() + open(_file(till) + "-wal", "rb").read(), "the journal holds the document")
    want(b"XYZZY" not in open(file, "rb").read(), "a document in the file for the office")
    want(b"QWERTY" not in open(file, "rb").read(), "the till's key for its pushes in the file for the office")
    same([name for name in os.listdir(till.place) if name.startswith("office.kwit")], ["office.kwit"], "what was left beside it")
    database = sqlite3.connect(file)
    held = {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("job", "piece", "printer", "cooldown", "contact")}
    database.close()
    same(set(held.values()), {0}, f"what stays in the shop: {held}")
    office, whole = _office(keys_of=[till]), _office(till)
    same(office.kwit("journal", "merge", file).exit, 0, "merge")
    same((_exported(office), _told(office)), (_exported(whole), _told(whole)), "the office")
    _whole(office)
    _sell(till, 2)
    same(till.kwit("journal", "export", "--office", "-o", again).exit, 0, "the next file")
    merged = office.kwit("journal", "merge", again, "--json").line["merged"][0]
    same(merged["sales"], 2, "only what is new")
    same(till.kwit("journal", "export", "--office", "-o", again).exit, 64, "a file that is there")
    same(till.kwit("journal", "export", "--office").exit, 64, "nowhere to write")
    database = sqlite3.connect(again)
    database.execute("UPDATE touchpoint SET till = 'T9' WHERE sale = 5")
    database.commit()
    database.close()
    same(_office(keys_of=[till]).kwit("journal", "merge", again).exit, 74, "an edited file")
    with clock.pinned(clock.now() + datetime.timedelta(40)):
        old = os.path.join(till.place, "old.kwit")
        same(till.kwit("journal", "export", "--office", "-o", old).exit, 0, "forty days later")
        database = sqlite3.connect(old)
        same(database.execute("SELECT count(*) FROM sale").fetchone(), (1,), "ids of sales that nobody calls off any more")
        database.close()
        late = _office(keys_of=[till])
        same(late.kwit("journal", "merge", old).exit, 0, "merge forty days later")


def the_order_and_a_second_time_change_nothing():
    one, two = _till(1, answers=[(9, ""), (2, "cold")]), _till(2, answers=[(10, "")])
    ways = [_office(one, two), _office(two, one), _office(one, two, one)]
    for way in ways:
        _whole(way)
        same(_told(way), _told(ways[0]), "the report")
        same(_exported(way), _exported(ways[0]), "the export")
    parts = [_told(shop)["total"] for shop in (one, two)]
    total = _told(ways[0])["total"]
    for name in ("sales", "offered", "answers"):
        same(total[name], sum(part[name] for part in parts), f"{name} of both")
    for name, count in total["by_class"].items():
        same(count, sum(part["by_class"][name] for part in parts), f"{name} of both")
    again = ways[0].kwit("journal", "merge", _file(one), "--json").line["merged"][0]
    same((again["events"], again["sales"], again["answers"]), (0, 0, 0), "what is new the second time")


def a_journal_that_grew_brings_what_is_new():
    till = _till(1, sales=4, answers=[(9, "")])
    office = _office(till)
    _sell(till, 3)
    _on_paper(till, "reprint", "1-0")
    path = _answers(till, [(9, ""), (3, "slow"), (8, "")])
    same(till.kwit("survey", "import", path).exit, 0, "more answers")
    merged = office.kwit("journal", "merge", _file(till), "--json").line["merged"][0]
    same((merged["sales"], merged["answers"]), (3, 2), "what is new")
    same(_told(office), _told(till), "the report")
    _whole(office)


def a_till_that_prints_meanwhile_is_merged_as_it_stands():
    till, office, stop = _till(1, sales=3), _office(), threading.Event()

    def sell():
        while not stop.is_set():
            _sell(till, 1)
    seller = threading.Thread(target=sell)
    seller.start()
    for _ in range(4):
        merged = office.kwit("journal", "merge", _file(till))
        same(merged.exit, 0, merged.text)
    stop.set()
    seller.join()
    same(office.kwit("journal", "merge", _file(till)).exit, 0, "the last merge")
    same(_told(office), _told(till), "the report")
    same(len(set(till.tokens)), len(till.tokens), "tokens")
    _whole(till)
    _whole(office)


def what_was_changed_or_is_no_journal_is_refused_whole():
    till, office = _till(1, answers=[(9, "")]), _office(own=1)
    before = _rows(office, "SELECT count(*) FROM event")
    for edit in ("UPDATE answer SET nps = 1", "UPDATE touchpoint SET variant = 3 WHERE sale = 4", "DELETE FROM event WHERE n = 5",
                 "UPDATE touchpoint SET class = 4 WHERE sale = (SELECT max(sale) FROM touchpoint)"):
        edited = os.path.join(till.place, "edited.db")
        source = sqlite3.connect(_file(till))
        source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        source.close()
        shutil.copy(_file(till), edited)
        database = sqlite3.connect(edited)
        database.execute(edit)
        database.commit()
        database.close()
        answer = office.kwit("journal", "merge", edited)
        same(answer.exit, 74, edit)
        want("edited.db" in answer.text and "nothing was merged" in answer.text, answer.text)
    text = os.path.join(till.place, "notes.txt")
    with open(text, "w", encoding="utf-8") as file:
        file.write("This is not a journal. " * 100)
    answer = office.kwit("journal", "merge", text)
    want(answer.exit == 74 and "notes.txt" in answer.text and "move the file" not in answer.text, answer.text)
    same(office.kwit("journal", "merge", os.path.join(till.place, "missing.db")).exit, 66, "a file that is not there")
    same(_rows(office, "SELECT count(*) FROM event"), before, "events at the office")


def a_handle_of_two_journals_is_refused_before_anything_is_taken():
    one, two = _till(7), _till(7)
    office = _office(one)
    held = _rows(office, "SELECT count(*) FROM foreign_event")
    answer = office.kwit("journal", "merge", _file(two))
    want(answer.exit == 65 and "handle 7" in answer.text and _file(two) in answer.text, answer.text)
    same(_rows(office, "SELECT count(*) FROM foreign_event"), held, "foreign events")
    same(_rows(office, "SELECT count(*) FROM origin"), [(1,)], "journals")
    same(one.kwit("journal", "merge", _file(one)).exit, 65, "a journal into itself")


def the_same_till_name_in_two_shops_is_two_journals():
    one, two = _till(1, sales=4), _till(2, sales=5)
    office = _office(one, two)
    same(_told(office)["total"]["sales"], 9, "sales")
    same(len(_exported(office)), 9, "exported sales")


def an_office_of_offices_takes_each_sale_once():
    one, two = _till(1, answers=[(9, ""), (1, "dirty")]), _till(2, answers=[(8, "")])
    region = _office(one, two, own=3)
    direct = _office(one, two)
    for order in ([region], [region, one], [one, region], [two, region, one, region]):
        head = _office(*order)
        _whole(head)
        same(_told(head)["total"]["sales"], 15, f"sales by way of {len(order)} files")
        same(_told(head)["total"]["answers"], 3, "answers")
        own = [line for line in _exported(head) if '"till": "O"' not in line]
        same(own, _exported(direct), "the tills' sales")
    head = _office(region)
    _sell(one, 2)
    same(head.kwit("journal", "merge", _file(one), "--json").line["merged"][0]["sales"], 2, "the till itself brings what is new")
    same(region.kwit("journal", "merge", _file(one)).exit, 0, "and the region learns it too")
    same(head.kwit("journal", "merge", _file(region), "--json").line["merged"][0]["sales"], 0, "which brings nothing new")
    same(one.kwit("journal", "merge", _file(region)).exit, 0, "a till that takes its region in")
    same(_told(one)["total"]["sales"], 17, "has its own sales once")
    _whole(one)
    _whole(head)


def answers_of_a_till_and_of_the_same_file_are_one():
    till = _till(1, answers=[(9, ""), (2, "cold"), (8, "")])
    alert = till.kwit("report", "alerts", "--json").line["alerts"][0]["id"]
    same(till.kwit("report", "alerts", "--acknowledge", str(alert), "--by", "Ann").exit, 0, "acknowledged at the till")
    path = [os.path.join(till.place, name) for name in os.listdir(till.place) if name.startswith("answers")][0]
    office = _office(keys_of=[till])
    same(office.kwit("survey", "import", path, "--json").line["verdicts"]["uncovered"], 3, "answers before the sales")
    merged = office.kwit("journal", "merge", _file(till), "--json").line
    same((merged["merged"][0]["answers"], merged["rejudged"]), (0, 3), "known, and found")
    other = _office(till)
    same(other.kwit("survey", "import", path, "--json").line["known"], 3, "the file after the merge")
    for shop in (office, other):
        same(_told(shop)["total"], _told(till)["total"], "the report")
        _whole(shop)
    alerts = [(line["kind"], bool(line["acknowledged"]), line["who"]) for line in other.kwit("report", "alerts", "--all", "--json").line["alerts"]]
    same(alerts, [("low_nps", True, "Ann")], "who looked after the alert")


def erasing_at_the_till_erases_at_the_office():
    till = _till(1, answers=[(2, "PLUGH was rude")])
    office = _office(till)
    same(till.kwit("journal", "erase", "1-0").exit, 0, "erase")
    same(office.kwit("journal", "merge", _file(till)).exit, 0, "merge")
    for shop in (till, office):
        for name in os.listdir(shop.state):
            path = os.path.join(shop.state, name)
            want(not os.path.isfile(path) or b"PLUGH" not in open(path, "rb").read(), f"{path} still holds the comment")
        _whole(shop)


def a_fork_is_refused():
    till = _till(1, sales=3)
    _settle(till)
    branch = os.path.join(till.place, "branch")
    shutil.copytree(till.state, branch)
    office = _office(till)
    _sell(till, 2)
    same(office.kwit("journal", "merge", _file(till)).exit, 0, "the till goes on")
    other = Shop(survey=False)
    shutil.rmtree(other.state)
    shutil.copytree(branch, other.state)
    for i in range(8):
        other.print(tiny(f"branch-{i}"))
    answer = office.kwit("journal", "merge", _file(other))
    want(answer.exit == 65 and "fork" in answer.text, answer.text)


# ---- older versions: the chain by a second implementation ------------------------------------------------------------

def _be(value):
    return (value & (1 << 64) - 1).to_bytes(8, "big")


def _text(text):
    return _be(len(text.encode())) + text.encode()


NUMBERS = ("sale", "ts_ms", "offset_minutes", None, "kid", "handle", "day", "seq", "variant", "flag", "variant_p_bp", "p_bp", "u", "forced", "drawn",
           "reason", "kind", "expires_day")
TEXTS = ("store", "till", "cashier", "campaign", "language", "channel")


def _content(secret, row):
    numbers = [int(row["handle"] is not None) if name is None else row[name] or 0 for name in NUMBERS]
    body = b"kwit/touchpoint" + b"".join(map(_be, numbers)) + b"".join(_text(row[name]) for name in TEXTS) + row["config_digest"] + row["seal"]
    if row["sold_ms"]:
        body += _be(row["sold_ms"])
    if row["signs"] or row["earlier"]:
        body += _be(row["signs"]) + _be(row["earlier"])
    return hashlib.blake2b(body, key=secret, digest_size=16).digest()


def _chain(database, previous):
    """The events' hashes as they must be; also what a journal of the first versions has when it begins at zeros."""
    database.row_factory = sqlite3.Row
    secret = database.execute("SELECT value FROM meta WHERE key = 'k_jrnl'").fetchone()[0]
    if previous is None:
        uuid = database.execute("SELECT value FROM meta WHERE key = 'journal_uuid'").fetchone()[0]
        previous = hashlib.blake2b(b"kwit/journal" + uuid.encode(), key=secret, digest_size=16).digest()
    for event in database.execute("SELECT * FROM event ORDER BY n").fetchall():
        row = database.execute("SELECT * FROM touchpoint WHERE sale = ?", (event["sale"],)).fetchone()
        content = _content(secret, row) if event["ev"] in (1, 2) else bytes(16)
        body = b"kwit/event" + previous + b"".join(_be(event[name]) for name in ("n", "sale", "ev", "ts_ms")) + _text(event["detail"]) + content
        previous = hashlib.blake2b(body, key=secret, digest_size=16).digest()
        yield event, previous


def _settle(shop):
    database = sqlite3.connect(_file(shop))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def the_chain_agrees_with_a_second_implementation():
    till = _till(1, answers=[(9, "")])
    database = sqlite3.connect(_file(till))
    for event, digest in _chain(database, None):
        same(event["hash"], digest, f"hash of event {event['n']}")
    database.close()


def _make_older(shop, version):
    """The journal as a kwit of that version would have left it: with the tables of what comes, from the start."""
    shop.kwit("journal", "merge", "/dev/null")
    _settle(shop)
    database = sqlite3.connect(_file(shop))
    database.execute("PRAGMA journal_mode=DELETE")
    later = {20: ["aside"], 19: ["erasing"], 18: ["withheld"], 14: ["till"], 13: ["past_cell", "past_answer", "past_opening"], 12: ["reply", "outbox"], 11: ["refer", "reward"], 6: ["contact"], 4: ["seal", "expiry", "opening"], 3: ["answer", "import", "alert", "origin", "foreign_event", "checkpoint"]}
    database.execute("UPDATE touchpoint SET seal = x'', ts_ms = sold_ms, sold_ms = 0, signs = 0, earlier = 0")
    for event, digest in list(_chain(database, bytes(16))):
        database.execute("UPDATE event SET hash = ? WHERE n = ?", (digest, event["n"]))
    for index in ("event_plan", "foreign_event_plan", "touchpoint_signs", "touchpoint_earlier", "answer_comment", "answer_code"):
        database.execute(f"DROP INDEX {index}")
    for table in [name for since, names in later.items() if since > version for name in names]:
        database.execute(f"DROP TABLE {table}")
    columns = {"touchpoint": ("sold_ms", "expired_ms", "annulled_ms", "seal", "signs", "earlier", "refunded_ms", "content"),
               "cooldown": ("sale", "invitations"), "printer": ("named", "vouched")}
    if version == 3:
        columns |= {"import": ("opened", "started"), "checkpoint": ("before_day",), "alert": ("told_ms",),
                    "answer": ("revision", "edited_ms", "first_nps", "first_csat", "first_ces", "line", "fault", "own")}
        database.execute("DROP INDEX answer_unreadable")
    for table, column in [(table, column) for table, names in columns.items() for column in names]:
        database.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    database.execute(f"PRAGMA user_version = {version}")
    database.commit()
    database.close()


def journals_of_older_versions_are_read_and_left_as_they_are():
    for version in (2, 3):
        till = _till(1, sales=5)
        told = _told(_office(till))
        _make_older(till, version)
        before = open(_file(till), "rb").read()
        office = _office(till)
        same(_told(office), told, f"the report of a journal of version {version}")
        again = office.kwit("journal", "merge", _file(till), "--json")
        same((again.exit, again.line["merged"][0]["events"]), (0, 0), "the second time")
        same(open(_file(till), "rb").read(), before, "the file")
        _whole(office)
        _whole(till)
        same(_rows(till, "PRAGMA user_version"), _rows(_till(9, sales=1), "PRAGMA user_version"), "version after its own kwit read it")
        _sell(till, 1)
        same(_told(till)["total"]["sales"], 6, "and it goes on")
        same(office.kwit("journal", "merge", _file(till), "--json").line["merged"][0]["sales"], 1, "what it sold since")
        _whole(till)


def a_journal_of_a_newer_version_is_said_to_be_one():
    till, office = _till(1, sales=1), _office()
    _settle(till)
    database = sqlite3.connect(_file(till))
    database.execute("PRAGMA user_version = 99")
    database.commit()
    database.close()
    answer = office.kwit("journal", "merge", _file(till))
    want(answer.exit == 78 and "newer" in answer.text and _file(till) in answer.text, answer.text)


if __name__ == "__main__":
    run_tests(globals())
