"""The report of shops that chance decides, which is decided by the seeds and the day: on another it would be another shop, so
all live on one. What must be found there, what must not be shown, and the page in five languages."""
import csv
import datetime
import os
import re
import sys
import unicodedata

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import clock            # noqa: E402  pylint: disable=wrong-import-position
from demo_shop import LANGUAGES, answers_of, demo, import_answers, page_of, said_later, scores_of  # noqa: E402  pylint: disable=wrong-import-position
from kwit import ROOT, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position

_cache = {}


def _quarter():
    if not _cache:
        shop = demo("--days", "70", "--tills", "4", "--sales", "120", "--lift", "40", "--cheat", "--seed", "3")
        _cache.update(shop=shop, report=shop.kwit("report", "--json", "--planned-n", "2000").line)
    return _cache["shop"], _cache["report"]


def before_the_plan_is_reached_the_arms_stand_nowhere():
    shop = demo("--days", "40", "--tills", "2", "--sales", "60", "--planned-n", "100000")
    report = shop.kwit("report", "--json").line
    found = report["experiments"][0]
    same([found["verdict"], found["planned_n"]], ["no verdict yet", 100000], "verdict")
    want(all(set(arm) == {"arm", "name", "offered", "expected", "mature_n"} for arm in found["arms"]), f"an arm tells more: {found['arms']}")
    same(report["by"]["variant"], [], "lines of variants")
    text = shop.kwit("report").text
    want("points" not in text and "no verdict yet" in text and "By variant" not in text, "the text tells of arms early")
    want("variant," not in shop.kwit("report", "--format", "csv").text, "CSV tells of arms early")
    none = demo("--days", "25", "--tills", "2", "--sales", "40", "--planned-n", "-1")
    for call in ((), ("--format", "html")):
        want("no number was planned" in none.kwit("report", *call).text.replace("\n    ", " "), f"{call}: nothing says how to plan")


def a_plan_cannot_be_chosen_when_looking():
    shop, report = _quarter()
    same(report["experiments"][0]["verdict"], "final", "with the stored plan")
    for planned in ("1500", "3000", "6000"):
        found = shop.kwit("report", "--json", "--planned-n", planned).line["experiments"][0]
        same(found["verdict"], "exploratory", f"with {planned}")
        want("p" not in found["arms"][1], f"{planned}: a test of another plan")
    want("exploratory" in shop.kwit("report", "--planned-n", "1500").text, "the text does not say why")


def daily_looks_end_it_early():
    shop = demo("--days", "60", "--lift", "150", "--daily-looks")
    found = shop.kwit("report", "--json").line["experiments"][0]
    same([found["verdict"], found["looks"], found["ended_early"], found["arms"][1]["differs"]], ["final", "daily", True, True], "verdict")
    want(found["arms"][0]["mature"]["n"] < 2000 and found["boundary_z"] > 2, f"{found}")
    want("each day is a look" in shop.kwit("report").text, "the text does not say how")


def a_verdict_that_was_given_stays_when_more_days_mature():
    shop, report = _quarter()
    given = report["experiments"][0]["arms"]
    early = shop.kwit("report", "--json", "--planned-n", "2000", "--today", (clock.today() - datetime.timedelta(20)).isoformat()).line
    same([arm["mature"] for arm in early["experiments"][0]["arms"]], [arm["mature"] for arm in given], "what the verdict rests on")


def the_planted_cheat_is_found():
    shop, report = _quarter()
    signs = report["worth_a_look"]["signs"]
    want(signs and {sign["who"] for sign in signs} == {shop.truth["cheat"]}, f"signs {signs}")


def a_broken_split_stops_the_verdict():
    shop = demo("--days", "40", "--sales", "200", "--break-split", "--lift", "80", "--planned-n", "500")
    found = shop.kwit("report", "--json", "--planned-n", "500").line["experiments"][0]
    same(found["verdict"], "experiment broken", "verdict")
    want("difference" not in found["arms"][1], "a difference of a broken experiment")
    want("experiment broken" in shop.kwit("report", "--planned-n", "500").text, "the text does not say so")


def a_reversal_is_told_with_both_numbers():
    shop = demo("--days", "60", "--tills", "4", "--sales", "150", "--simpson", "--seed", "3", "--planned-n", "3000")
    found = shop.kwit("report", "--json", "--planned-n", "3000").line["experiments"][0]
    arm = found["arms"][1]
    same(found["verdict"], "final", "stores with weights of their own are not a broken split")
    want(arm["sign_reversed_when_pooled"] and arm["difference"] > 0 > arm["pooled_difference"], f"no reversal: {arm}")
    for call in ((), ("--format", "html")):
        text = shop.kwit("report", "--planned-n", "3000", *call).text
        for number in (arm["difference"], arm["pooled_difference"]):
            want(f"{abs(100 * number):.2f}" in text, f"{number} is not in the report")
        want("other way round" in text, "no warning")


def scores_of_few_are_hidden_with_a_sibling():
    shop = demo("--days", "30", "--tills", "3", "--stores", "3", "--sales", "40", "--rate", "1")
    report = shop.kwit("report", "--json", "--shared").line
    groups = [g for g in report["by"]["till"] if g["answers"] > 0]
    small = [g for g in groups if g["answers"] < 10]
    want(small, "no till has few answers")
    for group in groups:
        same("scores" in group, not group["scores_hidden"], f"{group['label']}: scores are shown or hidden")
    want(all(g["scores_hidden"] for g in small), "a score of few answers is shown")
    shown = [g for g in groups if not g["scores_hidden"]]
    want(len(groups) - len(shown) >= min(len(groups), 2), "one hidden score can be had by subtraction")


def hidden_scores_cannot_be_computed_from_the_others():
    """All that a page shows of one question is a set of sums over places; none of them may add up to a line of few answers."""
    for seed in range(8):
        shop = demo("--days", "25", "--tills", str(3 + seed), "--stores", str(2 + seed % 4), "--sales", "30", "--rate", "3",
                     "--seed", str(40 + seed))
        report = shop.kwit("report", "--json", "--shared").line
        tills = [line["label"] for line in report["by"]["till"] if line["answers"]]
        known = lambda line: "hidden" not in scores_of(line).get("nps", {"hidden": True})
        vector = lambda label: [int(till == label or till.startswith(label + "/")) for till in tills]
        lines = [line for line in report["by"]["store"] + report["by"]["till"] if line["answers"]]
        shown = [[1] * len(tills)] * known(report["total"]) + [vector(line["label"]) for line in lines if known(line)]
        for line in lines:
            if line["answers"] < 10:
                want(not known(line), f"seed {seed}: {line['label']} is shown")
                want(_rank(shown + [vector(line["label"])]) > _rank(shown), f"seed {seed}: {line['label']} can be computed")


def _rank(rows):
    rows, rank = [list(map(float, row)) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((i for i in range(rank, len(rows)) if abs(rows[i][column]) > 1e-9), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for i in range(rank + 1, len(rows)):
            factor = rows[i][column] / rows[rank][column]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[rank])]
        rank += 1
    return rank


def few_contested_answers_are_told_by_bounds_and_many_by_scores():
    for count, exact in ((4, False), (25, True)):
        shop = demo("--days", "30", "--tills", "3", "--sales", "100", "--rate", "4")
        first = answers_of(shop)[:count]
        import_answers(shop, [said_later(answer, i, 60, nps="0" if answer["nps"] != "0" else "10") for i, answer in enumerate(first)])
        report = shop.kwit("report", "--json").line
        same(report["total"]["contested"], count, "contested")
        same(sum(line["contested"] for line in report["by"]["till"]), count, "contested by till")
        nps, told = report["scores_without_contested"]["nps"], report["total"]["scores"]["nps"]
        same(nps["n"], told["n"] - count, "answers without contested ones")
        same(("score" in nps, "between" in nps), (exact, not exact), f"{count} contested: {nps}")
        truth = [int(a["nps"]) for a in answers_of(shop)[count:]]
        score = 100 * (sum(n >= 9 for n in truth) - sum(n <= 6 for n in truth)) / len(truth)
        low, high = (nps["score"], nps["score"]) if exact else nps["between"]
        want(low - 1e-6 <= score <= high + 1e-6, f"{score} without contested ones, told {nps}")


def a_question_hides_by_its_own_answers():
    """Nearly everyone left the first question out; the second one has answers enough."""
    shop = demo("--days", "30", "--tills", "3", "--sales", "80", "--rate", "4")
    import_answers(shop, [said_later(answer, i, -5, nps="") for i, answer in enumerate(answers_of(shop)[5:])])
    total = shop.kwit("report", "--json", "--shared").line["total"]
    want("score" in shop.kwit("report", "--json").line["total"]["scores"]["nps"], "the shop's own report hides nothing")
    same(total["scores"]["nps"], {"n": 5, "hidden": True}, "NPS of five answers")
    want(total["answers"] > 100 and "top_two" in total["scores"]["csat"], "CSAT of many answers")
    sheet = next(csv.DictReader(shop.kwit("report", "--shared", "--format", "csv").out.decode().splitlines()))
    same((sheet["nps"], sheet["nps_low"]), ("hidden", "hidden"), "NPS in CSV")
    for call in ((), ("--format", "html")):
        want("hidden (few answers)" in shop.kwit("report", "--shared", *call).text, f"{call}: nothing says that it is hidden")


def the_page_needs_nothing_and_reads_both_ways():
    shop, _ = _quarter()
    for language in LANGUAGES:
        page = page_of(shop, language)
        attributes = dict(page.tags)["html"]
        same((attributes["lang"], attributes["dir"]), (language, "rtl" if language == "fa" else "ltr"), f"{language}: direction")
        for forbidden in ("://", "<script", "url(", "@import", "src="):
            want(forbidden not in page.source, f"{language}: the page has {forbidden}")
        for wanted in ("viewport", "@media print", "@media(max-width", "prefers-color-scheme:dark", "table-header-group"):
            want(wanted in page.source, f"{language}: {wanted}")
        for tag, attributes in page.tags:
            want(tag != "th" or attributes.get("scope") in ("row", "col"), f"{language}: a heading of a table says not of what")
            want(tag != "svg" or "aria-label" in attributes or attributes.get("aria-hidden") == "true", f"{language}: a plot without words")
            want(tag != "table" or attributes.get("aria-label"), f"{language}: a table without a name")


def every_language_says_everything_in_its_own_words_and_digits():
    shop, report = _quarter()
    number = {"en": "{:,}", "pl": "{:,}", "fr": "{:,}", "ru": "{:,}", "fa": "{:,}"}
    group = {"en": ",", "pl": "\u00a0", "fr": "\u202f", "ru": "\u00a0", "fa": "\u066c"}
    english = set(" ".join(page_of(shop, "en").text).split())
    for language in LANGUAGES:
        text = " ".join(page_of(shop, language).text)
        told = number[language].format(report["total"]["sales"]).replace(",", group[language])
        if language == "fa":
            told = told.translate({ord("0") + i: 0x06F0 + i for i in range(10)})
            want(not re.search(r"[\u0660-\u0669\u064a\u0643]", text), "an Arabic digit or letter in Persian")
        want(told in text, f"{language}: {told} is not there")
        if language in ("ru", "fa"):
            latin = {word.strip("():;,–-…") for word in text.split() if re.fullmatch(r"[A-Za-z]{4,}", word)} & english
            want(latin <= {"Demo", "shop", "plain", "warm", "title", "paper", "CSAT", "JSON", "survey", "plan"}, f"{language}: English words {latin}")


def _columns(line):
    return sum(not unicodedata.combining(c) and unicodedata.category(c) != "Cf" for c in line)


def the_text_fits_eighty_columns_in_every_language():
    shop, _ = _quarter()
    with open(shop.config, encoding="utf-8") as file:
        text = file.read()
    longer = os.path.join(shop.place, "longer.conf")
    with open(longer, "w", encoding="utf-8") as file:
        file.write(re.sub(r"\b(plain|warm)\b", r"\1-and-simple", text))
    for config in (shop.config, longer):
        for language in LANGUAGES:
            for line in shop.kwit("--config", config, "report", "--lang", language, "--planned-n", "2000").text.splitlines():
                want(_columns(line) <= 80, f"{language}: {_columns(line)} columns: {line}")


def the_report_never_says_what_it_cannot_know():
    shop, _ = _quarter()
    words = []
    for name in ("report_words", "kinds", "reasons", "verdicts", "classes"):
        with open(os.path.join(ROOT, f"driver/data/{name}.def"), encoding="utf-8") as file:
            words.append(file.read())
    forms = ["".join(words)] + [shop.kwit("report", *call, "--planned-n", "2000").text for call in ((), ("--format", "html"), ("--lang", "pl"))]
    claims = ("customers think", "because", "caused", "due to", "led to", "thanks to", "improved", "worst", "best ", "significant",
              "klienci uważają", "ponieważ", "dzięki", "les clients pensent", "parce que", "grâce à", "клиенты считают", "потому что",
              "благодаря", "مشتریان فکر", "زیرا", "به‌دلیل")
    for form in forms:
        for claim in claims:
            want(claim not in form.lower(), f"the report says: {claim}")
    for share in re.finditer(r"(?m)^.*\d\u00a0%.*$", forms[1]):
        line = share.group()
        bounds = re.search(r"on paper|limits of chance|exact tests", line)
        want(bounds or re.search(r"\(.+[;,] ?(n |[\d,]+/)", line), f"a rate without its n and interval: {line}")


def wrong_calls_are_told():
    shop, report = _quarter()
    for call, text in ((("--lang", "de"), "no report in de"), (("--from", "2026-10-07", "--to", "2026-10-01"), "is after --to"),
                       (("--sales-total", "3"), "is fewer than"), (("--sales-total", "-3"), "at least 0"),
                       (("--acknowledge", "1"), "report alerts"), (("--format", "pdf"), "say text, csv or html")):
        found = shop.kwit("report", *call)
        same(found.exit, 64, f"{call}")
        want(text in found.text, f"{call}: {found.text}")
    total = report["total"]["sales"]
    same(shop.kwit("report", "--json", "--sales-total", str(2 * total)).line["coverage"], 0.5, "coverage")


with clock.pinned():
    run_tests(globals())
