"""The journal: edits and cuts by hand are found; tills merge into one report, once; pruning and erasing keep their word."""
import csv
import datetime
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from zoneinfo import ZoneInfo

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import clock        # noqa: E402  pylint: disable=wrong-import-position
from kwit import KWIT, Shop, day_in_code, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position


def _demo(*arguments):
    shop = Shop(survey=False)
    place = os.path.join(shop.place, "demo")
    made = shop.kwit("demo-day", place, "--sales", "40", *arguments)
    same(made.exit, 0, made.text)
    shop.state, shop.config = place, os.path.join(place, "kwit.conf")
    return shop


def _edit(shop, *statements):
    with sqlite3.connect(os.path.join(shop.state, "journal.db")) as database:
        for statement in statements:
            database.execute(statement)
    database.close()


def _copy(shop):
    other = Shop(survey=False)
    shutil.rmtree(other.state)
    shutil.copytree(shop.state, other.state)
    return other


def every_edit_by_hand_is_found():
    shop = _demo()
    whole = shop.kwit("journal", "verify", "--json")
    same((whole.exit, whole.line["whole"]), (0, True), "an untouched journal")
    edits = ["UPDATE touchpoint SET reason = 0 WHERE sale = (SELECT min(sale) FROM touchpoint WHERE reason <> 0)",
             "UPDATE touchpoint SET till = 'T9' WHERE sale = 5", "UPDATE touchpoint SET ts_ms = ts_ms + 1 WHERE sale = 20",
             "UPDATE touchpoint SET class = 1 WHERE sale = (SELECT min(sale) FROM touchpoint WHERE class = 4)",
             "UPDATE event SET detail = 'x' WHERE n = 30", "UPDATE event SET ev = 3 WHERE n = (SELECT min(n) FROM event WHERE ev = 6)",
             "DELETE FROM event WHERE n = 17", "DELETE FROM touchpoint WHERE sale = 9", "UPDATE cell SET n = n + 1 WHERE view = 0 AND n = 1",
             "UPDATE event SET hash = (SELECT hash FROM event WHERE n = 3) WHERE n = 4"]
    for edit in edits:
        other = _copy(shop)
        _edit(other, edit)
        answer = other.kwit("journal", "verify", "--json")
        same((answer.exit, answer.line["whole"]), (74, False), edit)


def a_cut_tail_is_found_with_a_head_kept_elsewhere():
    shop = _demo()
    head = shop.kwit("journal", "verify", "--json").line["head"]
    noted = f"{head['n']}-{head['hash']}"
    same(shop.kwit("journal", "verify", "--expect", noted).exit, 0, "the noted head")
    cut = "DELETE FROM event WHERE n > {0}; DELETE FROM touchpoint WHERE n > {0}".format(head["n"] - 20).split(";")
    other = _copy(shop)
    _edit(other, *cut)
    want("cut off" in other.kwit("journal", "verify").text, "a cut tail whose numbers are still known")
    _edit(other, f"UPDATE sqlite_sequence SET seq = {head['n'] - 20} WHERE name = 'event'", "DELETE FROM cell")
    answer = other.kwit("journal", "verify", "--expect", noted, "--json")
    same(answer.exit, 74, "a tail cut with care, against the noted head")
    same(shop.kwit("journal", "verify", "--expect", f"{head['n']}-0000000000000000").exit, 74, "another head")
    same(shop.kwit("journal", "verify", "--expect", "nonsense").exit, 64, "no head at all")
    shown = shop.kwit("report").text
    want(noted in shown, "the report shows the head")


def tills_merge_into_one_report_once():
    one, two, office = _demo("--seed", "1"), _demo("--seed", "2"), Shop(survey=False)
    _edit(two, "SELECT 1")
    files = [os.path.join(one.state, "journal.db")]
    first = office.kwit("journal", "merge", *files, "--json")
    same(first.exit, 0, first.text)
    again = office.kwit("journal", "merge", *files, "--json").line
    same(again["merged"][0]["events"], 0, "events of the second merge")
    mine, theirs = office.kwit("report", "--json").line, one.kwit("report", "--json").line
    for name in ("sales", "offered", "by_class", "suppressed"):
        same(mine["total"][name], theirs["total"][name], f"{name} at the office")
    same(office.kwit("journal", "verify").exit, 0, "the office's chain")
    clash = office.kwit("journal", "merge", os.path.join(two.state, "journal.db"))
    same(clash.exit, 65, "a handle that two journals use")
    want("handle" in clash.text, clash.text)
    same(one.kwit("journal", "merge", *files).exit, 65, "a journal into itself")
    _edit(one, "UPDATE touchpoint SET till = 'T9' WHERE sale = 5")
    same(office.kwit("journal", "merge", *files).exit, 74, "an edited journal")


def what_holds_no_journal_is_not_merged():
    office = Shop(survey=False)
    empty = os.path.join(office.place, "empty")
    with open(empty, "wb"):
        pass
    for file in ("/dev/null", empty):
        answer = office.kwit("journal", "merge", file)
        want(answer.exit == 66 and f"{file}: no journal is in it; name a journal.db" in answer.text, answer.text)
    same(office.kwit("journal", "verify").exit, 0, "the office's chain")


def answers_that_came_first_find_their_sale_after_the_merge():
    till, office = _demo("--seed", "4", "--rate", "20"), Shop(survey=False)
    os.makedirs(os.path.join(office.state, "keys"))
    shutil.copy(os.path.join(till.state, "keys/epoch-1.key"), os.path.join(office.state, "keys"))
    early = office.kwit("survey", "import", os.path.join(till.state, "answers.csv"), "--json").line
    same(early["verdicts"]["uncovered"], early["rows"], "answers before their journal")
    merged = office.kwit("journal", "merge", os.path.join(till.state, "journal.db"), "--json").line
    same(merged["rejudged"], early["rows"], "answers that found their sale")
    same(office.kwit("report", "--json").line["total"]["answers"], early["rows"], "answers in the report")


def pruning_leaves_a_whole_chain_and_the_later_days():
    shop = _demo("--days", "20")
    lines = [json.loads(line) for line in shop.kwit("journal", "export").out.decode().splitlines()]
    cut = sorted({line["day"] for line in lines})[10]
    later = [line for line in lines if line["day"] >= cut]
    refused = shop.kwit("journal", "prune", "--before", cut)
    want(refused.exit == 65 and "can still be answered" in refused.text, refused.text)
    same(len(shop.kwit("journal", "export").out.decode().splitlines()), len(lines), "nothing went")
    same(shop.kwit("journal", "prune", "--force", "--before", cut).exit, 0, "prune")
    left = [json.loads(line) for line in shop.kwit("journal", "export").out.decode().splitlines()]
    same(left, later, "what is left")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")
    same(shop.kwit("report", "--from", cut, "--json").line["total"]["sales"], sum(line["kind"] not in ("void", "training") for line in later), "the report")
    _edit(shop, "UPDATE event SET detail = 'x' WHERE n = (SELECT min(n) FROM event)")
    same(shop.kwit("journal", "verify").exit, 74, "an edit behind the checkpoint")


def what_was_pruned_stays_away_when_the_same_file_is_imported_again():
    shop = _demo("--days", "20", "--rate", "30")
    answers = os.path.join(shop.state, "answers.csv")
    with open(answers, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows[0]["comment"] = "SECRETY " + rows[0]["comment"]
    rows.append(dict(rows[0], response_id="typo", token="30C1-SQ2P"))
    with open(answers, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    same(shop.kwit("survey", "import", answers, "--form", "again").exit, 0, "the import")
    cut = rows[0]["submitted_at"][:10]
    cut = str(datetime.date.fromisoformat(cut) + datetime.timedelta(2))
    same(shop.kwit("journal", "prune", "--force", "--before", cut).exit, 0, "prune")
    left = _answer_count(shop)
    same(shop.kwit("survey", "import", answers, "--form", "again").exit, 0, "the same file")
    same(_answer_count(shop), left, "answers")
    held = [name for name in os.listdir(shop.state) if name.startswith("journal") and b"SECRETY" in open(os.path.join(shop.state, name), "rb").read()]
    same(held, [], "files that hold what was pruned")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")


def _answer_count(shop):
    database = sqlite3.connect(os.path.join(shop.state, "journal.db"))
    count = database.execute("SELECT count(*) FROM answer").fetchone()[0]
    database.close()
    return count


def a_code_of_a_pruned_day_is_not_called_unissued():
    shop = _demo("--days", "3", "--tills", "1", "--stores", "1")
    lines = [json.loads(line) for line in shop.kwit("journal", "export").out.decode().splitlines()]
    days, first = sorted({line["day"] for line in lines}), next(line for line in lines if line["invited"])
    day = day_in_code(first["day"])
    code = shop.kwit("survey", "token", "encode", "--epoch", "1", "--handle", str(first["handle"]), "--day", str(day), "--seq", str(first["seq"]),
                     "--variant", str(first["variant"]), "--json").line["code"]
    never = shop.kwit("survey", "token", "encode", "--epoch", "1", "--handle", str(first["handle"]), "--day", str(day), "--seq", "9000", "--variant", "0",
                      "--json").line["code"]
    same(shop.kwit("survey", "verify", code, "--json").line["verdict"], "matched", "before pruning")
    same(shop.kwit("survey", "verify", never, "--json").line["verdict"], "unissued", "a number that was not given")
    same(shop.kwit("journal", "prune", "--force", "--before", days[-1]).exit, 0, "prune")
    same(shop.kwit("survey", "verify", code, "--json").line["verdict"], "uncovered", "after pruning")


def an_erased_sale_leaves_no_trace_and_stays_a_duplicate():
    shop = Shop()
    secret = "ORDER-4711-XYZZY"
    _, first = shop.print(tiny(secret, notes=["PLUGH for the customer"]))
    same(first["outcome"], "printed", "the sale")
    same(shop.kwit("journal", "erase", secret).exit, 0, "erase")
    for name in os.listdir(shop.state):
        path = os.path.join(shop.state, name)
        data = open(path, "rb").read() if os.path.isfile(path) else b""
        want(secret.encode() not in data and b"PLUGH" not in data, f"{name} still holds the sale")
    _, again = shop.print(tiny(secret, notes=["PLUGH for the customer"]))
    same(again["outcome"], "duplicate", "the same sale again")
    _, other = shop.print(tiny(secret, notes=["another"]))
    same(other["outcome"], "conflict", "another document under that id")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")
    same(shop.kwit("journal", "erase", "never").exit, 65, "a sale that never was")


def _both_exports(shop, *arguments):
    lines = [json.loads(line) for line in shop.kwit("journal", "export", *arguments).out.decode().splitlines()]
    rows = list(csv.DictReader(io.StringIO(shop.kwit("journal", "export", "--format", "csv", *arguments).out.decode(), newline="")))
    same(len(rows), len(lines), "lines")
    return lines, rows


def erasing_asks_which_of_two_sales_with_one_id():
    shop = Shop()
    for till in ("A", "B"):
        shop.print(tiny("SAME", terminal=till, notes=[f"PLUGH at {till}"]))
    refused = shop.kwit("journal", "erase", "SAME")
    want(refused.exit == 65 and "A, B" in refused.text and "--till" in refused.text, refused.text)
    for words in (["survey", "explain", "SAME"], ["survey", "token", "show", "SAME"]):
        asked = shop.kwit(*words)
        want(asked.exit == 65 and "A, B" in asked.text, asked.text)
        same(shop.kwit(*words, "--till", "B").exit, 0, f"{words} of till B")
    same(shop.kwit("journal", "erase", "SAME", "--till", "C").exit, 65, "a till that never was")
    same(shop.kwit("journal", "erase", "SAME", "--till", "A").exit, 0, "the one of till A")
    data = b"".join(open(os.path.join(shop.state, name), "rb").read() for name in os.listdir(shop.state) if name.startswith("journal"))
    same((b"PLUGH at A" in data, b"PLUGH at B" in data), (False, True), "which one is gone")
    same(shop.kwit("journal", "erase", "SAME").exit, 0, "the one that is left")


def a_document_that_was_wiped_is_nowhere_on_the_disk():
    shop = Shop()
    shop.print(tiny("OLD", notes=["PLUGH for the customer"]))
    for i in range(4):
        shop.print(tiny(f"N{i}"))
    _edit(shop, "UPDATE sale SET accepted_ms = accepted_ms - 20 * 86400000 WHERE name = 'OLD'",
          "UPDATE job SET accepted_ms = accepted_ms - 20 * 86400000 WHERE id = 1")
    held = lambda: [name for name in os.listdir(shop.state) if name.startswith("journal")
                    and b"PLUGH" in open(os.path.join(shop.state, name), "rb").read()]
    want(held(), "the document is not stored at all")
    for i in range(60):                         # housekeeping comes with one of them
        shop.print(tiny(f"M{i}"))
        if held() != ["journal.db"] and i > 3:
            break
    same(held(), [], "files that still hold it")


def exports_are_csv_and_json_lines_that_agree():
    shop = _demo("--days", "20", "--rate", "20")
    for arguments in ((), ("--events",)):
        lines, rows = _both_exports(shop, *arguments)
        for row, line in zip(rows, lines):
            same(list(row), list(line), "columns")
            cells = {name: "" if value is None else str(int(value)) if isinstance(value, bool) else str(value) for name, value in line.items()}
            same(row, cells, f"cells of {line['n']}")
        same(len({(line["journal"], line["n"]) for line in lines}), len(lines), "keys of events")


def an_export_says_what_became_of_each_invitation():
    shop = _demo("--days", "24", "--rate", "30")
    lines = [json.loads(line) for line in shop.kwit("journal", "export").out.decode().splitlines()]
    events = [json.loads(line) for line in shop.kwit("journal", "export", "--events").out.decode().splitlines()]
    with open(os.path.join(shop.state, "answers.csv"), encoding="utf-8") as file:
        answers = list(csv.DictReader(file))
    answered = [line for line in lines if line["verdict"] == "matched"]
    same(len(answered), len(answers), "sales with an answer that counts")
    same(sorted((line["submitted"], str(line["nps"])) for line in answered), sorted((row["submitted_at"], row["nps"]) for row in answers), "their scores")
    sales = {event["n"]: event["sale"] for event in events if event["event"] in ("offered", "suppressed")}
    expired = {event["sale"] for event in events if event["event"] == "expired"}
    latest = datetime.datetime.fromisoformat(max(row["submitted_at"] for row in answers).replace("Z", "+00:00"))
    latest = latest.astimezone(ZoneInfo("Europe/Warsaw")).date()
    reach = str(min(latest, clock.today()) - datetime.timedelta(1))
    for line in lines:
        over = line["invited"] and line["class"] in ("proven", "sent", "unconfirmed") and line["verdict"] != "matched" and line["expires"] <= reach
        same(bool(line["expired"]), over, f"whether {line['n']} expired")
        same(sales[line["n"]] in expired, over, f"the event of {line['n']}")
        local = datetime.datetime.fromisoformat(line["local_time"])
        same(local, datetime.datetime.fromisoformat(line["time"].replace("Z", "+00:00")), "local time")
        same(local.utcoffset(), datetime.timedelta(minutes=line["offset_minutes"]), "its offset")
    want(expired, "nothing expired")
    plain = sum(bool(line["expired"]) and not line["forced"] for line in lines)
    same(shop.kwit("report", "--json").line["expired"], plain, "in the report")
    want(f"Expired unanswered" in shop.kwit("report").text, "in its text")
    same(len(expired), sum(event["event"] == "expired" for event in events), "once for each sale")
    again = shop.kwit("survey", "import", os.path.join(shop.state, "answers.csv"))
    same(again.exit, 0, again.text)
    count = sum(b'"event":"expired"' in line for line in shop.kwit("journal", "export", "--events").out.splitlines())
    same(count, len(expired), "expired events after importing again")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")


def a_late_answer_to_an_expired_invitation_stays_expired():
    shop = _demo("--days", "24", "--rate", "30", "--tills", "1", "--stores", "1")
    line = next(json.loads(text) for text in shop.kwit("journal", "export").out.decode().splitlines() if json.loads(text)["expired"])
    day = day_in_code(line["day"])
    code = shop.kwit("survey", "token", "encode", "--epoch", "1", "--handle", str(line["handle"]), "--day", str(day), "--seq", str(line["seq"]),
                     "--variant", str(line["variant"]), "--json").line["code"]
    late = os.path.join(shop.place, "late.csv")
    with open(late, "w", encoding="utf-8") as file:
        file.write(f"response_id,token,submitted_at,nps\nlate,{code},{clock.now().isoformat()},10\n")
    same(shop.kwit("survey", "import", late, "--json").line["verdicts"]["expired"], 1, "a late answer")
    after = next(json.loads(text) for text in shop.kwit("journal", "export").out.decode().splitlines() if json.loads(text)["n"] == line["n"])
    same((after["verdict"], after["nps"], after["expired"]), ("expired", 10, line["expired"]), "in the export")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")


def an_export_guards_cells_and_names_nobody():
    shop = Shop(more="cashier = yes\n")
    names = {"terminal": "=cmd|'/c calc'!A1", "cashier": "-Ann, \"the\nboss\""}
    shop.print(tiny("ORDER-4711", customer={"loyalty_id": "CARD-77"}, notes=["PLUGH"], **names))
    shop.print(tiny("+B", terminal="@sum", cashier="\ttab"))
    same(shop.kwit("reprint", "ORDER-4711").exit, 0, "a reprint")
    lines, rows = _both_exports(shop)
    same([line["till"] for line in lines], [names["terminal"], "@sum"], "tills as they are, in JSON")
    same([row["till"] for row in rows], ["'" + names["terminal"], "'@sum"], "tills that are no formula, in CSV")
    want(all(cell[:1] not in tuple("=+-@\t\r") for row in rows for cell in row.values()), f"{rows}")
    same([line["reprints"] for line in lines], [1, 0], "reprints")
    for secret in (b"ORDER-4711", b"CARD-77", b"PLUGH", b"1.00", b"Apple"):
        for arguments in ((), ("--format", "csv"), ("--events",)):
            want(secret not in shop.kwit("journal", "export", *arguments).out, f"{secret} in the export {arguments}")


def a_sale_does_not_wait_for_an_import():
    shop = _demo("--days", "3")
    path = os.path.join(shop.place, "many.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write("response_id,token,submitted_at,nps\n")
        for i in range(60000):
            file.write(f"{i},,2026-11-20T10:00:00Z,9\n")
    importing = subprocess.Popen([os.environ.get("KWIT", "build/kwit"), "--config", shop.config, "--state", shop.state, "survey", "import", path],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    begun = during = 0
    while importing.poll() is None:
        begun += 1
        _, line = shop.print(tiny(f"during-{begun}"), "--printer", f"sim:{shop.paper}?profile=tm-t20iii")
        same(line["outcome"], "printed", "a sale during the import")
        during += importing.poll() is None
    same(importing.wait(), 0, "the import")
    want(during > 0, f"none of {begun} sales ended before the import did")


if __name__ == "__main__":
    run_tests(globals())
