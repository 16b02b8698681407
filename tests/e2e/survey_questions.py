"""The shop's own questions: kept with each answer, reported, and held against the score by pairs counted here."""
import csv
import io
import itertools
import json
import math
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import Shop, day_in_code, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position

QUESTIONS = """
[question queue]
text = How was the queue?
text_pl = Jak było w kolejce?
column = Was the queue short?
[question floor]
scale = 0..10
text = How clean was the floor?
[question music]
scale = 1..3
[question Loud]
scale = 1..5
"""


def _shop(count):
    shop = Shop(survey=False)
    made = shop.kwit("demo-day", os.path.join(shop.place, "demo"), "--tills", "1", "--stores", "1", "--sales", "120", "--rate", "0.0001")
    same(made.exit, 0, made.text)
    shop.state = os.path.join(shop.place, "demo")
    shop.config = os.path.join(shop.state, "kwit.conf")
    with open(shop.config, "a", encoding="utf-8") as file:
        file.write(QUESTIONS)
    exported = [json.loads(text) for text in shop.kwit("journal", "export").out.decode().splitlines()]
    shop.day = exported[0]["day"]
    shop.tokens = [shop.kwit("survey", "token", "encode", "--epoch", "1", "--handle", str(sale["handle"]), "--day", str(day_in_code(sale["day"])), "--seq",
                             str(sale["seq"]), "--variant", str(sale["variant"]), "--json").line["code"]
                   for sale in [sale for sale in exported if sale["invited"]][:count]]
    same(len(shop.tokens), count, "codes")
    return shop


def _import(shop, rows):
    path = os.path.join(shop.place, "answers.csv")
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return shop.kwit("survey", "import", path, "--json")


def _tau_b(pairs):
    agree = untied_a = untied_b = 0
    for (a, b), (c, d) in itertools.combinations(pairs, 2):
        agree += (a > c) - (a < c) if b > d else (a < c) - (a > c) if b < d else 0
        untied_a += a != c
        untied_b += b != d
    return agree / math.sqrt(untied_a * untied_b)


def own_questions_are_kept_and_held_against_the_score():
    shop = _shop(64)
    drawn = random.Random(5)
    rows = [["response_id", "token", "submitted_at", "csat", "Was the queue short?", "floor"]]
    for number, token in enumerate(shop.tokens):
        csat = drawn.randint(1, 5)
        queue = max(1, min(5, csat + drawn.randint(-1, 1)))
        rows.append([f"r{number}", token, f"{shop.day}T22:{number % 60:02}:00Z", csat, queue, drawn.randint(0, 10) if number < 45 else "n/a"])
    rows[9][4] = "9"
    done = _import(shop, rows)
    same(done.exit, 0, done.text)
    same((done.line["unreadable"], done.line["unreadable_rows"][0]["line"]), (1, 10), done.text)
    want("(queue) \"9\"" in done.line["unreadable_rows"][0]["fault"], done.line["unreadable_rows"])
    told = shop.kwit("report", "--json").line["own_questions"]
    same((told["with"], [question["name"] for question in told["questions"]]), ("csat", ["queue", "floor", "music"]), "questions")
    queue, floor, music = told["questions"]
    counted = [(int(row[3]), int(row[4])) for at, row in enumerate(rows) if at not in (0, 9)]
    same((queue["n"], queue["pairs"], floor["n"], music["n"], music["mean"]), (63, 63, 44, 0, None), "answers to each")
    same(queue["grades"], [sum(b == grade for _, b in counted) for grade in range(1, 6)], "grades")
    want(abs(queue["mean"] - sum(b for _, b in counted) / 63) < 1e-5 and abs(queue["tau_b"] - _tau_b(counted)) < 1e-5, f"{queue} {_tau_b(counted)}")
    want(0 < queue["interval"][0] < queue["tau_b"] < queue["interval"][1] < 1 and queue["goes"] == "goes with it", queue)
    same((floor["tau_b"], floor["goes"]), (None, "not told below 50 answers"), "too few to say")
    text, page = shop.kwit("report").text, shop.kwit("report", "--format", "html", "--lang", "pl", "-o", "-").out.decode()
    want("How was the queue?" in text and "goes with it" in text, text)
    want("Jak było w kolejce?" in page and "idzie w parze" in page, "the page in Polish")
    sheet = _sheet(shop, "report")
    same([int(row["answers"]) for row in sheet if row["by"] == "question" and row["label"].startswith("queue ")], queue["grades"], "grades in CSV")
    goes = [(row["label"], int(row["csat_n"]), float(row["csat"])) for row in sheet if row["by"] == "goes_with"]
    same(goes, [("queue", 63, queue["tau_b"])], "what goes with it in CSV")
    given = shop.kwit("report", "--json").line["to_do"]["grades"]["csat"]
    same({row["label"]: int(row["answers"]) for row in sheet if row["by"] == "grade"}, {f"csat {n}": given[n] for n in range(11) if given[n]}, "scores in CSV")
    office = os.path.join(shop.place, "office")
    same(shop.kwit("--state", office, "journal", "merge", os.path.join(shop.state, "journal.db")).exit, 0, "merge")
    same(shop.kwit("--state", office, "report", "--json").line["own_questions"], told, "merged elsewhere they say the same")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")


def _sheet(shop, *call):
    return list(csv.DictReader(io.StringIO(shop.kwit(*call, "--format", "csv").out.decode(), newline="")))


def alerts_and_comments_are_lists_for_a_spreadsheet_too():
    shop = _shop(4)
    said = [(1, "The queue, \"again\";\nand cold bread"), (5, "=HYPERLINK(\"x\")"), (2, ""), (4, "صف طولانی بود")]
    rows = [["response_id", "token", "submitted_at", "csat", "comment"]]
    rows += [[f"r{i}", token, f"{shop.day}T22:{i:02}:00Z", *said[i]] for i, token in enumerate(shop.tokens)]
    same(_import(shop, rows).exit, 0, "the import")
    alerts, comments = shop.kwit("report", "alerts", "--json").line["alerts"], shop.kwit("report", "comments", "--json").line["comments"]
    same(len(alerts), 2, "alerts")
    same(len(comments), 3, "comments")
    cell = lambda text: "'" + text if text.startswith("=") else text.replace("\n", " ")                                                 # noqa: E731
    same([(int(row["id"]), row["kind"], row["comment"], row["csat"], row["nps"]) for row in _sheet(shop, "report", "alerts")],
         [(alert["id"], alert["kind"], cell(alert["comment"]), str(alert["csat"]), "") for alert in alerts], "alerts in CSV")
    same([(int(row["answer"]), row["store"], row["topics"], row["comment"], row["csat"]) for row in _sheet(shop, "report", "comments")],
         [(c["answer"], c["store"], " ".join(c["topics"]), cell(c["comment"]), str(c["csat"])) for c in comments], "comments in CSV")
    same([row["csat"] for row in _sheet(shop, "report", "comments", "--low")], ["1"], "complaints")
    same(shop.kwit("report", "alerts", "--format", "html").exit, 64, "a list is no page")


def questions_that_cannot_be_asked_are_named():
    shop = Shop(survey=False)
    with open(shop.config, "a", encoding="utf-8") as file:
        file.write("[question Loud]\n[question wide]\nscale = 1..50\n[question up]\nscale = 5..1\ntranslation = es: Cola\ntranslation = fi = Jono?\n" + "".join(f"[question q{i}]\n" for i in range(18)))
    told = shop.kwit("config", "check").text
    for words in ("[question Loud]: a question's name has small letters", "[question wide]: `scale` is wanted as LOW..HIGH", "[question up]: `scale`", "`es: Cola` is left out",
                  "[question q17]: at most 20 questions"):
        want(words in told, f"{words}: {told}")
    want("[question q16]" not in told and "Jono" not in told, told)


if __name__ == "__main__":
    run_tests(globals())
