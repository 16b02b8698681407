"""A void takes its sale's invitation back from its own moment on; a refund does not, and codes of a day to come say so.
Customers who are known are told apart by how often they were invited."""
import csv
import datetime
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import NOW, Shop, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

HOUR = datetime.timedelta(hours=1)


def _shop(handle=None):
    """A till whose tokens carry no test flag."""
    shop = Shop(key=not handle, more="[store]\ntimezone = UTC\n")
    if handle:
        same(shop.kwit("survey", "key", "new", "--handle", str(handle), "-o", os.path.join(shop.place, "epoch.key")).exit, 0, "a key")
    pipe = os.path.join(shop.place, "printer")
    os.mkfifo(pipe)
    shop.reader = os.open(pipe, os.O_RDWR)
    with open(shop.config, encoding="utf-8") as file:
        text = file.read()
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text.replace(f"uri = {shop.uri}", f"uri = file:{pipe}\nprofile = tm-t20iii\nconfirm = never"))
    return shop


def _sell(shop, name, **changes):
    code, line = shop.print(tiny(name, **changes))
    same(code, 0, f"print {name}: {line}")
    want(line["survey"]["token"], f"{name} is invited: {line['survey']}")
    return line["survey"]["token"]


def _call_off(shop, kind, time, **refers_to):
    name = f"{kind} of {'/'.join(refers_to.values())}"
    same(shop.print(tiny(name, kind=kind, time=time.isoformat(), refers_to=refers_to))[0], 0, name)


def _import(shop, rows, name):
    path = os.path.join(shop.place, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write("response_id,token,submitted_at,nps\n")
        file.writelines(f"{name}-{i},{token},{time.strftime('%Y-%m-%dT%H:%M:%SZ')},9\n" for i, (token, time) in enumerate(rows))
    answer = shop.kwit("survey", "import", path, "--json")
    same(answer.exit, 0, answer.text)
    return {word: n for word, n in answer.line["verdicts"].items() if n}


def _verdicts(shop):
    return {word: n for word, n in shop.kwit("report", "--json", "--answers-until", str((NOW + 100 * HOUR).date())).line["verdicts"].items() if n}


def _whole(shop):
    same(shop.kwit("journal", "verify").exit, 0, "the journal is whole")


def documents_that_come_late_are_marked_by_the_moment_they_were_accepted():
    """A till that was offline hands over a sale and its refund of the morning; one that nobody sold is told, but not another till's."""
    shop = _shop()
    morning = NOW - 5 * HOUR
    _sell(shop, "S", time=morning.isoformat())
    _call_off(shop, "refund", morning + HOUR / 6, id="S")
    shown = shop.kwit("journal", "export", "--events").text
    want('"refunded"' in shown, f"the sale is not marked: {shown}")
    def told(**refers_to):
        line = shop.print(tiny(f"R-{'-'.join(refers_to.values())}", kind="refund", refers_to=refers_to))[1]
        return [(warning["code"], warning["pointer"]) for warning in line["warnings"]]
    same(told(id="S"), [], "a sale that is known")
    same(told(id="Z"), [("unknown_field", "/refers_to/id")], "one that is not")
    same(told(id="Z", terminal="2"), [], "one of another till")
    _whole(shop)


def what_was_submitted_before_the_void_counts_and_nothing_after_it():
    shop = _shop()
    tokens = {name: _sell(shop, name) for name in ("before", "after", "later file", "refunded")}
    same(_import(shop, [(tokens["before"], NOW + HOUR), (tokens["after"], NOW + 3 * HOUR)], "first"), {"matched": 2}, "no void yet")
    for name in ("before", "after", "later file"):
        _call_off(shop, "void", NOW + 2 * HOUR, id=name)
    _call_off(shop, "refund", NOW + 2 * HOUR, id="refunded")
    same(_verdicts(shop), {"matched": 1, "annulled": 1}, "judged again")
    same(_import(shop, [(tokens["later file"], NOW + 2 * HOUR), (tokens["refunded"], NOW + 3 * HOUR)], "second"),
         {"annulled": 1, "matched": 1}, "at the moment of the void, and after a refund")
    same(_import(shop, [(tokens["after"], NOW + 3 * HOUR)], "third"), {"annulled": 1}, "another answer to the same code")
    exported = [json.loads(line) for line in shop.kwit("journal", "export").out.splitlines()]
    same([bool(sale["annulled"]) for sale in exported], [True] * 3 + [False] * 5, "which sales were called off")
    same(sum(json.loads(line)["event"] == "annulled" for line in shop.kwit("journal", "export", "--events").out.splitlines()), 3, "events")
    _whole(shop)


def often_invited_customers_are_told_apart():
    """One customer six times and another once, each answering the first time alone; and somebody who is not known."""
    shop = _shop()
    with open(shop.config, "a", encoding="utf-8") as file:
        file.write("\n[survey]\ncooldown_days = 1\nexpires_days = 61\n")
    visits = [("REGULAR", days) for days in range(60, 36, -4)] + [("NEWCOMER", 60), (None, 60)]
    times = [NOW - 24 * days * HOUR for _, days in visits]
    tokens = [_sell(shop, f"E-{i}", time=times[i].isoformat(), **({"customer": {"loyalty_id": customer}} if customer else {}))
              for i, (customer, _) in enumerate(visits)]
    first = [i for i, (_, days) in enumerate(visits) if days == 60]
    same(_import(shop, [(tokens[i], NOW + HOUR) for i in first], "firsts"), {"matched": 3}, "the import")
    exported = [json.loads(line) for line in shop.kwit("journal", "export").out.splitlines()]
    same([sale["earlier"] for sale in exported], [0, 1, 2, 3, 4, 5, 0, None], "earlier invitations in the export")
    until = ("--answers-until", str((NOW + 100 * HOUR).date()))
    report = shop.kwit("report", *until, "--json").line
    told = [(line["label"], line["offered"], line["answers"]) for line in report["by"]["earlier"]]
    same(told, [("0", 2, 2)] + [(str(n) if n < 5 else "5+", 1, 0) for n in range(1, 6)], "by earlier invitations")
    sheet = csv.DictReader(shop.kwit("report", *until, "--format", "csv").out.decode().splitlines())
    same([(row["label"], int(row["offered"]), int(row["answers"])) for row in sheet if row["by"] == "earlier"], told, "CSV")
    for form in ("text", "html"):
        page = shop.kwit("report", *until, "--format", form).text
        want("By earlier invitations of the customer" in page and "5+" in page, f"{form}: {page[-3000:]}")


def the_sale_is_found_by_store_terminal_and_id():
    shop = _shop()
    one, two = _sell(shop, "S", terminal="1"), _sell(shop, "S", terminal="2")
    _call_off(shop, "void", NOW, id="S")                            # of no terminal: there is none
    _call_off(shop, "void", NOW, id="S ", terminal="1")
    _call_off(shop, "void", NOW, id="S", terminal="1", store="another")
    same(_import(shop, [(one, NOW + HOUR)], "first"), {"matched": 1}, "three voids that mean other sales")
    same(shop.print(tiny("V", kind="void", time=NOW.isoformat(), terminal="3", refers_to={"id": "S", "terminal": "2", "store": "e2e"}))[0], 0, "void")
    same(_import(shop, [(two, NOW + HOUR)], "second"), {"annulled": 1}, "the void of another terminal")
    same(_verdicts(shop), {"matched": 1, "annulled": 1}, "verdicts")
    erased = _sell(shop, "E")
    same(shop.kwit("journal", "erase", "E").exit, 0, "erase")
    _call_off(shop, "void", NOW, id="E")
    same(_import(shop, [(erased, NOW + HOUR)], "third"), {"annulled": 1}, "a sale whose id was erased")
    _whole(shop)


def a_void_that_comes_with_a_merge_is_heard():
    till, office = _shop(), Shop(survey=False)
    tokens = [_sell(till, f"S{i}") for i in range(3)]
    _call_off(till, "void", NOW + HOUR, id="S0")
    file = os.path.join(till.state, "journal.db")
    office.kwit("survey", "key", "list")
    _import(till, [(token, NOW + 2 * HOUR) for token in tokens], "answers")
    same(_verdicts(till), {"matched": 2, "annulled": 1}, "at the till")
    same(office.kwit("journal", "merge", file).exit, 0, "merge")
    same(_verdicts(office), {"matched": 2, "annulled": 1}, "at the office")
    _call_off(till, "void", NOW + HOUR, id="S1")
    same(office.kwit("journal", "merge", file).exit, 0, "merge again")
    same((_verdicts(till), _verdicts(office)), ({"matched": 1, "annulled": 2},) * 2, "what was called off since")
    _whole(till)
    _whole(office)


def a_void_in_another_journal_finds_its_sale_where_both_are_merged():
    for first in ("sale", "void"):
        one, other, office = _shop(), _shop(handle=7), Shop(survey=False)
        token = _sell(one, "S", terminal="1")
        _sell(other, "S", terminal="2")
        for kind, number in (("void", "V"), ("refund", "R")):
            sale = tiny(number, kind=kind, time=(NOW + HOUR).isoformat(), terminal="2", refers_to={"id": "S", "terminal": "1"})
            same(other.print(sale)[0], 0, kind)
        _import(one, [(token, NOW + 2 * HOUR)], "answers")
        files = [os.path.join(shop.state, "journal.db") for shop in (one, other)]
        same(office.kwit("journal", "merge", *(files if first == "sale" else files[::-1])).exit, 0, "merge")
        same(_verdicts(office).get("annulled"), 1, f"the {first} first")
        sales = [json.loads(line) for line in office.kwit("journal", "export").out.splitlines()]
        same([(sale["till"], bool(sale["annulled"]), bool(sale["refunded"])) for sale in sales if sale["kind"] == "sale"
              and (sale["annulled"] or sale["refunded"])], [("1", True, True)], "which sale")
        events = [json.loads(line)["event"] for line in office.kwit("journal", "export", "--events").out.splitlines()]
        same(office.kwit("journal", "merge", *files).exit, 0, "once more")
        again = [json.loads(line)["event"] for line in office.kwit("journal", "export", "--events").out.splitlines()]
        same((events.count("annulled"), events.count("refunded"), again), (1, 1, events), "said once")
        _whole(office)
        _whole(other)


def answers_to_what_was_given_back_count_and_stand_beside():
    shop = _shop()
    tokens = {name: _sell(shop, name) for name in ("kept", "back")}
    _import(shop, [(token, NOW + HOUR) for token in tokens.values()], "answers")
    same("refunded" in shop.kwit("report", "--json").line, False, "nothing was given back")
    _call_off(shop, "refund", NOW + 2 * HOUR, id="back")
    report = shop.kwit("report", "--json").line
    same((report["total"]["scores"]["nps"]["n"], report["refunded"]["answers"], report["refunded"]["scores"]["nps"]["n"]), (2, 1, 1), "scores")
    text = shop.kwit("report", "--lang", "en").text
    want("of these, to sales refunded since" in text, text)
    want("refunded," in shop.kwit("report", "--format", "csv").text, "the line of a spreadsheet")


def a_sale_below_tiny_is_one_bit_and_so_is_haste():
    shop = _shop()
    with open(shop.config, encoding="utf-8") as file:
        text = file.read()
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text.replace("[survey]", "[survey]\ntiny = 2.00", 1))
    for name, total in (("little", "1.99"), ("enough", "2.00")):
        _sell(shop, name, lines=[{"name": "x", "total": total}], total=total)
    sales = {sale["n"]: sale["tiny"] for sale in map(json.loads, shop.kwit("journal", "export").out.splitlines())}
    same([tiny_one for _, tiny_one in sorted(sales.items())], [True, False], "which sale is tiny")
    _whole(shop)


def a_code_of_a_day_to_come_is_future():
    shop = _shop()
    _sell(shop, "S")
    sale = json.loads(shop.kwit("journal", "export").out.splitlines()[0])
    today = (NOW.date() - datetime.date(2024, 1, 1)).days

    def verdict(ahead):
        token = shop.kwit("survey", "token", "encode", "--epoch", str(sale["epoch"]), "--handle", str(sale["handle"]), "--day",
                          str((today + ahead) % 2048), "--seq", "1", "--variant", "0", "--json")
        want("code" in token.line, token.text)
        return shop.kwit("survey", "verify", token.line["code"], "--json").line["verdict"]
    same([verdict(ahead) for ahead in (-1, 1, 2, 30, 47)], ["uncovered", "uncovered", "future", "future", "future"], "verdicts")


if __name__ == "__main__":
    run_tests(globals())
