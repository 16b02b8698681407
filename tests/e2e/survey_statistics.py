"""How often the report errs by chance, in shops whose truth is known: a rate over pinned seeds on a pinned day, so that the same
code gives the same verdict always. TEST_SEEDS: how many times as many shops as in `make check`."""
import math
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import clock                                        # noqa: E402  pylint: disable=wrong-import-position
from kwit import Shop, run_tests, same, want        # noqa: E402  pylint: disable=wrong-import-position

TIMES = int(os.environ.get("TEST_SEEDS") or 1)


def _shop(*arguments):
    shop = Shop(survey=False)
    made = shop.kwit("demo-day", os.path.join(shop.place, "demo"), "--json", *arguments)
    same(made.exit, 0, made.text)
    shop.state, shop.config, shop.truth = os.path.join(shop.place, "demo"), os.path.join(shop.place, "demo/kwit.conf"), made.line["truth"]
    return shop


def _most(count, rate):
    """What chance of this rate exceeds in count trials less often than once in a thousand."""
    beyond, k = 1.0, 0
    while True:
        beyond -= math.comb(count, k) * rate ** k * (1 - rate) ** (count - k)
        if beyond < 0.001:
            return k
        k += 1


def quarters_without_a_difference_seldom_show_one():
    shops = 12 * TIMES
    shown = sum(_shop("--days", "40", "--tills", "2", "--sales", "150", "--rate", "4", "--planned-n", "2000", "--seed", str(100 + seed))
                .kwit("report", "--json", "--planned-n", "2000").line["experiments"][0]["arms"][1]["p"] < 0.05 for seed in range(shops))
    print(f"{shown} of {shops} quarters without a difference show one")
    want(shown <= _most(shops, 0.05), f"{shown} of {shops} quarters without a difference show one")


def of_many_arms_few_seem_to_differ_by_chance():
    """Twelve arms that are all alike: 5 % of the comparisons alone would name one in four quarters of ten."""
    shops, alone, told = 10 * TIMES, 0, 0
    for seed in range(shops):
        shop = _shop("--days", "40", "--tills", "4", "--sales", "80", "--rate", "5", "--variants", "12", "--planned-n", "150", "--seed", str(500 + seed))
        arms = shop.kwit("report", "--json", "--planned-n", "150").line["experiments"][0]["arms"][1:]
        alone += any(arm["p"] < 0.05 for arm in arms)
        told += any(arm["differs"] for arm in arms)
    print(f"{told} of {shops} quarters name an arm, {alone} have one below 5 %")
    want(told <= _most(shops, 0.1) and told < alone, f"{told} of {shops} quarters name an arm, {alone} have one below 5 %")
    want("Benjamini–Hochberg at 10 %" in shop.kwit("report", "--planned-n", "150").text.replace("\n    ", " "), "the text does not say how")


def intervals_hold_the_truth():
    """Lines of days whose truth is known: the intervals of rate and NPS miss it about once in twenty."""
    missed, lines = [0, 0], 0
    for seed in range(4 * TIMES):
        shop = _shop("--days", "60", "--tills", "8", "--stores", "8", "--sales", "80", "--rate", "6", "--seed", str(300 + seed))
        for line in shop.kwit("report", "--json").line["by"]["till"]:
            lines += 1
            rate, nps = line["mature_rates"]["proven"]["interval"], line["scores"]["nps"]["interval"]
            missed[0] += not rate[0] <= shop.truth["rates"][0] <= rate[1]
            missed[1] += not nps[0] <= shop.truth["nps"] <= nps[1]
    print(f"of {lines} intervals {missed[0]} miss the true rate, {missed[1]} the true NPS")
    want(max(missed) <= _most(lines, 0.05), f"of {lines} intervals {missed[0]} miss the true rate, {missed[1]} the true NPS")


with clock.pinned():
    run_tests(globals())
