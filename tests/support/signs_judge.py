"""An independent reading of the rules of driver/report/statistics.md for signs of gaming: whole numbers where the driver multiplies
ratios, and plain loops over sales where it reads counts."""
import math
from fractions import Fraction

SIGNS = ("answers within two minutes of the print", "answers to invitations", "top scores", "drawn sales refused by the cashier",
         "sales voided after the invitation", "invitations within ten seconds of the till's last", "invitations for tiny sales",
         "fewer answers than the other tills")
QUICK, MORE, TOP, DECLINED, VOIDED, HASTY, TINY, FEWER = range(8)
OF_SALES = (DECLINED, VOIDED, HASTY, TINY)
HASTE_S = 10
DAYS, LEVEL, INNOCENT, ENOUGH = 28, 0.01, Fraction(3, 2), 30
PAPER = ("proven", "sent", "unconfirmed", "seen")


def _spread(weeks, odds):
    """P(sum) up to a factor, from the least sum on, in whole numbers."""
    chances, least = [1], 0
    for k1, n1, k2, n2 in weeks:
        k = k1 + k2
        low, high = max(0, k - n2), min(n1, k)
        week = [math.comb(n1, x) * math.comb(n2, k - x) * odds.numerator ** x * odds.denominator ** (high - x) for x in range(low, high + 1)]
        least += low
        longer = [0] * (len(chances) + len(week) - 1)
        for i, a in enumerate(chances):
            for j, b in enumerate(week):
                longer[i + j] += a * b
        chances = longer
    return chances, least


def at_least(weeks, odds, sum_from):
    chances, least = _spread(weeks, odds)
    return float(Fraction(sum(chances[max(0, sum_from - least):]), sum(chances)))


def at_most(weeks, odds, sum_to):
    chances, least = _spread(weeks, odds)
    return float(Fraction(sum(chances[:max(0, sum_to - least + 1)]), sum(chances)))


def _tally(sales, window, seconds):
    """(k, n) of each sign by week."""
    weeks = [[[0, 0] for _ in range(4)] for _ in SIGNS]
    for s in sales:
        if not s["mature"] or s["forced"] or not 0 <= s["absolute"] - window < DAYS:
            continue
        week = (s["absolute"] - window) // 7
        count = lambda sign, k, n: [weeks[sign].__setitem__(week, [weeks[sign][week][0] + k, weeks[sign][week][1] + n])]   # noqa: B023,E731
        if s["drawn"]:
            count(DECLINED, s["reason"] == "cashier_declined", 1)
        if s["plain"] and s["class"] in PAPER:
            count(MORE, s["answer"] is not None, 1)
            count(VOIDED, s["annulled"] is not None, 1)
            count(HASTY, s["hasty"], 1)
            count(TINY, s["tiny"], 1)
        if s["answer"]:
            count(QUICK, seconds(s["answer"]["submitted_at"]) - s["at"] < 120, 1)
            if s["answer"]["nps"] != "":
                count(TOP, int(s["answer"]["nps"]) >= 9, 1)
    return weeks


def _store(store, desks, tills):
    """desks: {(is cashier, name): tally}."""
    tried, limit = [], len(desks) * len(SIGNS)
    total = lambda weeks, at: sum(w[at] for w in weeks)                                                              # noqa: E731

    def against(desk, sign, left_out=()):
        others = [t for d, t in desks.items() if d != desk and d[0] == desk[0] and d not in left_out]
        mine = desks[desk][sign]
        return [(mine[w][0], mine[w][1], sum(t[sign][w][0] for t in others), sum(t[sign][w][1] for t in others)) for w in range(4)]

    def found(desk, sign, weeks, p):
        k, n, k2, n2 = (sum(w[i] for w in weeks) for i in range(4))
        return {"store": store, "who": desk[1], "sign": SIGNS[sign], "k": k, "n": n, "others_k": k2, "others_n": n2, "p": p}
    for desk in desks:
        for sign in range(FEWER):
            weeks = against(desk, sign)
            if total(desks[desk][sign if sign in OF_SALES else QUICK], 1) < ENOUGH or total([w[3:] for w in weeks], 0) == 0:
                continue
            tried.append((at_least(weeks, INNOCENT, sum(w[0] for w in weeks)), sign, desk, weeks))
    tried.sort(key=lambda t: t[:2])
    named = 0
    while named < len(tried) and tried[named][0] <= LEVEL / (limit - named):
        named += 1
    signs = [found(desk, sign, weeks, p) for p, sign, desk, weeks in tried[:named]]
    guilty = {t[2] for t in tried[:named]}
    remaining, tests = [d for d in desks if not d[0] and d not in guilty], len(tried)
    for desk in remaining if len(remaining) >= 2 else ():
        weeks = against(desk, MORE, guilty)
        if sum(w[2] for w in weeks) < ENOUGH or sum(w[1] for w in weeks) == 0:
            continue
        tests += 1
        p = at_most(weeks, 1 / INNOCENT, sum(w[0] for w in weeks))
        if p <= LEVEL / limit:
            signs.append(found(desk, FEWER, weeks, p))
    tested = sum(sign == MORE and not desk[0] for _, sign, desk, _ in tried)
    return signs, tests, {"store": store, "tills": tills, "tills_tested": tested,
                          "result": "a reason to look" if signs else "nothing found" if tested else "not testable"}


def _find_haste(sales, seconds):
    """Whether the till's invitation before it is of the same ten seconds."""
    before = {}
    for s in sorted((s for s in sales if s["seq"] is not None), key=lambda s: s["seq"]):
        place, at = (s["handle"], s["absolute"], s["till"], s["store"]), seconds(s["time"])
        s["hasty"] = 0 <= at - before.get(place, at - HASTE_S) < HASTE_S
        before[place] = at


def worth_a_look(sales, last, seconds):
    """last: the last day whose answers are in, or that is asked for. Stores of two tills and more."""
    window = (last + 1) // DAYS * DAYS - DAYS
    first = min(s["absolute"] for s in sales)
    within = lambda s: 0 <= s["absolute"] - window < DAYS                                                            # noqa: E731
    while window + DAYS > first and any(within(s) and not s["mature"] and s["plain"] for s in sales):
        window -= DAYS
    told = {"tests": 0, "signs": [], "stores": []}
    if window + DAYS <= first:
        return told
    _find_haste(sales, seconds)
    for store in sorted({s["store"] for s in sales}):
        mine = [s for s in sales if s["store"] == store and within(s)]
        desks = {(False, f"{store}/{till}"): [s for s in mine if s["till"] == till] for till in sorted({s["till"] for s in mine})}
        desks.update({(True, name): [s for s in mine if s["cashier"] == name] for name in sorted({s["cashier"] for s in mine if s["cashier"]})})
        tallies = {desk: _tally(some, window, seconds) for desk, some in desks.items()}
        tallies = {desk: t for desk, t in tallies.items() if any(w[1] for sign in (MORE, DECLINED) for w in t[sign])}
        signs, tests, watch = _store(store, tallies, sum(not desk[0] for desk in tallies))
        told["signs"] += signs
        told["tests"] += tests
        told["stores"].append(watch)
    told["signs"].sort(key=lambda sign: (sign["who"], sign["sign"]))
    return told
