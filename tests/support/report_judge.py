"""An independent reading of the rules of driver/report/statistics.md: from exported sales and the answers that were imported to
every number of `kwit report --json`. It shares nothing with the driver: exact integers and fractions where the driver
sums logarithms, and plain loops over sales where it reads counts.
"""
import collections
import datetime
import hashlib
import math
import zoneinfo
from fractions import Fraction

import clock
import signs_judge

Z = 1.959963984540054
PAPER = ("proven", "sent", "unconfirmed", "seen")
CLASSES = ("pending", "proven", "sent", "unconfirmed", "not_printed", "seen", "missing")
KINDS = ("sale", "refund", "exchange", "void", "order", "proforma", "deposit", "payout", "gift", "training", "document", "survey")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NO_SALE = ("void", "proforma", "payout", "gift", "training", "document")
UNCOVERED = ("cooldown", "daily_cap", "customer_opted_out", "cashier_declined")
GRADES = {"nps": (9, 6), "csat": (4, 2), "ces": (5, 3)}
VALUE = {"nps": "score", "csat": "top_two", "ces": "easy"}
FEW, NEVER_DAYS, EARLY_S = 10, 60, 60
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def day_of(text):
    return (datetime.date.fromisoformat(text[:10]) - datetime.date(2024, 1, 1)).days


def date_of(day):
    return (datetime.date(2024, 1, 1) + datetime.timedelta(day)).isoformat()


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def wilson(k, n):
    if n <= 0:
        return [0.0, 1.0]
    p, zz = k / n, Z * Z
    centre, half = (p + zz / (2 * n)) / (1 + zz / n), Z * math.sqrt(p * (1 - p) / n + zz / (4 * n * n)) / (1 + zz / n)
    return [max(0.0, centre - half), min(1.0, centre + half)]


def nps_interval(up, down, n):
    p, d = (up + 0.75) / (n + 3), (down + 0.75) / (n + 3)
    half = 100 * Z * math.sqrt((p + d - (p - d) ** 2) / (n + 3))
    return [max(-100.0, 100 * (p - d) - half), min(100.0, 100 * (p - d) + half)]


def estimate(question, high, low, n):
    if question == "nps":
        return {"score": 100 * (high - low) / n, "interval": nps_interval(high, low, n)}
    return {VALUE[question]: high / n, "interval": wilson(high, n)}


def chi_square_tail(x, freedom):
    """By the recurrence over degrees of freedom, from those of one and two."""
    if x <= 0 or freedom <= 0:
        return 1.0
    tail, term, at = (math.erfc(math.sqrt(x / 2)), math.sqrt(2 * x / math.pi) * math.exp(-x / 2), 1) if freedom % 2 else \
                     (math.exp(-x / 2), math.exp(-x / 2) * x / 2, 2)
    while at < freedom:
        tail, at = tail + term, at + 2
        term *= x / at
    return tail


def binomial_limits(n, p, alpha):
    terms = [math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
                      + (k * math.log(p) if k else 0) + ((n - k) * math.log1p(-p) if n > k else 0)) for k in range(n + 1)] if 0 < p < 1 \
        else [float(k == n * p) for k in range(n + 1)]
    low, below, high, above = 0, terms[0], n, terms[n]
    while below <= alpha:
        low += 1
        below += terms[low]
    while above <= alpha:
        high -= 1
        above += terms[high]
    return low, high


def poisson_at_least(k, mean):
    return max(0.0, 1 - math.fsum(math.exp(i * math.log(mean) - mean - math.lgamma(i + 1)) for i in range(k)))


def discoveries(p, q):
    order, found = sorted(range(len(p)), key=lambda i: p[i]), set()
    for rank, i in enumerate(order, 1):
        if p[i] <= q * rank / len(p):
            found = set(order[:rank])
    return found


def open_token(token, epoch):
    """(handle, day mod 2048, seq, variant, flag), or the verdict on what is no token of this key."""
    text = token.upper().replace("O", "0").replace("I", "1").replace("L", "1").replace("-", "").replace(" ", "")
    digits = [ALPHABET.find(symbol) for symbol in text]
    if not text:
        return "no_token"
    check = 0
    for i, digit in enumerate(digits[:19]):
        for _ in range(i + 1):
            digit = digit << 1 ^ (0x25 if digit & 16 else 0)
        check ^= digit
    if len(digits) != 20 or min(digits) < 0 or check != digits[19]:
        return "mistyped"
    value = 0
    for digit in digits[:19]:
        value = value << 5 | digit
    header, tag = value >> 70, (value & ((1 << 40) - 1)).to_bytes(5, "big")
    if header >> 20 != 1:
        return "foreign"
    hashed = lambda key, *parts: hashlib.blake2b(b"".join(parts), key=key, digest_size=32).digest()
    key = hashed(epoch, b"svt1/term", (header & 0xFFFFF).to_bytes(4, "big"))
    body = (value >> 40 & (1 << 30) - 1) ^ int.from_bytes(hashed(key, b"svt1/enc", header.to_bytes(4, "big"), tag)[:4], "big") >> 2
    if hashed(key, b"svt1/tag", header.to_bytes(4, "big"), body.to_bytes(4, "big"))[:5] != tag:
        return "forged"
    return header & 0xFFFFF, body >> 19, body >> 5 & 16383, body >> 1 & 15, body & 1


class Judge:
    """sales: the lines of `journal export`; events: those of `--events`; answers: rows with the own page's columns."""

    def __init__(self, sales, events, answers, epoch, today, variants, planned, zone="Europe/Warsaw"):
        self.today, self.variants, self.planned = today, variants, planned
        self.answers, self.zone = answers, zoneinfo.ZoneInfo(zone)
        printed = {}
        number = {e["n"]: e["sale"] for e in events}
        for e in events:
            if e["event"] in ("printed", "sent", "unconfirmed"):
                printed[e["sale"]] = seconds(e["time"])
        for s in sales:
            s["absolute"], s["at"] = day_of(s["day"]), printed.get(number[s["n"]])
            s["replies"] = []
        self.all, self.tests = [s for s in sales if not s["test"]], sum(s["test"] for s in sales)
        self.verdicts = collections.Counter()
        self._match(sales, epoch)
        times = [seconds(a["submitted_at"]) for a in answers]
        self.reach = max((t for t in times if t <= clock.now_ms() / 1000), default=0)     # nothing was submitted after now
        self.reach_day = self.local_day(self.reach)
        for s in self.all:
            ends = day_of(s["expires"]) if s["expires"] else s["absolute"] + NEVER_DAYS
            s["mature"] = bool(answers) and ends < today and ends < self.reach_day        # more may come of that day
            s["plain"] = s["invited"] and not s["forced"]
            s["hour"] = f"{(int(s['time'][11:13]) * 60 + int(s['time'][14:16]) + s['offset_minutes']) // 60 % 24:02d}"
            replies = sorted(s["replies"], key=lambda a: (seconds(a["submitted_at"]), a["order"])) if s["plain"] else []
            s["answer"] = replies[0] if replies else None
            s["contested"] = any(self.grades(a) != self.grades(replies[0]) for a in replies)

    def local_day(self, moment, sale=None):
        """The shop's day; of a sale, that of a till that stands as far from the shop's clock as it did then."""
        offset = lambda at: datetime.datetime.fromtimestamp(at, self.zone).utcoffset().total_seconds()
        apart = sale["offset_minutes"] * 60 - offset(seconds(sale["time"])) if sale else 0
        return int((moment + offset(moment) + apart) // 86400) - 19723

    @staticmethod
    def grades(answer):
        return tuple(int(answer[question]) if answer[question] != "" else None for question in GRADES)

    def _match(self, sales, epoch):
        by_key = {(s["handle"], s["absolute"] % 2048, s["seq"]): s for s in sales if s["seq"] is not None}
        seen, waiting = set(), []
        for order, answer in enumerate(self.answers):
            answer["order"] = order
            token = open_token(answer["token"], epoch)
            if isinstance(token, str):
                self.verdicts[token] += 1
                continue
            sale = by_key.get(token[:3])
            submitted = self.local_day(seconds(answer["submitted_at"]), sale) if sale else 0
            if token[4]:
                self.verdicts["test"] += 1
            elif not sale or not sale["invited"]:
                self.verdicts["unissued"] += 1
            elif seconds(answer["submitted_at"]) < seconds(sale["time"]) - EARLY_S:
                self.verdicts["early"] += 1
            elif sale["expires"] and submitted > day_of(sale["expires"]):
                self.verdicts["expired"] += 1
            else:
                waiting.append((seconds(answer["submitted_at"]), order, id(sale), sale, answer))
        for _, _, which, sale, answer in sorted(waiting, key=lambda w: w[:3]):
            self.verdicts["used" if which in seen else "matched"] += 1
            seen.add(which)
            sale["replies"].append(answer)

    # ---- one line of a breakdown

    def scores(self, chosen):
        found = {}
        for question, (high, low) in GRADES.items():
            grades = [int(s["answer"][question]) for s in chosen if s["answer"] and s["answer"][question] != ""]
            found[question] = {"n": len(grades), "high": sum(g >= high for g in grades), "low": sum(g <= low for g in grades), "sum": sum(grades)}
        return found

    @staticmethod
    def tell_score(question, score):
        if score["n"] == 0:
            return {"n": 0}
        told = {"n": score["n"], **estimate(question, score["high"], score["low"], score["n"])}
        if question == "nps":
            told.update(promoters=score["high"], detractors=score["low"], passives=score["n"] - score["high"] - score["low"])
        else:
            told["mean"] = score["sum"] / score["n"]
        return told

    def line(self, chosen, hidden):
        plain = [s for s in chosen if s["plain"]]
        answered = [s for s in plain if s["answer"]]
        n = collections.Counter(s["class"] for s in plain if s["mature"])
        k = collections.Counter(s["class"] for s in answered if s["mature"])
        rates = {("sent_assumed_printed" if c == "sent" else c): {"answers": k[c], "n": n[c], "rate": k[c] / n[c], "interval": wilson(k[c], n[c])}
                 for c in CLASSES if n[c]}
        reasons = collections.Counter(s["reason"] for s in chosen if s["reason"])
        told = {"sales": sum(s["kind"] not in NO_SALE for s in chosen), "offered": len(plain), "forced": sum(s["invited"] and s["forced"] for s in chosen),
                "by_class": {c: sum(s["class"] == c for s in plain) for c in CLASSES},
                "answers_by_class": {c: sum(s["class"] == c for s in answered) for c in CLASSES},
                "answers": len(answered), "contested": sum(s["contested"] for s in answered), "mature_rates": rates,
                "uncovered": sum(reasons[word] for word in UNCOVERED), "suppressed": dict(reasons)}
        every = sum(k[c] for c in PAPER)
        if every:
            sure = n["proven"] + n["sent"] + n["seen"]
            told["mature_bounds"] = [every / (sure + n["unconfirmed"]), every / (sure + k["unconfirmed"])]
        scores = self.scores(chosen)
        shown = {q for q in GRADES if scores[q]["n"] and q not in hidden}
        told["scores_hidden"] = not shown
        if shown:
            told["scores"] = {q: {"n": scores[q]["n"], "hidden": True} if q in hidden else self.tell_score(q, scores[q]) for q in GRADES}
        return told

    # ---- breakdowns and hiding

    def labels(self):
        variant = lambda s: self.variants[s["variant"]] if s["variant"] < len(self.variants) else f"arm {s['variant']}"
        return {"store": lambda s: s["store"], "till": lambda s: f"{s['store']}/{s['till']}", "cashier": lambda s: s["cashier"] or None,
                "hour": lambda s: s["hour"], "weekday": lambda s: DAYS[s["absolute"] % 7], "kind": lambda s: s["kind"],
                "variant": lambda s: variant(s) if 0 < s["variant_bp"] < 10000 else None,
                "language": lambda s: s["language"], "channel": lambda s: s["channel"]}

    def groups(self):
        told = {}
        for dimension, label in self.labels().items():
            told[dimension] = collections.defaultdict(list)
            for s in self.all:
                if label(s) is not None:
                    told[dimension][label(s)].append(s)
        return told

    def hiding(self, groups):
        """Which lines must not show a score: those of few, and the next smallest sibling on every margin."""
        hidden = {dimension: {label: set() for label in lines} for dimension, lines in groups.items()}
        for question in GRADES:
            whole = self.scores(self.all)[question]["n"]
            n = {d: {label: self.scores(lines[label])[question]["n"] for label in lines} for d, lines in groups.items()}
            for dimension, lines in n.items():
                few = [label for label, count in lines.items() if 0 < count < FEW]
                shown = [label for label, count in lines.items() if count >= FEW]
                rest = whole - sum(lines.values())
                if (few or 0 < rest < FEW) and shown:
                    few.append(self.smallest(dimension, shown, lines))
                for label in few:
                    hidden[dimension][label].add(question)
            for store in n["store"]:
                tills = {t: c for t, c in n["till"].items() if t.startswith(store + "/")}
                dark = [t for t in tills if question in hidden["till"][t]]
                shown = [t for t, c in tills.items() if c > 0 and t not in dark]
                if shown and len(dark) == (0 if question in hidden["store"][store] else 1):
                    hidden["till"][self.smallest("till", shown, tills)].add(question)
        return hidden

    def smallest(self, dimension, shown, n):
        order = {"weekday": DAYS.index, "kind": KINDS.index, "variant": self.variants.index}.get(dimension, natural)
        return min(shown, key=lambda label: (n[label], order(label)))

    # ---- the whole

    def weighted(self):
        told = {"p_changes": len({s["rate_bp"] for s in self.all if s["plain"]}) > 1, "scores": {}}
        told["rate_n"] = [s for s in self.all if s["plain"] and s["mature"] and s["class"] == "proven"]
        weight = lambda s: Fraction(10000, s["rate_bp"])
        effective = lambda some: sum(map(weight, some)) ** 2 / sum(weight(s) ** 2 for s in some)
        some = told.pop("rate_n")
        if some:
            n = float(effective(some))
            rate = float(sum(weight(s) for s in some if s["answer"]) / sum(map(weight, some)))
            told.update(rate=rate, n_eff=n, interval=wilson(rate * n, n))
        for question, (high, low) in GRADES.items():
            some = [s for s in self.all if s["answer"] and s["answer"][question] != ""]
            if not some:
                continue
            n, total = float(effective(some)), sum(map(weight, some))
            share = lambda test: float(sum(weight(s) for s in some if test(int(s["answer"][question]))) / total)
            by_p = collections.Counter(s["rate_bp"] for s in some)
            told["scores"][question] = {"n_eff": n, "hidden": True} if len(some) < FEW or (len(by_p) == 2 and min(by_p.values()) < FEW) else \
                {"n_eff": n, **estimate(question, n * share(lambda g: g >= high), n * share(lambda g: g <= low), n)}
        return told

    def cohorts(self):
        days = collections.defaultdict(list)
        for s in self.all:
            days[s["absolute"]].append(s)
        told = []
        for day in range(min(days), max(days) + 1):
            plain = [s for s in days[day] if s["plain"]]
            paper = [s for s in plain if s["class"] in PAPER]
            told.append({"day": date_of(day), "offered": len(plain), "delivered": len(paper),
                         "answers": sum(s["answer"] is not None for s in paper), "mature": all(s["mature"] for s in plain)})
        return told

    def weeks(self, cohorts):
        weeks = collections.defaultdict(lambda: [0, 0])
        for c in cohorts:
            if c["mature"] and c["delivered"]:
                monday = day_of(c["day"]) // 7 * 7
                weeks[monday][0] += c["answers"]
                weeks[monday][1] += c["delivered"]
        if not weeks:
            return [], None
        mean = sum(k for k, _ in weeks.values()) / sum(n for _, n in weeks.values())
        told, sides = [], ""
        for monday in sorted(weeks):
            k, n = weeks[monday]
            low, high = binomial_limits(n, mean, 0.00135)
            told.append({"monday": date_of(monday), "mature": {"answers": k, "n": n, "rate": k / n, "interval": wilson(k, n)},
                         "low": low, "high": high, "beyond": not low <= k <= high})
            sides += "+" if k > mean * n else "-" if k < mean * n else " "
        x = [(monday - min(weeks)) // 7 for monday in sorted(weeks)]
        n = [weeks[monday][1] for monday in sorted(weeks)]
        excess = sum(xi * (weeks[m][0] - weeks[m][1] * mean) for xi, m in zip(x, sorted(weeks)))
        spread = mean * (1 - mean) * (sum(ni * xi * xi for ni, xi in zip(n, x)) - sum(ni * xi for ni, xi in zip(n, x)) ** 2 / sum(n))
        z = excess / math.sqrt(spread) if spread > 0 else 0
        p = math.erfc(-z / math.sqrt(2)) / 2
        return told, {"mean": mean, "run_of_eight": "+" * 8 in sides or "-" * 8 in sides, "z": z, "falling_p": p, "falling": p < 0.01}

    def experiment(self):
        """Of one campaign whose stores keep their arms' probabilities."""
        part = [s for s in self.all if s["plain"] and 0 < s["variant_bp"] < 10000]
        arms = len(self.variants)
        p = {}
        for s in part:
            p.setdefault(s["store"], {})[s["variant"]] = s["variant_bp"]
        offered, expected = [0] * arms, [Fraction(0)] * arms
        for store, probabilities in p.items():
            mine = [s for s in part if s["store"] == store]
            for arm in range(arms):
                offered[arm] += sum(s["variant"] == arm for s in mine)
                expected[arm] += Fraction(len(mine) * probabilities[arm], sum(probabilities.values()))
        split = chi_square_tail(float(sum((o - e) ** 2 / e for o, e in zip(offered, expected))), arms - 1)
        paper = [sum(s["variant"] == arm and s["class"] in PAPER for s in part) for arm in range(arms)]
        share = Fraction(sum(paper), len(part))
        # Where all came out on paper, or none, no arm differs.
        spread = share * (1 - share)
        printed = chi_square_tail(float(sum((k - n * share) ** 2 / (n * spread) for k, n in zip(paper, offered) if n * spread)), arms - 1)
        kept, n, reached = [], [0] * arms, False
        for day in sorted({s["absolute"] for s in part}):
            today = [s for s in part if s["absolute"] == day]
            if not all(s["mature"] for s in today):
                break
            kept += today
            for s in today:
                n[s["variant"]] += 1
            if min(n) >= self.planned > 0:
                reached = True
                break
        broken = split < 0.001 or printed < 0.001
        told = {"split_p": split, "printed_given_offered_p": printed,
                "verdict": "experiment broken" if broken else "final" if reached else "no verdict yet", "arms": []}
        for arm in range(arms):
            k = sum(s["variant"] == arm and s["answer"] is not None for s in kept)
            mature = {"answers": k, "n": n[arm]}
            if n[arm]:
                mature.update(rate=k / n[arm], interval=wilson(k, n[arm]))
            told["arms"].append({"offered": offered[arm], "expected": float(expected[arm]),
                                 **({"mature": mature} if reached and not broken else {"mature_n": n[arm]})})
            if arm and reached and not broken:
                told["arms"][arm].update(self.compare(kept, arm))
        p = [arm["p"] for arm in told["arms"][1:] if "p" in arm]
        for i in range(len(p)):
            told["arms"][i + 1]["differs"] = p[i] < 0.05 and i in discoveries(p, 0.10)
        return told

    @staticmethod
    def compare(kept, arm):
        excess = variance = above = p_sum = q_sum = r_sum = Fraction(0)
        counts = lambda chosen: (len(chosen), sum(s["answer"] is not None for s in chosen))
        dealt = collections.defaultdict(set)
        for s in kept:
            dealt[s["store"]].add(s["variant"])
        strata = sorted(store for store in dealt if dealt[store] >= {0, arm})
        for store in strata:
            (n0, k0), (n1, k1) = (counts([s for s in kept if s["store"] == store and s["variant"] == a]) for a in (0, arm))
            total, k = n0 + n1, k0 + k1
            excess += Fraction(k1) - Fraction(n1 * k, total)
            variance += Fraction(n1 * n0 * k * (total - k), total * total * (total - 1))
            above += Fraction(k1 * n0 - k0 * n1, total)
            r_sum += Fraction(n1 * n0, total)
            p_sum += Fraction(n1 * n1 * k0 - n0 * n0 * k1, total * total) + Fraction(n1 * n0 * (n0 - n1), 2 * total * total)
            q_sum += Fraction(k1 * (n0 - k0) + k0 * (n1 - k1), 2 * total)
        # Where nobody answered, or everybody, nothing differs.
        chi, difference = float(excess * excess / variance) if variance else 0.0, above / r_sum
        half = Z * math.sqrt(max(0, difference * p_sum + q_sum)) / float(r_sum)
        (n0, k0), (n1, k1) = (counts([s for s in kept if s["store"] in strata and s["variant"] == a]) for a in (0, arm))
        pooled = Fraction(k1, n1) - Fraction(k0, n0)
        return {"chi_square": chi, "p": chi_square_tail(chi, 1), "difference": float(difference), "strata": len(strata),
                "interval": [float(difference) - half, float(difference) + half], "pooled_difference": float(pooled),
                "sign_reversed_when_pooled": difference * pooled < 0}

    def signs(self):
        return signs_judge.worth_a_look(self.all, min(self.today - 1, self.reach_day - 1), seconds)

    def alerts(self):
        low = lambda a: (a["csat"] != "" and int(a["csat"]) <= 2) or (a["nps"] != "" and int(a["nps"]) <= 6)
        ages = [self.reach - seconds(s["answer"]["submitted_at"]) for s in self.all if s["answer"] and low(s["answer"])]
        days = min(28, max(1, self.reach_day - min(s["absolute"] for s in self.all)))
        now, before = sum(a < 86400 for a in ages), sum(86400 <= a < 29 * 86400 for a in ages)
        return {"low_scores_last_24_h": now, "low_scores_a_day_before": before / days, "cluster_p": poisson_at_least(now, max(before, 1) / days)}

    def uncontested(self):
        every, rest = self.scores(self.all), self.scores([s for s in self.all if not s["contested"]])
        told = {}
        for question in GRADES:
            a, r = every[question], rest[question]
            contested = a["n"] - r["n"]
            if a["n"] < FEW:
                continue
            if contested >= FEW and r["n"] >= FEW:
                told[question] = self.tell_score(question, r)
            elif question == "nps":
                told[question] = {"n": r["n"], "between": [100 * max(-1, (a["high"] - a["low"] - contested) / max(1, r["n"])),
                                                           100 * min(1, (a["high"] - a["low"] + contested) / max(1, r["n"]))]}
            else:
                told[question] = {"n": r["n"], "between": [max(0, (a["high"] - contested) / max(1, r["n"])), min(1, a["high"] / max(1, r["n"]))]}
        return told

    def report(self):
        groups = self.groups()
        hidden = self.hiding(groups)
        whole = {q for q in GRADES if 0 < self.scores(self.all)[q]["n"] < FEW}
        cohorts = self.cohorts()
        weeks, trend = self.weeks(cohorts)
        delays = sorted(seconds(s["answer"]["submitted_at"]) - s["at"] for s in self.all
                        if s["answer"] and seconds(s["answer"]["submitted_at"]) >= s["at"])
        experiments = [self.experiment()] if len(self.variants) > 1 else []
        if experiments and experiments[0]["verdict"] != "final":
            groups["variant"] = {}                  # before the verdict the arms stand nowhere
        told = {"total": self.line(self.all, whole), "tests": self.tests, "verdicts": dict(self.verdicts), "weighted": self.weighted(),
                "by": {d: {label: self.line(chosen, hidden[d][label]) for label, chosen in lines.items()} for d, lines in groups.items()},
                "cohorts": cohorts, "weeks": weeks, "worth_a_look": self.signs(), "alerts": self.alerts(),
                "experiments": experiments}
        if delays:
            told["median_delay_s"] = (delays[len(delays) // 2] + delays[(len(delays) - 1) // 2]) / 2
        if trend:
            told["trend"] = trend
        if any(s["contested"] for s in self.all):
            told["scores_without_contested"] = self.uncontested()
        return told


def natural(label):
    """T9 before T10, as the report sorts."""
    import re
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", label)]


def differences(found, wanted, where="report"):
    """Where a report says something else; numbers may differ by 1e-9, times of whole seconds by 1.5 s."""
    if isinstance(wanted, dict) and isinstance(found, list):
        found = {line.get("label"): line for line in found}
        for extra in set(found) - set(wanted):
            yield f"{where}: {extra!r} is too much"
    if isinstance(wanted, dict):
        for name, value in wanted.items():
            if not isinstance(found, dict) or name not in found:
                yield f"{where}.{name}: missing, wanted {value!r}"
            else:
                yield from differences(found[name], value, f"{where}.{name}")
    elif isinstance(wanted, list):
        if not isinstance(found, list) or len(found) != len(wanted):
            yield f"{where}: {found!r}, wanted {wanted!r}"
            return
        for i, value in enumerate(wanted):
            yield from differences(found[i], value, f"{where}[{i}]")
    elif isinstance(wanted, float) and not isinstance(found, bool):
        slack = 1.5 if where.endswith("delay_s") else 1e-9 * max(1, abs(wanted))
        if not isinstance(found, (int, float)) or abs(found - wanted) > slack:
            yield f"{where}: {found!r}, wanted {wanted!r}"
    elif found != wanted:
        yield f"{where}: {found!r}, wanted {wanted!r}"
