"""The commands beside print that no other test calls: rules of exclusion with `survey explain`, `survey plan`, `queue
show` and `retry`, the list of models, and every form of preview."""
import json
import os
import sqlite3
import sys
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import Shop, example, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

# The example sale is of Sunday 22 November 2026, 14:03, and this much: a rule, whether it meets the sale.
RULES = [("kind=sale", True), ("kind=refund", False), ("line=item", True), ("line=gift_card", False),
         ("weekday=sun", True), ("weekday=mon", False), ("hour=14-15", True), ("hour=22-6", False), ("hour=13-3", True),
         ("amount>0.01", True), ("amount<0.01", False), ("amount>99999.00", False), ("amount<99999.00", True),
         ("sku=no-such-thing", False), ("segment=staff", False)]
FAULTY = ["kind=nonsense", "line=nonsense", "weekday=someday", "hour=22", "hour=25-3", "amount<much", "sku=", "colour=red"]


def _explained(shop, document):
    answer = shop.kwit("survey", "explain", "-", "--json", document=document)
    same(answer.exit, 0, f"explain ({answer.text[:300]})")
    return answer.line


def _sale():
    return example(time="2026-11-22T14:03:11+00:00")


def a_rule_keeps_from_inviting_the_sales_it_names_and_no_others():
    for number, (rule, meets) in enumerate(RULES):
        shop = Shop(more=f"exclude = {rule}\n")
        code, line = shop.print({**_sale(), "id": f"R-{number}"})
        same(code, 0, f"{rule}: exit ({line['message']})")
        same(line["survey"]["invited"], not meets, f"{rule}: invited ({line['survey']})")


def a_faulty_rule_invites_nobody_and_stops_no_sale():
    for number, rule in enumerate(FAULTY):
        shop = Shop(more=f"exclude = {rule}\n")
        code, line = shop.print({**_sale(), "id": f"F-{number}"})
        same((code, line["survey"]["invited"]), (0, False), f"{rule} ({line['survey']})")
        want(any(rule.split("=")[0].split("<")[0] in warning["text"] for warning in line["warnings"]),
             f"{rule}: no warning names it: {line['warnings']}")


def explain_says_what_print_then_does():
    for more in ("", "exclude = kind=sale\n"):
        shop = Shop(more=more)
        said = json.dumps(_explained(shop, _sale()))
        line = shop.print(_sale())[1]
        want(("\"invited\": true" in said) == line["survey"]["invited"], f"{more}: {said[:300]} against {line['survey']}")
        same(shop.kwit("survey", "explain", line["id"]).exit, 0, "explain by the id")


def a_plan_counts_the_sales_it_is_given():
    shop = Shop()
    path = os.path.join(shop.place, "sales.jsonl")
    with open(path, "w", encoding="utf-8") as file:
        for number in range(20):
            file.write(json.dumps({**_sale(), "id": f"P-{number}"}) + "\n")
    answer = shop.kwit("survey", "plan", path, "--rate", "5", "--lift", "20", "--json")
    same(answer.exit, 0, f"plan ({answer.text[:300]})")
    same(answer.line["sales"], 20, "sales of the plan")
    same(shop.kwit("survey", "plan", "--sales", "300").exit, 0, "a plan from a number")
    same(shop.kwit("survey", "plan", "--rate", "none").exit, 64, "a rate that is no number")


def a_waiting_job_is_shown_and_tried_again():
    shop = Shop(survey=False)
    with open(shop.config, "a", encoding="utf-8") as file:
        file.write("drain = next-call\n")
    code, line = shop.print(tiny("Q-1"), "--no-wait")
    same((code, line["outcome"]), (75, "queued"), "stored")
    job = shop.kwit("queue", "show", "Q-1", "--json").line["jobs"][0]
    want(job["pieces"] and sum(piece["bytes"] for piece in job["pieces"]) > 0, f"pieces of {job}")
    same(shop.kwit("queue", "retry", "Q-1").exit, 0, "retry")
    same(len(shop.events("cut")), 1, "receipts on paper")
    want("printed" in shop.kwit("queue", "show", "Q-1").text, "shown as printed")
    want(shop.kwit("queue", "show", "no-such-sale").exit != 0, "an id that nobody gave")
    same(shop.kwit("queue", "retry", "Q-1").exit, 0, "retry of what is printed")
    same(len(shop.events("cut")), 1, "receipts on paper after the second retry")


def every_model_is_listed_once():
    shop = Shop(survey=False)
    rows = shop.kwit("devices", "--profiles", "--json").line["profiles"]
    names = [row["name"] for row in rows]
    same(len(names), len(set(names)), "names")
    text = shop.kwit("devices", "--profiles").text
    want("tm-t20iii" in names and all(name in text for name in names), f"models in {text[:200]}")


def a_preview_has_the_sale_s_words_in_every_form():
    shop = Shop(survey=False)
    for form in ("png", "svg", "txt", "bin", "json"):
        path = os.path.join(shop.place, f"paper.{form}")
        answer = shop.kwit("preview", "-", "-o", path, document=tiny("V-1"))
        same(answer.exit, 0, f"{form} ({answer.text[:300]})")
        want(os.path.getsize(path) > 40, f"{form} is empty")
    want(xml.etree.ElementTree.parse(os.path.join(shop.place, "paper.svg")).getroot().tag.endswith("svg"), "svg")
    with open(os.path.join(shop.place, "paper.json"), encoding="utf-8") as file:
        want(isinstance(json.load(file), (dict, list)), "json")
    want("V-1" in shop.kwit("preview", "-", document=tiny("V-1")).text, "shown in the terminal")


def a_damaged_journal_at_any_place_is_told_and_never_prints_twice():
    for place in (0, 17, 24, 40, 100, 1000, 4096, 4100, 5000, 8192, 9000, 12288, 20000, -100):     # -100: from its end
        shop = Shop(survey=False)
        shop.print(tiny("D-0"))
        path = os.path.join(shop.state, "journal.db")
        store = sqlite3.connect(path)
        store.execute("pragma wal_checkpoint(truncate)")
        store.close()
        want(os.path.getsize(path) > place + 50, f"the journal is no longer than {place}")
        with open(path, "r+b") as file:
            file.seek(place, os.SEEK_SET if place >= 0 else os.SEEK_END)
            file.write(bytes(range(7, 57)))
        said = []
        for identity in ("D-0", "D-1"):
            code, line = shop.print(tiny(identity))
            said.append(line["outcome"])
            want(code in (0, 70, 74, 78), f"{place}, {identity}: exit {code} ({line['message']})")
            want(line["outcome"] != "error" or line["message"], f"{place}, {identity}: no word")
        whole = len(shop.events("cut"))
        want(whole <= 2, f"{place}: {whole} receipts of two sales, {said}")


run_tests(globals())
