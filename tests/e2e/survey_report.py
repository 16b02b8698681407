"""The report against independent computations on the exported sales and the file of answers, with exact fractions."""
import csv
import datetime
import json
import math
import os
import sys
from fractions import Fraction

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import Shop, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position

Z = 1.959963984540054
PAPER = {"proven", "sent", "unconfirmed", "seen"}
_cache = {}


def _demo(*arguments, more=""):
    shop = Shop(survey=False)
    place = os.path.join(shop.place, "demo")
    made = shop.kwit("demo-day", place, *arguments)
    same(made.exit, 0, made.text)
    shop.state, shop.config = place, os.path.join(place, "kwit.conf")
    with open(shop.config, "a", encoding="utf-8") as file:
        file.write(more)
    return shop


def _near(found, wanted, text, tolerance=2e-6):
    want(found is not None and abs(found - wanted) <= tolerance * max(1, abs(wanted)), f"{text}: {found}, wanted {wanted}")


def _wilson(k, n):
    p, zz = k / n, Z * Z
    centre, half = (p + zz / (2 * n)) / (1 + zz / n), Z * math.sqrt(p * (1 - p) / n + zz / (4 * n * n)) / (1 + zz / n)
    return max(0, centre - half), min(1, centre + half)


def _quarter():
    """One simulated quarter: its report, its sales joined with its answers by a decoder of this test's own."""
    if not _cache:
        shop = _demo("--days", "70", "--tills", "4", "--sales", "120", "--lift", "40", "--cheat", "--seed", "3")
        sales = [json.loads(line) for line in shop.kwit("journal", "export").out.decode().splitlines()]
        by_key = {(s["handle"], _day(s["day"]) % 2048, s["seq"]): s for s in sales if "seq" in s}
        for s in sales:
            s["answer"] = None
        with open(os.path.join(shop.state, "answers.csv"), encoding="utf-8") as file:
            for row in csv.DictReader(file):
                _open(shop, row["token"], by_key)["answer"] = row
        today = max(s["day"] for s in sales)
        report = shop.kwit("report", "--json", "--planned-n", "2000").line
        _cache.update(shop=shop, sales=sales, report=report, today=today)
    return _cache["shop"], _cache["sales"], _cache["report"]


def _day(text):
    return (datetime.date.fromisoformat(text) - datetime.date(2024, 1, 1)).days


def _open(shop, token, by_key):
    import hashlib
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    value = 0
    for symbol in token[:19]:
        value = value << 5 | alphabet.index(symbol)
    header, tag = value >> 70, (value & ((1 << 40) - 1)).to_bytes(5, "big")
    if "epoch" not in _cache:
        with open(os.path.join(shop.state, "keys/epoch-1.key"), encoding="ascii") as file:
            _cache["epoch"] = bytes.fromhex(file.read().split()[-1])
    hashed = lambda key, *parts: hashlib.blake2b(b"".join(parts), key=key, digest_size=32).digest()
    key = hashed(_cache["epoch"], b"svt1/term", (header & 0xFFFFF).to_bytes(4, "big"))
    body = (value >> 40 & (1 << 30) - 1) ^ int.from_bytes(hashed(key, b"svt1/enc", header.to_bytes(4, "big"), tag)[:4], "big") >> 2
    return by_key[header & 0xFFFFF, body >> 19, body >> 5 & 16383]


def _mature(sales, report):
    """Days whose invitations had expired when the last answer came in."""
    shop = _cache["shop"]
    with open(os.path.join(shop.state, "answers.csv"), encoding="utf-8") as file:
        reach = max(row["submitted_at"] for row in csv.DictReader(file))[:10]
    return [s for s in sales if s["expires_day"] <= _day(reach) and s["expires_day"] < (datetime.date.today() - datetime.date(2024, 1, 1)).days]


def the_funnel_counts_what_the_export_holds():
    _, sales, report = _quarter()
    total = report["total"]
    same(total["sales"], len(sales), "sales")
    same(total["offered"], sum(s["invited"] for s in sales), "offered")
    for word in PAPER | {"not_printed"}:
        same(total["by_class"][word], sum(s["invited"] and s["class"] == word for s in sales), word)
    for word, count in total["suppressed"].items():
        same(count, sum(s["reason"] == word for s in sales), word)
    same(total["answers"], sum(s["answer"] is not None for s in sales), "answers")
    same(report["opens"], "not measured", "opens")


def rates_and_intervals_are_those_of_mature_days():
    _, sales, report = _quarter()
    mature = _mature(sales, report)
    want(0 < len(mature) < len(sales), "some days must be immature")
    for word, name in (("proven", "proven"), ("sent", "sent_assumed_printed"), ("unconfirmed", "unconfirmed")):
        group = [s for s in mature if s["invited"] and s["class"] == word]
        k, rate = sum(s["answer"] is not None for s in group), report["total"]["mature_rates"][name]
        same((rate["answers"], rate["n"]), (k, len(group)), f"counts of {word}")
        _near(rate["rate"], k / len(group), word)
        for found, wanted in zip(rate["interval"], _wilson(k, len(group))):
            _near(found, wanted, f"interval of {word}")
    n = {word: sum(s["invited"] and s["class"] == word for s in mature) for word in PAPER}
    a = {word: sum(s["invited"] and s["class"] == word and s["answer"] is not None for s in mature) for word in PAPER}
    k, sure = sum(a.values()), n["proven"] + n["sent"] + n["seen"]
    low, high = report["total"]["mature_bounds"]
    _near(low, k / (sure + n["unconfirmed"]), "lower bound")
    _near(high, k / (sure + a["unconfirmed"]), "upper bound")


def scores_are_those_of_the_answers():
    _, sales, report = _quarter()
    answers = [s["answer"] for s in sales if s["answer"]]
    up = sum(int(a["nps"]) >= 9 for a in answers)
    down = sum(int(a["nps"]) <= 6 for a in answers)
    n = len(answers)
    nps = report["total"]["scores"]["nps"]
    same((nps["promoters"], nps["detractors"], nps["n"]), (up, down, n), "counts")
    _near(nps["score"], 100 * (up - down) / n, "NPS", 1e-4)
    p, d = (up + .75) / (n + 3), (down + .75) / (n + 3)
    half = 100 * Z * math.sqrt((p + d - (p - d) ** 2) / (n + 3))
    _near(nps["interval"][0], 100 * (p - d) - half, "NPS low", 1e-4)
    _near(nps["interval"][1], min(100, 100 * (p - d) + half), "NPS high", 1e-4)
    _near(report["total"]["scores"]["csat"]["top_two"], sum(int(a["csat"]) >= 4 for a in answers) / n, "CSAT")
    _near(report["total"]["scores"]["ces"]["mean"], sum(int(a["ces"]) for a in answers) / n, "CES", 1e-4)


def every_breakdown_adds_up_to_the_whole():
    _, sales, report = _quarter()
    keys = {"store": lambda s: s["store"], "till": lambda s: f"{s['store']}/{s['till']}", "language": lambda s: s["language"],
            "hour": lambda s: f"{(int(s['time'][11:13]) + s['offset_minutes'] // 60) % 24:02d}",
            "weekday": lambda s: datetime.date.fromisoformat(s["day"]).strftime("%A"),
            "kind": lambda s: ["sale", "refund"][s["kind"]], "variant": lambda s: ["plain", "warm"][s["variant"]]}
    for dimension, key in keys.items():
        groups = {g["label"]: g for g in report["by"][dimension]}
        chosen = [s for s in sales if dimension != "variant" or s["variant_bp"]]
        same(set(groups), {key(s) for s in chosen}, f"labels by {dimension}")
        for label, group in groups.items():
            mine = [s for s in chosen if key(s) == label]
            same(group["sales"], len(mine), f"sales of {dimension} {label}")
            same(group["offered"], sum(s["invited"] for s in mine), f"offered of {dimension} {label}")
            same(group["answers"], sum(s["answer"] is not None for s in mine), f"answers of {dimension} {label}")


def the_experiment_is_judged_once_in_strata():
    _, sales, report = _quarter()
    mature = _mature(sales, report)
    days, kept, n = sorted({s["day"] for s in mature}), [], [0, 0]
    for day in days:                               # until both arms have their planned number
        today = [s for s in mature if s["day"] == day and s["invited"]]
        kept += today
        for s in today:
            n[s["variant"]] += 1
        if min(n) >= 2000:
            break
    found = report["experiments"][0]
    same(found["verdict"], "final", "verdict")
    excess = variance = above = p_sum = q_sum = r_sum = Fraction(0)
    for store in sorted({s["store"] for s in kept}):
        arm = [[s for s in kept if s["store"] == store and s["variant"] == v] for v in (0, 1)]
        n0, n1 = len(arm[0]), len(arm[1])
        k0, k1 = (sum(s["answer"] is not None for s in a) for a in arm)
        total, k = n0 + n1, k0 + k1
        excess += Fraction(k1) - Fraction(n1 * k, total)
        variance += Fraction(n1 * n0 * k * (total - k), total * total * (total - 1))
        above += Fraction(k1 * n0 - k0 * n1, total)
        r_sum += Fraction(n1 * n0, total)
        p_sum += Fraction(n1 * n1 * k0 - n0 * n0 * k1, total * total) + Fraction(n1 * n0 * (n0 - n1), 2 * total * total)
        q_sum += Fraction(k1 * (n0 - k0) + k0 * (n1 - k1), 2 * total)
    chi = float(excess * excess / variance)
    difference = above / r_sum
    half = Z * math.sqrt(difference * p_sum + q_sum) / float(r_sum)
    arm = found["arms"][1]
    same(arm["mature"]["n"], n[1], "n of the arm")
    _near(arm["chi_square"], chi, "CMH")
    _near(arm["p"], math.erfc(math.sqrt(chi / 2)), "p", 1e-7)
    _near(arm["difference"], float(difference), "difference", 1e-7)
    _near(arm["interval"][0], float(difference) - half, "low", 1e-7)
    _near(arm["interval"][1], float(difference) + half, "high", 1e-7)
    offered = [sum(s["invited"] and s["variant"] == v for s in sales) for v in (0, 1)]
    chi = sum((o - sum(offered) / 2) ** 2 / (sum(offered) / 2) for o in offered)
    _near(found["split_p"], math.erfc(math.sqrt(chi / 2)), "split", 1e-6)


def before_the_plan_is_reached_there_is_no_difference():
    shop, _, _ = _quarter()
    found = shop.kwit("report", "--json", "--planned-n", "1000000").line["experiments"][0]
    same(found["verdict"], "no verdict yet", "verdict")
    want("difference" not in found["arms"][1] and "p" not in found["arms"][1], "a difference was shown early")
    text = shop.kwit("report", "--planned-n", "1000000").text
    want("against" not in text and "no verdict yet" in text, "the text tells a difference early")


def trend_limits_are_exact():
    _, _, report = _quarter()
    weeks = report["weeks"]
    mean = Fraction(sum(w["mature"]["answers"] for w in weeks), sum(w["mature"]["n"] for w in weeks))
    for week in weeks:
        n = week["mature"]["n"]
        p, log = float(mean), math.log
        terms = [math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * log(p) + (n - k) * log(1 - p))
                 for k in range(n + 1)]
        want(sum(terms[:week["low"]]) <= 0.00135 < sum(terms[:week["low"] + 1]), f"lower limit of {week}")
        want(sum(terms[week["high"] + 1:]) <= 0.00135 < sum(terms[week["high"]:]), f"upper limit of {week}")


def the_planted_cheat_is_found_and_only_it():
    _, sales, report = _quarter()
    signs = report["worth_a_look"]["signs"]
    want(signs and {sign["who"] for sign in signs} == {"S2/T4"}, f"signs {signs}")
    quick = [sign for sign in signs if "two minutes" in sign["sign"]][0]
    mine = [s for s in sales if s["answer"] and s["till"] == "T4"]
    rest = [s for s in sales if s["answer"] and s["till"] != "T4"]
    same((quick["n"], quick["others_n"]), (len(mine), len(rest)), "answers of the till and of the others")
    honest = _demo("--days", "70", "--sales", "120", "--seed", "8").kwit("report", "--json").line
    same(honest["worth_a_look"]["signs"], [], "signs in an honest shop")


def a_broken_split_stops_the_verdict():
    shop = _demo("--days", "40", "--sales", "200", "--break-split", "--lift", "80")
    found = shop.kwit("report", "--json", "--planned-n", "500").line["experiments"][0]
    same(found["verdict"], "experiment broken", "verdict")
    want("difference" not in found["arms"][1], "a difference of a broken experiment")


def quarters_without_a_difference_seldom_show_one():
    shown = 0
    for seed in range(12):
        shop = _demo("--days", "40", "--tills", "2", "--sales", "150", "--rate", "4", "--seed", str(100 + seed))
        arm = shop.kwit("report", "--json", "--planned-n", "2000").line["experiments"][0]["arms"][1]
        shown += arm["p"] < 0.05
    want(shown <= 3, f"{shown} of 12 quarters without a difference show one")     # P(more) = 0.002


def scores_of_few_are_hidden_with_a_sibling():
    shop = _demo("--days", "30", "--tills", "3", "--stores", "3", "--sales", "40", "--rate", "1")
    report = shop.kwit("report", "--json").line
    groups = [g for g in report["by"]["till"] if g["answers"] > 0]
    small = [g for g in groups if g["answers"] < 10]
    for group in groups:
        same("scores" in group, not group["scores_hidden"], f"{group['label']}: scores are shown or hidden")
    want(all(g["scores_hidden"] for g in small), "a score of few answers is shown")
    shown = [g for g in groups if not g["scores_hidden"]]
    want(not small or len(groups) - len(shown) >= min(len(groups), 2), "one hidden score can be had by subtraction")
    text = shop.kwit("report").text.lower()
    for word in ("customers think", "because", "best cashier", "worst"):
        want(word not in text, f"the report says: {word}")


def the_page_needs_nothing_and_reads_both_ways():
    shop, _, _ = _quarter()
    for language, direction in (("en", "ltr"), ("pl", "ltr"), ("fr", "ltr"), ("ru", "ltr"), ("fa", "rtl")):
        page = shop.kwit("report", "--format", "html", "--lang", language).out.decode()
        want(f"<html lang={language} dir={direction}>" in page, f"{language}: direction")
        want("://" not in page and "<script" not in page and "url(" not in page, f"{language}: the page loads something")
        same(page.count("<svg"), page.count("</svg>"), f"{language}: plots are whole")
        for wanted in ("viewport", "@media print", "@media(max-width"):
            want(wanted in page, f"{language}: {wanted}")
    lines = shop.kwit("report", "--format", "csv").out.decode().splitlines()
    rows = list(csv.DictReader(lines))
    same(int(rows[0]["sales"]), shop.kwit("report", "--json").line["total"]["sales"], "CSV total")


def a_shop_with_a_hostile_name_stays_text():
    shop = _demo("--days", "2", more="")
    with open(shop.config, encoding="utf-8") as file:
        text = file.read().replace("name = Demo shop", "name = <script>alert(1)</script>=1+1")
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text)
    page = shop.kwit("report", "--format", "html").out.decode()
    want("<script" not in page and "&lt;script&gt;" in page, "the name is not made harmless")


if __name__ == "__main__":
    run_tests(globals())
