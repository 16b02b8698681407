"""Answers in, in each platform's layout and in the encodings that spreadsheets write; faults change nothing."""
import csv
import datetime
import io
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
import zoneinfo
from xml.sax.saxutils import escape

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import clock        # noqa: E402  pylint: disable=wrong-import-position
from workbook import workbook     # noqa: E402  pylint: disable=wrong-import-position
from kwit import NOW, PACE_S, EXAMPLE, KWIT, Shop, day_in_code, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position


def _shop():
    """The demonstration's journal: its tokens carry no test flag."""
    shop = Shop(survey=False)
    made = shop.kwit("demo-day", os.path.join(shop.place, "demo"), "--tills", "1", "--stores", "1", "--sales", "60", "--rate", "0.0001")
    same(made.exit, 0, made.text)
    shop.state = os.path.join(shop.place, "demo")
    shop.config = os.path.join(shop.state, "kwit.conf")
    exported = [json.loads(text) for text in shop.kwit("journal", "export").out.decode().splitlines()]
    shop.day = exported[0]["day"]
    shop.invited = [sale for sale in exported if sale["invited"]]
    shop.tokens = []
    for sale in shop.invited[:12]:
        answer = shop.kwit("survey", "token", "encode", "--epoch", "1", "--handle", str(sale["handle"]), "--day", str(day_in_code(sale["day"])), "--seq",
                           str(sale["seq"]), "--variant", str(sale["variant"]), "--json")
        shop.tokens.append(answer.line["code"])
    return shop


def _day(text):
    return (datetime.date.fromisoformat(text) - datetime.date(2024, 1, 1)).days


def _csv(rows, delimiter=",", quoting=csv.QUOTE_MINIMAL, end="\r\n"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(rows)
    return out.getvalue()


def _import(shop, data, *arguments, name="answers"):
    path = os.path.join(shop.place, name)
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())
    return shop.kwit("survey", "import", path, "--json", *arguments)


def _xlsx(rows, shared=True):
    """A workbook as spreadsheets write it: shared or inline strings, numbers, cells left out."""
    strings, cells = [], []
    for r, row in enumerate(rows, 1):
        text = ""
        for c, value in enumerate(row):
            place = f"{chr(65 + c)}{r}"
            if value is None:
                continue
            if isinstance(value, (int, float)):
                text += f'<c r="{place}"><v>{value}</v></c>'
            elif shared:
                strings.append(value)
                text += f'<c r="{place}" t="s"><v>{len(strings) - 1}</v></c>'
            else:
                text += f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        cells.append(f'<row r="{r}">{text}</row>')
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        if shared:
            book.writestr("xl/sharedStrings.xml", '<?xml version="1.0"?><sst xmlns="x">' + "".join(
                f"<si><t>{escape(text)}</t></si>" for text in strings) + "</sst>")
        book.writestr("xl/worksheets/sheet1.xml", f'<?xml version="1.0"?><worksheet xmlns="x"><sheetData>{"".join(cells)}</sheetData></worksheet>')
    return out.getvalue()


QUALTRICS = ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate", "ResponseId",
             "RecipientLastName", "LocationLatitude", "DistributionChannel", "UserLanguage", "Q1", "t"]


def _layouts(tokens, day):
    """platform -> (file, options, how many answers count). Two answers each, one of them low, in that platform's columns."""
    a, b = tokens[:2]
    stamp = f"{day} 23:30:00"
    yield "own", _csv([["response_id", "token", "submitted_at", "lang", "nps", "csat", "ces", "comment", "contact_ok"],
                       ["1", a, f"{day}T22:30:00Z", "pl", 10, 5, 7, "", "no"], ["2", b, f"{day}T22:31:00Z", "en", 2, 1, 1, "slow, \"very\"\nslow", "yes"]]), [], 2
    labels = ["Start Date"] * 13 + ["How likely?", "t"]
    ids = ['{"ImportId":"startDate","timeZone":"Europe/Warsaw"}'] + ['{"ImportId":"x"}'] * 14
    row = lambda token, identity, status: [stamp, stamp, status, "", "100", "30", "1", stamp, identity, "", "", "anonymous", "PL", "9", token]
    yield "qualtrics", "\ufeff" + _csv([QUALTRICS, labels, ids, row(a, "R_1", "IP Address"), row(b, "R_2", "IP Address"),
                                        row(a, "R_3", "Survey Preview")]), ["--column", "nps=Q1"], 2
    yield "limesurvey", "\ufeff" + _csv([["id", "submitdate", "lastpage", "startlanguage", "seed", "t", "Q00"],
                                         ["1", stamp, "1", "pl", "7", a, "9"], ["2", "", "1", "pl", "7", b, ""]], quoting=csv.QUOTE_ALL), ["--column", "nps=Q00"], 1
    yield "formbricks", _csv([["No.", "Response ID", "Timestamp", "Finished", "Survey ID", "1. How likely?", "t"],
                              ["1", "c1", f"{day} 22:30:00", "Yes", "s", "9", a], ["2", "c2", f"{day} 22:30:00", "No", "s", "9", b]]), ["--column", "nps=1. How likely?"], 1
    yield "typeform", _csv([["#", "How likely?", "t", "Start Date (UTC)", "Submit Date (UTC)", "Network ID"],
                            ["x1", "9", a, f"{day} 22:30:00", f"{day} 22:31:00", "n"], ["x2", "3", b, f"{day} 22:30:00", f"{day} 22:31:00", "n"]]), ["--column", "nps=How likely?"], 2
    us = f"{day[5:7]}/{day[8:]}/{day[:4]} 10:30:00 PM"
    yield "surveymonkey", _csv([["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "How likely?", "t"],
                                ["", "", "", "", "", "Response", ""], ["11", "1", us, us, "", "9", a], ["12", "1", us, us, "", "10", b]]), ["--column", "nps=How likely?", "--dates", "mdy"], 2
    yield "tally", _csv([["Submission ID", "Respondent ID", "Submitted at", "How likely?", "t"],
                         ["s1", "r1", f"{day} 22:25:40", "9", a], ["s2", "r2", f"{day} 22:25:40", "9", b]], delimiter=";"), ["--column", "nps=How likely?"], 2
    yield "jotform", _csv([["Submission Date", "How likely?", "t", "Submission ID"], [f"{day} 22:25:40", "9", a, "5"], [f"{day} 22:25:40", "9", b, "6"]]), ["--column", "nps=How likely?"], 2
    serial = _day(day) + 45292 + 0.9375
    yield "microsoft", _xlsx([["ID", "Start time", "Completion time", "Email", "Name", "Kod", "Jak oceniasz?"],
                              [1, serial, serial, "anonymous", None, a, "10 - Extremely likely"], [2, serial, serial, "anonymous", None, b, 3]]), ["--column", "nps=Jak oceniasz?"], 2
    yield "google", _csv([["Sygnatura czasowa", "Kod", "Ocena"], [f"{day.replace('-', '/')} 11:04:05 PM GMT+1", a.lower(), "Bardzo dobrze"],
                          [f"{day.replace('-', '/')} 11:05:05 PM GMT+1", b.replace("-", " "), "Bardzo źle"]]), ["--column", "csat=Ocena", "--value", "Bardzo dobrze=5", "--value", "Bardzo źle=1"], 2


def each_platform_is_read_in_its_own_layout_and_only_once():
    shop = _shop()
    for platform, data, options, counted in _layouts(shop.tokens, shop.day):
        first = _import(shop, data, "--platform", platform, *options, name=platform)
        same(first.exit, 0, f"{platform}: {first.text}")
        verdicts = first.line["verdicts"]
        same(verdicts["matched"] + verdicts["used"], counted, f"{platform}: {first.text}")
        same(verdicts["used"] > 0, platform != "own", f"{platform}: answers to the same two sales")
        same(first.line["rows"], first.line["added"] + first.line["known"] + first.line["previews"], f"{platform}: rows accounted for")
        again = _import(shop, data, "--platform", platform, *options, name=platform).line
        same((again["added"], again["known"]), (0, first.line["added"]), f"{platform}: the second time")
    total = shop.kwit("report", "--json").line
    same(total["total"]["answers"], 2, "of many answers to two tokens one counts for each")
    same(total["total"]["contested"], 2, "and both are contested")


def json_lines_walk_into_objects():
    shop = _shop()
    lines = [json.dumps({"form_response": {"token": f"id{i}", "submitted_at": f"{shop.day}T22:30:0{i}Z", "hidden": {"t": token}}, "nps": 9})
             for i, token in enumerate(shop.tokens[:3])]
    answer = _import(shop, "\n".join(lines) + "\n", "--platform", "typeform").line
    same((answer["rows"], answer["verdicts"]["matched"]), (3, 3), "rows and matches")


def encodings_of_spreadsheets_give_the_same_answers():
    comment = "Obsługa świetna, żółć"
    for encoding, option in (("utf-8", []), ("utf-8-sig", []), ("utf-16", []), ("cp1250", ["--encoding", "cp1250"])):
        shop = _shop()
        data = _csv([["response_id", "token", "submitted_at", "nps", "comment"], ["1", shop.tokens[0], f"{shop.day}T22:30:00Z", 3, comment]], delimiter=";")
        answer = _import(shop, data.encode(encoding), *option)
        same(answer.exit, 0, f"{encoding}: {answer.text}")
        alerts = shop.kwit("report", "alerts", "--json").line["alerts"]
        same([alert["comment"] for alert in alerts], [comment], encoding)
    shop = _shop()
    answer = _import(shop, _csv([["token", "submitted_at", "comment"], ["x", f"{shop.day}T22:30:00Z", comment]]).encode("cp1250"))
    same(answer.exit, 65, "cp1250 without saying so")
    want("line 2, column 3" in answer.text and "--encoding" in answer.text, answer.text)


def workbooks_may_have_inline_strings():
    shop = _shop()
    rows = [["response_id", "token", "submitted_at", "nps"], ["1", shop.tokens[0], f"{shop.day}T22:30:00Z", 9]]
    same(_import(shop, _xlsx(rows, shared=False)).line["verdicts"]["matched"], 1, "inline strings")
    whole = _xlsx(rows)
    for cut in (30, len(whole) // 2, len(whole) - 10):
        answer = _import(shop, whole[:cut])
        same(answer.exit, 65, f"a workbook cut at {cut}: {answer.text}")


def verdicts_are_given_in_their_order():
    shop = _shop()
    good, late = shop.tokens[0], shop.tokens[1]
    sale = shop.invited[0]

    def token(**changes):
        fields = {"epoch": 1, "handle": sale["handle"], "day": day_in_code(shop.day), "seq": sale["seq"], "variant": sale["variant"], "flag": 0}
        fields.update(changes)
        return shop.kwit("survey", "token", "encode", *sum((["--" + k, str(v)] for k, v in fields.items()), []), "--json").line["code"]
    rows = {"mistyped": "30C1-SQ2P", "foreign": "30C1-SQ2P-RZ2N-E2GC-T3YN", "test": token(flag=1), "conflict": token(variant=7),
            "unissued": token(seq=9999), "uncovered": token(handle=77), "no_token": "", "matched": good, "expired": late}
    table = [["response_id", "token", "submitted_at", "nps"]]
    for word, code in rows.items():
        table.append([word, code, "2099-01-01T00:00:00Z" if word == "expired" else f"{shop.day}T22:30:00Z", 9])
    verdicts = _import(shop, _csv(table)).line["verdicts"]
    same({word: verdicts[word] for word in rows}, {word: 1 for word in rows}, "verdicts")
    same(shop.kwit("survey", "verify", good, "--json").line["verdict"], "used", "an answered code")
    same(shop.kwit("survey", "verify", shop.tokens[3], "--json").line["verdict"], "matched", "an open code")


def an_answer_is_late_by_the_day_where_the_sale_was_made():
    """A till eight hours behind UTC, and an office in Warsaw that imports. The till's clock is moved when Warsaw's is."""
    pipe = os.path.join(tempfile.mkdtemp(dir=os.environ["SCRATCH"]), "printer")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDWR)
    shop = Shop(printer=f"file:{pipe}", more="[store]\ntimezone = Europe/Warsaw\n")
    west = datetime.timezone(datetime.timedelta(hours=-8))
    now = NOW.astimezone(west)
    tokens = [shop.print(tiny(f"W{i}", time=now.isoformat()))[1]["survey"]["token"] for i in range(3)]
    os.close(reader)
    expires = json.loads(shop.kwit("journal", "export").out.decode().splitlines()[0])["expires"]
    warsaw = zoneinfo.ZoneInfo("Europe/Warsaw")
    evening = datetime.datetime.fromisoformat(f"{expires}T20:00:00-08:00")
    evening -= evening.astimezone(warsaw).utcoffset() - now.astimezone(warsaw).utcoffset()
    rows = [["response_id", "token", "submitted_at", "nps"], ["1", tokens[0], evening.isoformat(), 9],
            ["2", tokens[1], (evening + datetime.timedelta(hours=3, minutes=59)).isoformat(), 9],
            ["3", tokens[2], (evening + datetime.timedelta(hours=4)).isoformat(), 9]]
    verdicts = _import(shop, _csv(rows)).line["verdicts"]
    same((verdicts["matched"], verdicts["expired"]), (2, 1), "answers of the last evening, and of the next day")


def an_id_with_another_code_is_another_answer():
    """A platform's text ids, of which two are the same: nothing is lost, in whatever order, spelling or run it comes."""
    shop = _shop()
    one, two, time = shop.tokens[0], shop.tokens[1], f"{shop.day}T22:00:00Z"
    header = ["response_id", "token", "submitted_at", "nps"]
    done = _import(shop, _csv([header, ["R_a", one, time, 9], ["R_a", two, time, 3], ["R_a", "no code at all", time, 5]])).line
    same((done["added"], done["known"], done["same_id"], done["verdicts"]["matched"]), (3, 0, 2, 2), "three answers of one id")
    spelled = one.lower().replace("-", " ")
    for rows in ([["R_a", two, time, 3], ["R_a", spelled, time, 9]], [["R_a", "no code at all", time, 5], ["R_a", two, time, 3], ["R_a", one, time, 9]]):
        done = _import(shop, _csv([header, *rows])).line
        same((done["added"], done["known"], done["same_id"]), (0, len(rows), 0), f"again: {rows}")
    same(_query(shop, "SELECT group_concat(nps) FROM (SELECT nps FROM answer WHERE verdict = 10 ORDER BY nps)"), [("3,9",)], "scores that count")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")


def a_wrong_file_names_its_place_and_changes_nothing():
    shop = _shop()
    head = ["response_id", "token", "submitted_at", "nps", "csat", "comment"]
    good = ["1", shop.tokens[0], f"{shop.day}T22:30:00Z", 9, 5, "x"]
    broken = [(["2", "", f"{shop.day}T22:30:00Z", 11, 5, ""], "line 3, column 4"), (["2", "", "yesterday", 9, 5, ""], "line 3, column 3"),
              (["2", "", "03/04/2026 10:00", 9, 5, ""], "--dates"), (["2", "", f"{shop.day}T22:30:00Z", 9, "great", ""], "line 3, column 5"),
              (["2", "", "2026-02-30 10:00", 9, 5, ""], "no such date")]
    for row, words in broken:
        for answer in (_import(shop, _csv([head, good, row]), "--strict"), _import(shop, _csv([head, [], row]))):
            same(answer.exit, 65, f"{row}: {answer.text}")
            want(words in answer.text, answer.text)
    for data, words in ((b"", "empty"), ("token,nps\nx,1\n", "submitted_at"), ('token,submitted_at\n"x,1\n', "never closed"),
                        ('token,submitted_at\n"x"y,1\n', "line 2"), (b"\x00\x01\x02", "line 1")):
        answer = _import(shop, data)
        same(answer.exit, 65, f"{data!r}: {answer.text}")
        want(words in answer.text, answer.text)
    same(shop.kwit("report", "--json").line["verdicts"]["matched"], 0, "answers after nothing but faults")
    want(not [name for name in os.listdir(shop.state) if "staging" in name], "a staging file was left")


def one_odd_cell_does_not_refuse_the_file():
    shop = _shop()
    head = ["response_id", "token", "submitted_at", "nps", "csat", "comment"]
    row = lambda number, when, nps, csat: [f"r{number}", shop.tokens[number], when or f"{shop.day}T22:30:00Z", nps, csat, "x"]
    rows = [row(0, None, 9, 5), row(1, None, 11, 5), row(2, None, "Don't know", 4), row(3, None, -99, "★★★★☆"), row(4, None, "A2", 1),
            row(5, "half past nine", 3, 3), row(6, None, 0, "⭐⭐"), row(7, None, 7, "tel. 601 234 567")]
    done = _import(shop, _csv([head, *rows])).line
    same((done["rows"], done["added"], done["unreadable"], done["verdicts"]["matched"], done["verdicts"]["unreadable"]), (8, 8, 4, 4, 4), "what went in")
    same([odd["line"] for odd in done["unreadable_rows"]], [3, 6, 7, 9], "their lines")
    faults = [odd["fault"] for odd in done["unreadable_rows"]]
    want('column 4 (nps) "11": this number is outside the scale' in faults[0] and '"A2"' in faults[1] and "column 3 (time)" in faults[2], faults)
    want("601" not in faults[3] and "[tel]" in faults[3], faults[3])
    same(_query(shop, "SELECT nps, csat FROM answer WHERE verdict = 10 ORDER BY id"), [(9, 5), (None, 4), (None, 4), (0, 2)], "scores that were read")
    kept = _query(shop, "SELECT line, fault FROM answer WHERE verdict = 16 ORDER BY line")
    same([(line, fault) for line, fault in kept], [(odd["line"], odd["fault"]) for odd in done["unreadable_rows"]], "kept with their line")
    same(shop.kwit("report", "--json").line["verdicts"]["unreadable"], 4, "the report counts them")
    again = _import(shop, _csv([head, *rows])).line
    same((again["added"], again["known"]), (0, 8), "the same file once more")
    told = _import(shop, _csv([head, *rows]), "--value", "A2=2", "--value", "11 = none", name="told").line
    same((told["added"], told["unreadable"], told["verdicts"]["matched"]), (2, 2, 2), "with two of them explained")
    rows[5][2], rows[7][4] = f"{shop.day}T22:40:00Z", 5
    same(_import(shop, _csv([head, *rows]), "--value", "A2=2", "--value", "11 = none", name="mended").line["added"], 2, "with the others mended")
    same(_query(shop, "SELECT count(*), sum(verdict = 10), sum(verdict = 16) FROM answer"), [(8, 8, 0)], "nothing is left unreadable")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")


def a_long_file_of_odd_cells_is_the_wrong_file():
    shop = _shop()
    rows = [["response_id", "token", "submitted_at", "nps"]] + [[f"r{i}", "", f"{shop.day}T22:30:00Z", 9 if i < 9 else "often"] for i in range(20)]
    refused = _import(shop, _csv(rows))
    want(refused.exit == 65 and "line 11, column 4" in refused.text and "11 of 20 rows" in refused.text, refused.text)
    same(_query(shop, "SELECT count(*) FROM answer"), [(0,)], "nothing went in")
    rows[20][3] = 1
    same(_import(shop, _csv(rows)).line["unreadable"], 10, "half of them are odd rows")


def headers_and_sheets_are_where_they_are_said_to_be():
    shop = _shop()
    rows = [["response_id", "token", "submitted_at", "nps"], ["1", shop.tokens[0], f"{shop.day}T22:30:00Z", 9]]
    above = "Report, of all; shops\r\n\r\nmade by hand;;\r\n"
    want(_import(shop, above + _csv(rows, ";")).exit == 65, "a title is no header")
    same(_import(shop, above + _csv(rows, ";"), "--header-at", "4").line["added"], 1, "a header on the fourth line")
    book = workbook([["token", "submitted_at", "nps"], [shop.tokens[1], f"{shop.day}T22:30:00Z", 3]], others=[[["token", "submitted_at", "nps"],
                                                                                                       [shop.tokens[2], f"{shop.day}T22:30:00Z", 4]]])
    for sheet, added in (("", 1), ("notes", 1), ("Odpowiedzi", 0), ("odpowiedzi", 0), ("2", 0), ("1", 0)):
        same(_import(shop, book, *(["--sheet", sheet] if sheet else []), name="book.xlsx").line["added"], added, f"sheet {sheet}")
    same(_query(shop, "SELECT nps FROM answer ORDER BY id"), [(9,), (3,), (4,)], "each sheet once")
    wrong = _import(shop, book, "--sheet", "Antworten", name="book.xlsx")
    want(wrong.exit == 65 and "no sheet is called Antworten; the workbook has: notes, Odpowiedzi" in wrong.text, wrong.text)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office:document-content/>")
    want("OpenDocument spreadsheet (.ods); save it as" in _import(shop, out.getvalue()).text, "an .ods file is named")


def questions_of_one_title_are_asked_about():
    shop = _shop()
    time_text = f"{shop.day}T22:30:00Z"

    def table(name, *pairs):
        return _csv([["response_id", "token", "submitted_at", "How was it?", "How was it?"]]
                    + [[f"{name}{i}", shop.tokens[i], time_text, *pair] for i, pair in enumerate(pairs)])
    apart = _import(shop, table("a", (9, ""), ("", 3)), "--column", "nps=How was it?", name="apart")
    same((apart.exit, _query(shop, "SELECT nps FROM answer ORDER BY id")), (0, [(9,), (3,)]), f"each row answers one of them: {apart.text}")
    both = table("b", (8, ""), (9, 2))
    asked = _import(shop, both, "--column", "nps=How was it?", name="both")
    want(asked.exit == 65 and "line 3: columns 4 and 5 have one title" in asked.text and "--column nps=#4, or #5" in asked.text, asked.text)
    same(_query(shop, "SELECT count(*) FROM answer"), [(2,)], "nothing of it went in")
    told = _import(shop, both, "--column", "nps=#5", name="both")
    same((told.exit, _query(shop, "SELECT nps FROM answer ORDER BY id")[2:]), (0, [(None,), (2,)]), f"the fifth: {told.text}")
    wrong = _import(shop, both, "--column", "nps=#6", name="both")
    want(wrong.exit == 65 and "no column is called #6" in wrong.text, wrong.text)


def hours_that_were_twice_are_asked_about():
    shop = _shop()
    table = _csv([["response_id", "token", "submitted_at", "nps"], ["1", "", "2026-10-25 02:30:00", 9]])
    answer = _import(shop, table, "--zone", "Europe/Warsaw")      # its only row
    same(answer.exit, 65, answer.text)
    want("--clock-change" in answer.text, answer.text)
    same(_import(shop, table, "--zone", "Europe/Warsaw", "--clock-change", "first").exit, 0, "with an answer to that")
    gone = _import(shop, table.replace("2026-10-25", "2026-03-29"), "--zone", "Europe/Warsaw")
    same(gone.exit, 65, "an hour that never was")
    want("forward" in gone.text, gone.text)


def comments_lose_addresses_and_numbers():
    shop = _shop()
    table = _csv([["response_id", "token", "submitted_at", "nps", "comment"],
                  ["1", shop.tokens[0], f"{shop.day}T22:30:00Z", 1, "write to ann.b@mail.example.com or +48 601 234 567, table 12"]])
    same(_import(shop, table).exit, 0, "import")
    comment = shop.kwit("report", "alerts", "--json").line["alerts"][0]["comment"]
    same(comment, "write to [@] or [tel], table 12", "the kept comment")


def opens_and_starts_stand_between_paper_and_answer():
    shop = _shop()
    said = shop.kwit("report", "--json").line
    same((said["opens"], said["starts"]), ("not measured", "not measured"), "before anybody measured")
    want("not measured" in shop.kwit("report").text, "the text says so too")
    good, other, late = shop.tokens[:3]
    rows = [["token", "submitted_at", "event", "nps"],
            [good, f"{shop.day}T22:20:00Z", "opened", ""], [good, f"{shop.day}T22:10:00Z", "opened", ""], [good, f"{shop.day}T22:21:00Z", "started", ""],
            [other, f"{shop.day}T22:20:00Z", "Opened", ""], [late, "2099-01-01T00:00:00Z", "opened", ""], ["30C1-SQ2P", f"{shop.day}T22:20:00Z", "opened", ""],
            [good, f"{shop.day}T22:30:00Z", "completed", 9], [other, f"{shop.day}T22:31:00Z", "", 3]]
    first = _import(shop, _csv(rows)).line
    same((first["rows"], first["opened"], first["started"], first["added"], first["new_events"]), (8, 5, 1, 2, 3), "rows by what they tell")
    same((first["event_verdicts"]["matched"], first["event_verdicts"]["expired"], first["event_verdicts"]["mistyped"]), (4, 1, 1), "verdicts on their codes")
    again = _import(shop, _csv(rows)).line
    same((again["new_events"], again["known"]), (0, 2), "the second time")
    report = shop.kwit("report", "--json").line
    same((report["opens"]["sales"], report["starts"]["sales"], report["total"]["answers"]), (2, 1, 2), "sales, not visits")
    same(sum(count for word, count in report["opens"].items() if word != "sales"), 2, "by class")
    waits = [(datetime.datetime.fromisoformat(f"{shop.day}T22:{minute}:00+00:00") - datetime.datetime.fromisoformat(sale["time"].replace("Z", "+00:00")))
             .total_seconds() for minute, sale in ((10, shop.invited[0]), (20, shop.invited[1]))]
    want(abs(report["median_open_s"] - sum(waits) / 2) < 60, f"from print to opening: {report['median_open_s']}, {waits}")
    whole = next(csv.DictReader(io.StringIO(shop.kwit("report", "--format", "csv").out.decode())))
    same((whole["opened"], whole["started"]), ("2", "1"), "in the CSV")
    page = shop.kwit("report", "--format", "html", "--lang", "pl").out.decode()
    want("Otwarcia</dt><dd>2" in page and "Rozpoczęcia</dt><dd>1" in page, "on the page")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")
    wrong = _import(shop, _csv([["token", "submitted_at", "event"], [good, f"{shop.day}T22:20:00Z", "seen"]]))
    same(wrong.exit, 65, wrong.text)
    want("line 2, column 3" in wrong.text, wrong.text)


def one_import_a_day_is_taken_each_day():
    shop = _shop()
    days = [(datetime.date.fromisoformat(shop.day) - datetime.timedelta(days=back)).isoformat() for back in (4, 3, 2, 1)]
    for number, day in enumerate(days):
        rows = [["response_id", "token", "submitted_at", "event", "nps"], [f"r{number}", shop.tokens[number], f"{day}T10:00:00Z", "", 9],
                ["", shop.tokens[number], f"{day}T09:00:00Z", "opened", ""], ["", shop.tokens[0], f"{day}T09:00:00Z", "opened", ""]]
        answer = _import(shop, _csv(rows))
        same(answer.exit, 0, answer.text)
        same((answer.line["added"], answer.line["early"], answer.line["future"]), (1, 1, 0), "before the sale, and told so")
    same(shop.kwit("report", "--json").line["opens"]["sales"], 4, "sales that were opened")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")
    later = _import(shop, _csv([["response_id", "token", "submitted_at", "nps"], ["f", "junk", "2199-01-01T10:00:00Z", 9]])).line
    same((later["future"], _query(shop, "SELECT max(reach_ms) FROM import")[0][0] <= clock.now_ms()), (1, True), "nothing reaches beyond now")


def scores_that_were_not_named_are_asked_for_and_come_later():
    shop = _shop()
    table = _csv([["#", "How likely?", "t", "Submit Date (UTC)"], ["x1", "2", shop.tokens[0], f"{shop.day} 22:31:00"]])
    first = _import(shop, table, "--platform", "typeform")
    same((first.line["scores"], first.line["columns"]), (False, {"token": "t", "id": "#", "time": "Submit Date (UTC)"}), "what was found")
    want("no column of scores" in shop.kwit("survey", "import", os.path.join(shop.place, "answers"), "--platform", "typeform").text, "a warning")
    again = _import(shop, table, "--platform", "typeform", "--column", "csat=How likely?").line
    same((again["known"], again["filled"], again["added"]), (1, 1, 0), "the same answer, whole")
    same([alert["kind"] for alert in shop.kwit("report", "alerts", "--json").line["alerts"]], ["low_csat"], "its alert")
    same(_import(shop, table, "--platform", "typeform", "--column", "csat=How likely?").line["filled"], 0, "and once is enough")
    edited = _import(shop, table.replace("x1,2,", "x1,5,"), "--platform", "typeform", "--column", "csat=How likely?")
    same((edited.line["known"], edited.line["edited"], edited.line["added"]), (1, 1, 0), f"the same answer with another score: {edited.text}")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")


def what_a_form_calls_things_is_configured_once():
    shop = _shop()
    with open(shop.config, "a", encoding="utf-8") as file:
        file.write("""[import typeform]
token = Kod z paragonu
nps = Jak bardzo = poleciłbyś nas?
csat = Ocena
value = Super = 5
value = Tak = sobie = 3
zone = Europe/Warsaw
[import returns]
platform = typeform
token = Kod z paragonu
csat = Zwrot
header_rows = 2
""")
    checked = shop.kwit("config", "check")
    same(checked.exit, 0, checked.text)
    head = ["#", "Jak bardzo = poleciłbyś nas?", "Ocena", "Zwrot", "Kod z paragonu", "Submit Date (UTC)"]
    row = ["x1", "3", "Tak = sobie", "1", shop.tokens[0], f"{shop.day} 22:31:00"]
    answer = _import(shop, _csv([head, row]), "--platform", "typeform").line
    same((answer["verdicts"]["matched"], answer["columns"]["nps"], answer["columns"]["csat"]), (1, head[1], "Ocena"), "the platform's section")
    other = _import(shop, _csv([head, ["", "", "", "", "", ""], ["label"] * 6, row]), "--form", "returns").line
    same((other["rows"], other["columns"].get("nps"), other["columns"]["csat"]), (1, None, "Zwrot"), "a form's own section, with its header rows")
    won = _import(shop, _csv([head, row]), "--platform", "typeform", "--column", "csat=Zwrot", "--form", "x").line
    same(won["columns"]["csat"], "Zwrot", "an option goes before the configuration")
    strange = _import(shop, _csv([head, [*row[:2], "Fajnie", *row[3:]]]), "--platform", "typeform")
    same(strange.exit, 65, strange.text)
    with open(shop.config, "a", encoding="utf-8") as file:
        file.write("[import typeform]\nvalue = Fajnie\nplatfrom = own\ndates = dd.mm\n[import]\nnps = x\n")
    checked = shop.kwit("config", "check").text
    for words in ("value = Fajnie`: wanted is LABEL = NUMBER", "did you mean `platform`", "dmy|mdy|ymd", "[import] needs a short name"):
        want(words in checked, f"{words!r} in {checked}")


def _query(shop, sql):
    with sqlite3.connect(f"file:{os.path.join(shop.state, 'journal.db')}?mode=ro", uri=True) as database:
        return database.execute(sql).fetchall()


def _killed_when(shop, path, reached):
    """Starts the import and kills it (-9) as soon as the journal says so; whether it was still running."""
    process = subprocess.Popen([KWIT, "--config", shop.config, "--state", shop.state, "survey", "import", path], stdout=subprocess.DEVNULL)
    until = time.monotonic() + 300
    while time.monotonic() < until and process.poll() is None and not reached():
        time.sleep(PACE_S / 10)
    running = process.poll() is None
    process.kill()
    process.wait()
    return running


def _facts(shop):
    report = shop.kwit("report", "--json").line
    return report["total"]["answers"], report["verdicts"], _query(shop, "SELECT key, verdict, sale, nps, comment FROM answer ORDER BY key")


def a_killed_import_shows_nothing_and_is_taken_up_again():
    rows = [["response_id", "token", "submitted_at", "nps", "csat", "comment"]] + [
        [f"r{number}", "", f"2026-11-22T{number % 24:02}:00:00Z", number % 11, number % 5 + 1, "once upon a time" * 4] for number in range(30000)]
    shops = [_shop(), _shop()]
    for shop in shops:
        with open(os.path.join(shop.place, "many.csv"), "w", encoding="utf-8") as file:
            file.write(_csv(rows + [[f"t{number}", token, f"{shop.day}T22:30:00Z", 2, 1, "low"] for number, token in enumerate(shop.tokens)]))
    straight, killed = shops
    path = os.path.join(killed.place, "many.csv")
    before = _facts(killed)[:2]
    began = time.monotonic()
    want(_killed_when(killed, path, lambda: time.monotonic() > began + 0.05), "killed while the file is checked")
    same(_query(killed, "SELECT count(*) FROM import WHERE NOT complete")[0][0], 0, "nothing of it is in the journal")
    for part in (2000, 9000, 20000):
        want(_killed_when(killed, path, lambda at=part: _query(killed, "SELECT count(*) FROM answer")[0][0] >= at), f"killed at {part}")
        same(_facts(killed)[:2], before, "nothing of the half is to be seen")
        want(not [name for name in os.listdir(killed.state) if "staging" in name], "a staging file was left")
        same(killed.kwit("journal", "verify").exit, 0, "the chain")
    for shop in shops:
        line = shop.kwit("survey", "import", os.path.join(shop.place, "many.csv"), "--json").line
        same((line["rows"], line["added"], line["known"]), (30012, 30012, 0), "as if nothing had been")
    strip = lambda facts: (facts[0], facts[1], [row[:2] + row[3:] for row in facts[2] if row[4] != "low"])
    same(strip(_facts(killed)), strip(_facts(straight)), "the same answers")
    events = _query(killed, "SELECT sale, count(*) FROM event WHERE ev IN (11, 12) GROUP BY sale, ev HAVING count(*) > 1")
    same(events, [], "sales that were completed or alerted twice")
    same(killed.kwit("journal", "verify").exit, 0, "the chain")


def no_sale_waits_for_an_import():
    """A sale that waited for the import would end after it."""
    shop, ended = Shop(), 0
    path = os.path.join(shop.place, "many.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write(_csv([["response_id", "token", "submitted_at", "nps"]] + [[f"r{number}", "", "2026-11-22T10:00:00Z", 9] for number in range(60000)]))
    with open(EXAMPLE, encoding="utf-8") as file:
        sale = json.load(file)
    process = subprocess.Popen([KWIT, "--config", shop.config, "--state", shop.state, "survey", "import", path], stdout=subprocess.DEVNULL)
    while process.poll() is None:
        sale["id"] = f"during-{ended}"
        same(shop.print(sale)[1]["outcome"], "printed", "a sale during an import")
        ended += process.poll() is None
    same(process.returncode, 0, "the import")
    want(ended >= 3, f"sales that ended during the import: {ended}")
    want(os.path.getsize(os.path.join(shop.state, "journal.db-wal")) < 64 << 20, "the WAL stays short")


def alerts_are_acknowledged_and_closed():
    shop = _shop()
    table = _csv([["response_id", "token", "submitted_at", "csat", "contact_ok"], ["1", shop.tokens[0], f"{shop.day}T22:30:00Z", 1, "no"],
                  ["2", shop.tokens[1], f"{shop.day}T22:20:00Z", 5, "tak"], ["3", shop.tokens[2], f"{shop.day}T22:30:00Z", 4, "no"]])
    same(_import(shop, table).exit, 0, "import")
    alerts = shop.kwit("report", "alerts", "--json").line["alerts"]
    same([(alert["id"], alert["kind"]) for alert in alerts], [(2, "contact"), (1, "low_csat")], "alerts, who waits longest first")
    same(shop.kwit("report", "alerts", "--acknowledge", "1", "--by", "Ola").exit, 0, "acknowledge")
    same(shop.kwit("report", "alerts", "--close", "1").exit, 0, "close")
    same([alert["id"] for alert in shop.kwit("report", "alerts", "--json").line["alerts"]], [2], "open alerts")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")
    same(shop.kwit("report", "alerts", "--close", "99").exit, 65, "an alert that is not there")


if __name__ == "__main__":
    run_tests(globals())
