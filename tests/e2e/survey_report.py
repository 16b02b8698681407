"""The report against an independent computation (tests/support/report_judge.py) on the exported sales and the answers that
were imported; its days; and its four forms."""
import csv
import datetime
import json
import os
import random
import re
import sqlite3
import sys
import zoneinfo

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import clock            # noqa: E402  pylint: disable=wrong-import-position
import report_judge     # noqa: E402  pylint: disable=wrong-import-position
from demo_shop import answers_of, demo, import_answers, page_of, said_later, scores_of     # noqa: E402  pylint: disable=wrong-import-position
from kwit import Shop, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

VARIANTS = ["plain", "warm"]


def _disturb(shop, seed, count):
    """Second answers that agree or not, mistyped codes, none at all, unanswered questions; of all, where a day gave fewer."""
    chance, rows, answers = random.Random(seed), [], answers_of(shop)
    for i, answer in enumerate(chance.sample(answers, min(count, len(answers)))):
        token = answer["token"] if chance.random() < .8 else chance.choice(["", answer["token"][:5] + "77" + answer["token"][7:]])
        rows.append(said_later(answer, i, chance.randint(-200, 4000), token=token, nps=chance.choice([answer["nps"], "", "10"]),
                           csat=chance.choice([answer["csat"], "", "1"])))
    return import_answers(shop, rows) if rows else rows


def _differences(shop, planned, more=()):
    lines = lambda *call: [json.loads(line) for line in shop.kwit("journal", "export", *call).out.decode().splitlines()]
    with open(os.path.join(shop.state, "keys/epoch-1.key"), encoding="ascii") as file:
        epoch = bytes.fromhex(file.read().split()[-1])
    today = report_judge.day_of(clock.today().isoformat())
    names = VARIANTS + [f"v{i}" for i in range(2, shop.variants)]
    judge = report_judge.Judge(lines(), lines("--events"), answers_of(shop) + list(more), epoch, today, names, planned)
    report = shop.kwit("report", "--json", "--shared").line
    want("worth_a_look" not in report and report["to_do"]["complaints"] == [], "a shared report tells of signs or comments")
    report["worth_a_look"] = shop.kwit("report", "--json").line["worth_a_look"]
    report["worth_a_look"]["signs"].sort(key=lambda sign: (sign["who"], sign["sign"]))
    return list(report_judge.differences(report, judge.report())), report


def every_number_is_that_of_an_independent_computation():
    shops = [(2000, 0, "--days", "70", "--tills", "4", "--sales", "120", "--lift", "40", "--cheat", "--seed", "3"),
             (1500, 40, "--days", "60", "--tills", "5", "--stores", "2", "--sales", "60", "--thin", "--cashiers", "--cheat"),
             (200, 3, "--days", "25", "--tills", "2", "--stores", "1", "--sales", "30", "--rate", "3", "--thin"),
             (300, 20, "--days", "40", "--tills", "6", "--stores", "3", "--sales", "60", "--break-split", "--rate", "5"),
             (100, 2, "--days", "20", "--tills", "9", "--stores", "4", "--sales", "25", "--rate", "4", "--cashiers"),
             (400, 12, "--days", "40", "--tills", "4", "--sales", "60", "--simpson"),
             (150, 0, "--days", "40", "--tills", "4", "--sales", "100", "--rate", "5", "--variants", "12", "--lift", "150"),
             (100, 0, "--days", "25", "--tills", "2", "--stores", "2", "--sales", "40", "--rate", "3", "--thin")]
    for planned, disturbed, *arguments in shops:
        shop = demo(*arguments, "--planned-n", str(planned))
        found, _ = _differences(shop, planned, _disturb(shop, 5, disturbed) if disturbed else ())
        want(not found, f"{arguments}: {len(found)} differ\n" + "\n".join(found[:10]))


def the_judge_itself_sees_a_wrong_number():
    shop = demo("--days", "25", "--tills", "2", "--sales", "40", "--planned-n", "100")
    more = import_answers(shop, [said_later(answers_of(shop)[0], 0, 9, nps="0")])
    same(_differences(shop, 100, more)[0], [], "with all answers")
    want(len(_differences(shop, 100)[0]) > 0, "an answer that the judge never saw changes nothing")


def names_of_arms_are_those_of_the_configured_campaign():
    shop = demo("--days", "25", "--tills", "2", "--sales", "40", "--planned-n", "100")
    with open(shop.config, encoding="utf-8") as file:
        text = file.read()
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text.replace("campaign = title", "campaign = another"))
    report = shop.kwit("report", "--json").line
    same([line["label"] for line in report["by"]["variant"]], ["title: arm 0", "title: arm 1"], "arms of the campaign before")
    same([arm["name"] for arm in report["experiments"][0]["arms"]], [None, None], "names in the experiment")
    want("title: arm 0" in shop.kwit("report").text and "warm" not in shop.kwit("report").text, "the text names them")


def the_csv_has_what_was_tested():
    shop = demo("--days", "70", "--tills", "4", "--sales", "60", "--rate", "4", "--cheat")
    report = shop.kwit("report", "--json").line
    rows = list(csv.DictReader(shop.kwit("report", "--format", "csv").out.decode().splitlines()))
    shared = list(csv.DictReader(shop.kwit("report", "--shared", "--format", "csv").out.decode().splitlines()))

    def found(by):
        return [(row["label"], row["answers"], row["offered"], *(float(row[name] or "nan") for name in ("size", "size_low", "size_high", "p")))
                for row in rows if row["by"] == by]

    def near(one, other):
        return len(one) == len(other) and all(abs(a - b) <= 1e-4 * abs(b) + 1e-6 for a, b in zip(one, other))
    signs = report["worth_a_look"]["signs"]
    want(signs and len(found("worth_a_look")) == len(signs), f"signs: {signs}")
    for row, sign in zip(found("worth_a_look"), signs):
        want(row[0].startswith(f"{sign['who']}: ") and near([row[6]], [sign["p"]]) and (sign["odds_ratio"] is None or near([row[3]], [sign["odds_ratio"]])),
             f"{row} {sign}")
    same([row[:3] for row in found("watched")],
         [(f"{store['store']}: {store['result']}", str(store["tills_tested"]), str(store["tills"])) for store in report["worth_a_look"]["stores"]], "stores")
    arms = {row[0]: row for row in found("experiment")}
    for experiment in report["experiments"]:
        for arm in experiment["arms"]:
            if "p" in arm:
                row = arms[f"{experiment['campaign']}: {arm['name']}"]
                want(near(row[3:], [arm["difference"], *arm["interval"], arm["p"]]), f"{row} {arm}")
    want(any("p" in arm for experiment in report["experiments"] for arm in experiment["arms"]), "an arm that was tested")
    same([(row[0], *row[3:6]) for row in found("week_limits")],
         [(week["monday"], week["mature"]["answers"], week["low"], week["high"]) for week in report["weeks"]], "weeks")
    want(near(found("trend")[0][6:], [report["trend"]["falling_p"]]), "trend")
    same([row for row in shared if row["by"] in ("watched", "worth_a_look")], [], "for others")


def tills_whose_long_names_begin_alike_are_two():
    shop, name = demo("--days", "60", "--tills", "2", "--stores", "1", "--sales", "40", "--rate", "40"), "レジ" * 30
    before = shop.kwit("report", "--json").line
    with sqlite3.connect(os.path.join(shop.state, "journal.db")) as database:
        for table in ("cell", "touchpoint"):
            database.execute(f"UPDATE {table} SET till = ? || till", (name,))
    report = shop.kwit("report", "--json").line
    renamed = [line | {"label": line["label"].replace("/", f"/{name}")} for line in before["by"]["till"]]
    want(report["by"]["till"] == renamed and len(renamed) == 2, f"by till: {[line['label'] for line in report['by']['till']]}")
    sheet = list(csv.DictReader(shop.kwit("report", "--format", "csv").out.decode().splitlines()))
    same([row["label"] for row in sheet if row["by"] == "till"], [line["label"] for line in renamed], "CSV")
    same({key: value for key, value in report["worth_a_look"].items() if key != "found"},
         {key: value for key, value in before["worth_a_look"].items() if key != "found"}, "tills that are tested")


def four_forms_tell_the_same_of_every_line():
    shop = demo("--days", "40", "--tills", "4", "--sales", "80", "--rate", "5", "--cashiers", "--thin")
    report = shop.kwit("report", "--json").line
    sheet = list(csv.DictReader(shop.kwit("report", "--format", "csv").out.decode().splitlines()))
    text = shop.kwit("report").text
    page = " ".join(page_of(shop, "en").text)
    days = f"{report['to_do']['now_from']} – {report['to_do']['now_to']}"
    want(f"Last 28 days, {days} " in text and f"Last 28 days {days} " in " ".join(page.split()), f"which days the first score is of: {days}")
    same(int(sheet[0]["sales"]), report["total"]["sales"], "CSV total")
    same(list(sheet[0])[-1], "p", "the last column's name")
    same(set(report["by"]), {"store", "till", "cashier", "hour", "weekday", "kind", "variant", "language", "channel", "week", "moment", "stage", "earlier"},
         "breakdowns")
    for dimension, lines in report["by"].items():
        rows = {row["label"]: row for row in sheet if row["by"] == dimension}
        same(set(rows), {line["label"] for line in lines}, f"CSV labels by {dimension}")
        for line in lines:
            row = rows[line["label"]]
            same(int(row["sales"]), line["sales"], f"{line['label']}: CSV sales")
            if not line["offered"] or dimension in ("week", "moment", "stage"):         # these show scores
                continue
            rate = line["mature_rates"]["proven"]
            same((int(row["mature_proven_answers"]), int(row["mature_proven"])), (rate["answers"], rate["n"]), f"{line['label']}: CSV counts")
            want(abs(float(row["rate_proven_low"]) - rate["interval"][0]) < 1e-6, f"{line['label']}: CSV interval")
            if len(lines) < 2:
                continue
            counts = f"{rate['answers']:,}/{rate['n']:,}"
            want(counts in text and counts in page, f"{dimension} {line['label']}: {counts} is not in text and page")
            nps = scores_of(line).get("nps", {})
            same(row["nps"] == "hidden", bool(nps.get("hidden")) or (line["scores_hidden"] and line["answers"] > 0), f"{line['label']}: hidden in CSV")
    counted = {(row["by"], row["label"]): (row["answers"], row["offered"]) for row in sheet if row["by"] in ("verdict", "alerts")}
    same(counted, {("verdict", word): (str(count), "") for word, count in report["verdicts"].items() if count}
         | {("alerts", label): (str(report["alerts"][name]["alerts"]), str(report["alerts"][name]["n"])) for label, name in
            (("acknowledged within 1 h", "acknowledged_within_1_h"), ("closed within 48 h", "closed_within_48_h"))}
         | {("alerts", "replies seen"): (str(report["alerts"]["replies_seen"]), ""), ("alerts", ""): (str(report["alerts"]["all"]), ""), ("alerts", "open"): (str(report["alerts"]["open"]), str(report["alerts"]["all"]))},
         "verdicts and alerts in CSV")
    for period in ("now", "before"):
        told = report["to_do"][period]
        rows = [(int(row["nps_n"]), float(row["nps"]), float(row["nps_low"])) for row in sheet if row["by"] == period]
        same(rows, [(told["n"], round(told["score"], 6), round(told["interval"][0], 6))] if told["n"] else [], f"score {period} in CSV")
    sent = {float(row["rate_proven"]) for row in sheet if row["by"] == "store"}
    want(len(sent) == len(report["by"]["store"]), "rates in CSV")


def alerts_are_acknowledged_and_closed_once():
    shop = demo("--days", "20", "--tills", "2", "--sales", "40", "--rate", "10")
    listed = shop.kwit("report", "alerts", "--json").line["alerts"]
    want(len(listed) > 1 and all(a["acknowledged_at"] is None and a["closed_at"] is None for a in listed), f"alerts {listed[:2]}")
    low = sum(int(a["csat"]) <= 2 or (int(a["nps"]) <= 6 and a["comment"] != "") or a["contact_ok"] == "yes" for a in answers_of(shop))
    same(len(listed), low, "alerts of low scores, comments and wishes to be called")
    one, call = str(listed[0]["id"]), lambda *more: shop.kwit("report", "alerts", *more)
    same(call("--acknowledge", one, "--by", "Anna").exit, 0, "acknowledge")
    again = call("--acknowledge", one, "--by", "Ola")
    same(again.exit, 65, "acknowledged twice")
    want("acknowledged already, by Anna" in again.text, again.text)
    same(call("--close", one, "--by", "Ola").exit, 0, "close")
    for mark in ("--close", "--acknowledge"):
        same(call(mark, one).exit, 65, f"{mark} of a closed one")
    same(call("--acknowledge", "999999").exit, 65, "of an alert that is none")
    found = [a for a in call("--all", "--json").line["alerts"] if a["id"] == int(one)][0]
    same((found["who"], found["acknowledged"], found["closed"]), ("Anna", True, True), "what is noted")
    want(found["raised_at"] <= found["acknowledged_at"] <= found["closed_at"], f"times {found}")
    same(len(call("--json").line["alerts"]), low - 1, "still open")
    told = shop.kwit("report", "--json").line["alerts"]
    want(told["median_acknowledge_s"] >= 0 and told["median_close_s"] >= 0 and told["open"] == low - 1, f"report {told}")
    same((told["acknowledged_within_1_h"], told["closed_within_48_h"]), ({"alerts": 0, "n": 0},) * 2, "who has time left yet")
    in_time = {}
    for hours in (2, 49):
        with clock.pinned(clock.now() + datetime.timedelta(hours=hours)):
            later = shop.kwit("report", "--json").line["alerts"]
            in_time[hours] = [(later[name]["alerts"], later[name]["n"]) for name in ("acknowledged_within_1_h", "closed_within_48_h")]
            call("--acknowledge", str(listed[1]["id"]), "--by", "Ola")      # two hours are too late
            call("--close", str(listed[1]["id"]), "--by", "Ola")
            said = re.search(r"acknowledged within 1 h (.*)", shop.kwit("report").text).group(1)
            want(hours == 2 or said.endswith(f"; 1/{low})"), f"the share on the page: {said}")
    same(in_time, {2: [(1, low), (0, 0)], 49: [(1, low), (2, low)]}, "looked after in time, of those whose time is over")
    events = [json.loads(line)["event"] for line in shop.kwit("journal", "export", "--events").out.decode().splitlines()]
    same((events.count("acknowledged"), events.count("closed")), (2, 2), "events of the chain")
    same(shop.kwit("journal", "verify").exit, 0, "the chain afterwards")
    local = datetime.datetime.fromisoformat(found["submitted_at"].replace("Z", "+00:00")).astimezone(zoneinfo.ZoneInfo("Europe/Warsaw"))
    line = [text for text in call("--all").text.splitlines() if text.split()[0] == one][0]
    want(local.strftime("%Y-%m-%d %H:%M") in line, f"{line} has not the shop's time {local}")


def a_merged_journal_reports_the_same():
    shop = demo("--days", "25", "--tills", "3", "--sales", "40", "--rate", "8")
    own, office = shop.kwit("report", "--json").line, os.path.join(shop.place, "office")
    till = os.path.join(shop.state, "journal.db")
    os.mkdir(office)
    shop.state = office
    same(shop.kwit("journal", "merge", till).exit, 0, "merge")
    merged = shop.kwit("report", "--json").line
    receipts = [[alert.pop("receipt") != "" for alert in report["to_do"]["open_alerts"]] for report in (own, merged)]
    same([set(known) for known in receipts], [{True}, {False}], "only the till knows which receipt an alert is about")
    for report in (own, merged):
        report.pop("head")
    same(merged, own, "the report of the office and that of the shop")
    one = shop.kwit("report", "alerts", "--json").line["alerts"][0]
    same(shop.kwit("report", "alerts", "--close", str(one["id"]), "--by", "Ola").exit, 0, "closing it at the office")
    same(shop.kwit("report", "--json").line["alerts"]["open"], own["alerts"]["open"] - 1, "open alerts")
    same(shop.kwit("journal", "verify").exit, 0, "the office's chain")


def what_was_answered_counts_up_to_a_day_that_is_named():
    """A shop with one answer early on: nothing is mature until somebody says that later answers would be in."""
    shop = demo("--days", "30", "--tills", "1", "--stores", "1", "--sales", "40", "--rate", "0.01")
    today = clock.today().isoformat()
    rate = lambda *call: shop.kwit("report", "--json", *call).line["total"]["mature_rates"]
    same(rate(), {}, "without any answer")
    want("no answers were imported yet" in shop.kwit("report").text, "nothing says why")
    found = rate("--answers-until", today)["proven"]
    want(found["n"] > 100 and found["interval"][0] <= found["rate"] < found["interval"][1] < 0.1, f"{found}")
    want(f"answers are in up to {today}" in shop.kwit("report", "--answers-until", today).text, "the day is not told")


def the_first_answer_of_a_day_does_not_close_that_day():
    """All invitations of one day, and a code that is none: how far answers reach is all that it tells."""
    shop = demo("--days", "30", "--tills", "1", "--stores", "1", "--sales", "20", "--rate", "0.01")
    export = lambda: [json.loads(text) for text in shop.kwit("journal", "export").out.decode().splitlines()]
    day = export()[0]["day"]
    last = next(sale["expires"] for sale in export() if sale["day"] == day and sale["expires"])
    after = (datetime.date.fromisoformat(last) + datetime.timedelta(1)).isoformat()
    late = datetime.datetime.fromisoformat(f"{last}T23:30:00").replace(tzinfo=zoneinfo.ZoneInfo("Europe/Warsaw")).isoformat()
    for number, (time, closed) in enumerate(((f"{last}T05:00:00Z", False), (late, False), (f"{after}T07:00:00Z", True))):
        import_answers(shop, [{"response_id": str(number), "token": "junk", "submitted_at": time}])
        report = shop.kwit("report", "--json").line
        found = {cohort["day"]: cohort["mature"] for cohort in report["cohorts"]}[day]
        same((found, report["total"]["mature_rates"] != {}), (closed, closed), f"{time}: whether {day} is mature")
        same({bool(sale["expired"]) for sale in export() if sale["day"] == day and sale["class"] in report_judge.PAPER}, {closed}, f"{time}: expired")
        same(report["answers_until"], last if closed else str(datetime.date.fromisoformat(last) - datetime.timedelta(1)), "in up to")


def what_is_no_sale_is_not_counted_as_one():
    shop = demo("--days", "10", "--tills", "3", "--stores", "1", "--sales", "80")
    lines = [json.loads(text) for text in shop.kwit("journal", "export").out.decode().splitlines()]
    kinds = {kind: sum(line["kind"] == kind for line in lines) for kind in ("void", "training")}
    sold = len(lines) - sum(kinds.values())
    want(min(kinds.values()) > 9, f"of each kind some: {kinds}")
    report = shop.kwit("report", "--json", "--sales-total", str(sold)).line
    total = report["total"]
    same((total["sales"], report["coverage"]), (sold, 1.0), "sales, and the share that kwit saw of as many in the books")
    same((total["suppressed"]["document_type"], total["suppressed"]["training"]), (kinds["void"], kinds["training"]), "among the not invited")
    same(shop.kwit("report", "--sales-total", str(sold - 1)).exit, 64, "fewer in the books")
    for dimension in ("store", "till", "hour", "weekday", "kind", "language", "channel"):
        same(sum(line["sales"] for line in report["by"][dimension]), sold, f"by {dimension}")
    same({line["label"]: line["sales"] for line in report["by"]["kind"] if line["label"] in kinds}, {"void": 0, "training": 0}, "by kind")
    sheet = list(csv.DictReader(shop.kwit("report", "--format", "csv").out.decode().splitlines()))
    same({int(row["sales"]) for row in sheet if row["by"] in ("total", "store")}, {sold}, "CSV")
    for call in ((), ("--format", "html")):
        text = " ".join(re.sub(r"<[^>]*>", " ", shop.kwit("report", *call).text).split())
        want(f"Sales seen {sold:,} " in text and f"training {kinds['training']} " in text, f"{call}: {text[:200]}")


def a_sale_whose_paper_is_awaited_is_counted_once():
    shop = Shop()
    pipe = os.path.join(shop.place, "printer")
    os.mkfifo(pipe)
    with open(shop.config, encoding="utf-8") as file:
        text = file.read()
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text.replace(f"uri = {shop.uri}", f"uri = file:{pipe}\nprofile = tm-t20iii\nconfirm = never\ndrain = next-call"))
    reader = os.open(pipe, os.O_RDWR)
    for name, options in (("printed", ()), ("waits", ("--no-wait",)), ("kitchen", ("--part", "kitchen")), ("gone", ("--no-wait",))):
        want(shop.print(tiny(name), *options)[0] in (0, 75), name)
    for step, classes in (((), {"pending": 3, "sent": 1}), (("queue", "retry", "waits"), {"pending": 2, "sent": 2}),
                          (("queue", "cancel", "gone"), {"pending": 1, "sent": 2, "not_printed": 1})):
        if step:
            shop.kwit(*step)
        report = shop.kwit("report", "--json").line
        same({name: n for name, n in report["total"]["by_class"].items() if n}, classes, f"the report after {step}")
        for by in ("till", "hour", "kind"):
            same(sum(line["sales"] for line in report["by"][by]), 4, f"sales by {by} after {step}")
        exported = [json.loads(line)["class"] for line in shop.kwit("journal", "export").out.decode().splitlines()]
        same({name: exported.count(name) for name in exported}, classes, f"the export after {step}")
        same(shop.kwit("journal", "verify").exit, 0, f"the journal after {step}")
    os.close(reader)


def a_simulated_shop_goes_only_where_nothing_is():
    shop = Shop()
    same(shop.print(tiny("real"))[0], 0, "a sale of the shop's own")
    before = shop.kwit("journal", "export").out
    files = sorted(os.listdir(shop.state))
    found = shop.kwit("demo-day", shop.state)
    want(found.exit == 65 and "is not empty" in found.text, f"into a journal: {found.exit} {found.text}")
    same((shop.kwit("journal", "export").out, sorted(os.listdir(shop.state))), (before, files), "the shop's journal and files")
    new = os.path.join(shop.place, "new")
    same(shop.kwit("demo-day", new, "--sales", "2").exit, 0, "where nothing is")
    same(shop.kwit("demo-day", new, "--sales", "2").exit, 65, "where a simulated shop is already")
    for call in (("--days", "0"), ("--days", "-3"), ("--sales", "0"), ("--rate", "500")):
        same(shop.kwit("demo-day", os.path.join(shop.place, "other"), *call).exit, 64, f"{call}")


def a_shop_with_a_hostile_name_stays_text():
    shop = demo("--days", "2", more="")
    with open(shop.config, encoding="utf-8") as file:
        text = file.read().replace("name = Demo shop", "name = <script>alert(1)</script>=1+1")
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text)
    page = shop.kwit("report", "--format", "html").out.decode()
    want("<script" not in page and "&lt;script&gt;" in page, "the name is not made harmless")


def what_customers_were_told_is_marked_as_what_happened():
    shop = demo("--days", "20")
    days = [json.loads(line)["day"] for line in shop.kwit("journal", "export").out.decode().splitlines()]
    more = f"\n[survey]\nevents = {days[0]} second till\nnews = {days[-1]} You said: too slow. Now two tills.\n"
    with open(shop.config, "a", encoding="utf-8") as file:
        file.write(more)
    same(shop.kwit("report", "--json").line["to_do"]["events"],
         [f"{days[0]} second till", f"{days[-1]} You said: too slow. Now two tills."], "events")
    for form in ("text", "html"):
        page = shop.kwit("report", "--format", form).out.decode()
        want("Now two tills." in page and "second till" in page, f"{form}: what happened is not marked")


if __name__ == "__main__":
    run_tests(globals())
