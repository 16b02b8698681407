"""The plan of an experiment stands in the journal from its first sale on, goes along when journals are merged, and cannot be had otherwise."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import Shop, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position


def _shop(plan):
    """A till whose tokens carry no test flag."""
    shop = Shop(more=f"campaign = title\nvariants = a, b\n{plan}\n[store]\ntimezone = UTC\n")
    pipe = os.path.join(shop.place, "printer")
    os.mkfifo(pipe)
    shop.reader = os.open(pipe, os.O_RDWR)
    _change(shop, f"uri = {shop.uri}", f"uri = file:{pipe}\nprofile = tm-t20iii\nconfirm = never")
    return shop


def _change(shop, before, after):
    with open(shop.config, encoding="utf-8") as file:
        text = file.read()
    want(before in text, f"{before!r} is not in the configuration")
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text.replace(before, after))


def _sell(shop, *names):
    for name in names:
        code, line = shop.print(tiny(name))
        same(code, 0, f"print {name}: {line}")
        want(line["survey"]["variant"] is not None, f"{name} is dealt an arm")


def _plans(shop):
    events = [json.loads(line) for line in shop.kwit("journal", "export", "--events").out.decode().splitlines()]
    return [event["detail"] for event in events if event["event"] == "planned"]


def it_is_said_once_and_again_when_it_changes():
    shop = _shop("planned_n = 900")
    _sell(shop, "1", "2")
    same(_plans(shop), ["900 once title"], "after two sales")
    _change(shop, "planned_n = 900", "planned_n = 1200\nlooks = daily")
    _sell(shop, "3", "4")
    same(_plans(shop), ["900 once title", "1200 daily title"], "after the change")
    _change(shop, "campaign = title", "campaign = another")
    _sell(shop, "5")
    same(_plans(shop)[2:], ["1200 daily another"], "of another campaign")
    same(shop.kwit("journal", "verify").exit, 0, "the journal is whole")
    found = [e for e in shop.kwit("report", "--json").line["experiments"] if e["campaign"] == "title"][0]
    same([found["planned_n"], found["plan_changes"], found["looks"], found["verdict"]], [1200, 1, "daily", "no verdict yet"], "the report")
    office = Shop(survey=False)
    merged = office.kwit("journal", "merge", os.path.join(shop.state, "journal.db"))
    same(merged.exit, 0, merged.text)
    found = [e for e in office.kwit("report", "--json").line["experiments"] if e["campaign"] == "title"][0]
    same([found["planned_n"], found["plan_changes"], found["looks"]], [1200, 1, "daily"], "the merged report")


def without_an_experiment_nothing_is_said():
    plain = _shop("")
    _sell(plain, "1")
    same(_plans(plain), [], "no plan")
    found = plain.kwit("report", "--json").line["experiments"][0]
    same([found["planned_n"], found["verdict"]], [0, "no verdict yet"], "the report")


run_tests(globals())
