"""Each key of [survey] and [variant NAME] as a shop uses it: what is decided, stored and printed, and what stays decided."""
import datetime
import hashlib
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import clock        # noqa: E402  pylint: disable=wrong-import-position
from kwit import Shop, example, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

KEY = bytes(range(100, 132))
SUNDAY = clock.today() - datetime.timedelta(clock.today().isoweekday() % 7)       # the last one


def _date(day):
    """The days of these tests are those of a month whose 22nd was the last Sunday."""
    return SUNDAY + datetime.timedelta(day - 22)


def _number(day):
    """The day as the code on the paper counts it."""
    return (_date(day) - datetime.date(2024, 1, 1)).days


def _on(day, time="14:00"):
    return f"{_date(day)}T{time}:00+00:00"


def _shop(more="", **options):
    shop = Shop(key=False, more=more, **options)
    same(shop.kwit("survey", "key", "import", "--epoch", "3", "--handle", "12345", "--hex", KEY.hex()).exit, 0, "import")
    return shop


def _survey(shop, identity, *arguments, **changes):
    return shop.print(tiny(identity, **changes), *arguments)[1]["survey"]


def _reason(shop, identity, *arguments, **changes):
    survey = _survey(shop, identity, *arguments, **changes)
    same(survey["invited"], survey["reason"] is None, f"{survey}")
    return survey["reason"]


def _export(shop):
    return [json.loads(text) for text in shop.kwit("journal", "export").out.decode().splitlines()]


def _change(shop, before, after):
    with open(shop.config, encoding="utf-8") as file:
        text = file.read()
    want(before in text, f"{before!r} is not in the configuration")
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text.replace(before, after))


def _fault(shop, wanted, key):
    """Told by `config check` with the line of the key; the receipt prints all the same, and says why it invites nobody."""
    with open(shop.config, encoding="utf-8") as file:
        number = 1 + [line.split(" ")[0] for line in file.read().splitlines()].index(key)
    check = shop.kwit("config", "check", "--json")
    faults = [fault for fault in check.line["faults"] if wanted in fault["text"]]
    want(check.exit == 78 and faults, f"no fault with {wanted!r}: {check.text}")
    want(faults[0]["where"].endswith(f":{number}"), f"{faults} is not at line {number}")
    code, line = shop.print(tiny("FAULT"))
    same((code, line["survey"]["reason"]), (0, "not_configured"), wanted)
    want(any(w["code"] == "survey_omitted" and wanted in w["text"] for w in line["warnings"]), f"{line['warnings']}")


def _hash(label, day, seq):
    data = label.encode() + day.to_bytes(4, "big") + seq.to_bytes(4, "big")
    return int.from_bytes(hashlib.blake2b(data, key=KEY, digest_size=32).digest()[:4], "big")


# ---- the draw ------------------------------------------------------------------------------------------------------

def the_draw_and_the_arm_are_those_of_a_second_implementation():
    shop = _shop("rate = 40%\ncampaign = title\nvariants = a, b, c\n[variant a]\nweight = 3\n[variant b]\nweight = 0\n[variant c]\nweight = 1\n")
    for i in range(60):
        _survey(shop, f"S{i}", time=_on(20))
    rows = _export(shop)
    for row in rows:
        u = _hash("svt1/samp", _number(20), row["seq"])
        arm = _hash("svt1/var/title", _number(20), row["seq"]) * 4 // 2 ** 32
        same((row["u"], row["drawn"], row["invited"]), (u, u * 10000 < 4000 << 32, u * 10000 < 4000 << 32), f"{row}")
        same((row["variant"], row["variant_bp"], row["rate_bp"]), (0, 7500, 4000) if arm < 3 else (2, 2500, 4000), f"{row}")
    want({row["variant"] for row in rows} == {0, 2}, "both arms that have a weight")


def a_small_store_is_thinned_only_as_far_as_it_can_afford():
    shop = _shop("rate = 1%\nmin_per_month = 20\n")
    for i in range(25):
        _survey(shop, f"A{i}", time=_on(10), terminal=str(i % 2))
    for i in range(15):
        _survey(shop, f"B{i}", time=_on(19), terminal="2")
    _survey(shop, "OLD", time=_on(-9))
    _survey(shop, "TRAINING", time=_on(19), kind="training")
    _survey(shop, "C", time=_on(20))
    same({row["rate_bp"] for row in _export(shop) if row["day"] == str(_date(10))}, {10000}, "a store that is new")
    same(_export(shop)[-1]["rate_bp"], 20 * 10000 // 40, "20 wanted of 40 sales in 28 days")
    _change(shop, "min_per_month = 20", "min_per_month = 0")
    _survey(shop, "D", time=_on(20))
    same(_export(shop)[-1]["rate_bp"], 100, "without a minimum")


# ---- limits --------------------------------------------------------------------------------------------------------

def a_customer_rests_after_an_invitation():
    shop, anna, ben = _shop("cooldown_days = 7\n"), {"loyalty_id": "L-1"}, {"loyalty_id": "L-2"}
    same(_reason(shop, "A", customer=anna, time=_on(10)), None, "the first visit")
    same(_reason(shop, "B", customer=anna, time=_on(16)), "cooldown", "six days later")
    same(_reason(shop, "C", customer=ben, time=_on(16)), None, "somebody else")
    same(_reason(shop, "D", customer=anna, time=_on(17)), None, "seven days later")
    same(_reason(shop, "E", time=_on(17)), None, "nobody known")
    _change(shop, "cooldown_days = 7", "cooldown_days = 0")
    same(_reason(shop, "F", customer=anna, time=_on(17)), None, "cooldown switched off")


def the_cap_counts_invitations_of_the_day():
    shop = _shop("daily_cap = 2\n")
    reasons = [_reason(shop, str(i), time=_on(20), survey={"invite": "never"} if i == 1 else {}) for i in range(5)]
    same(reasons, [None, "customer_opted_out", None, "daily_cap", "daily_cap"], "a cap of two")
    same(_reason(shop, "always", time=_on(20), survey={"invite": "always"}), "daily_cap", "`always` is bound by the cap")
    same(_reason(shop, "next", time=_on(21)), None, "the next day")


def people_may_say_no_and_the_till_may_insist():
    shop = _shop("rate = 0%\n")
    same(_reason(shop, "A"), "sampled_out", "a rate of nothing")
    same(_reason(shop, "B", survey={"invite": "always"}), None, "always")
    want([row["forced"] for row in _export(shop)] == [False, True], "forced invitations are marked")
    _change(shop, "rate = 0%", "rate = 100%")
    same(_reason(shop, "C", survey={"invite": "never", "by": "customer"}), "customer_opted_out", "the customer")
    same(_reason(shop, "D", survey={"invite": "never", "by": "cashier"}), "cashier_declined", "the cashier")
    same(_reason(shop, "E", kind="training"), "training", "training")
    same(_reason(shop, "F", kind="proforma"), "document_type", "a document that is no sale")
    same(_reason(shop, "G", "--survey", "never"), "policy", "the caller's word")


def rules_of_exclusion_meet_what_they_name():
    apple = {"name": "Apple", "quantity": "1", "unit_price": "4.99", "total": "4.99"}
    rows = [("kind=refund", {"kind": "refund"}, {}), ("line=gift_card", {"lines": [dict(apple, kind="gift_card")]}, {"lines": [apple]}),
            ("segment=staff", {"survey": {"segment": "staff"}}, {"survey": {"segment": "new"}}),
            ("sku=CIG*", {"lines": [dict(apple, sku="CIG-20")]}, {"lines": [dict(apple, sku="TEA")]}),
            ("weekday=sun", {"time": _on(22)}, {"time": _on(21)}),
            ("hour=22-6", {"time": _on(20, "05:59")}, {"time": _on(20, "06:00")}),
            ("hour=12-14", {"time": _on(20, "13:59")}, {"time": _on(20, "14:00")}),
            ("amount<5.00", {"total": "4.99"}, {"total": "5.00"}), ("amount>1000", {"total": "1000.01"}, {"total": "1000.00"})]
    for rule, met, other in rows:
        shop = _shop(f"exclude = kind=gift, {rule}\nexclude = segment=press\n")
        same(shop.kwit("config", "check").exit, 0, rule)
        same([_reason(shop, "A", **met), _reason(shop, "B", **other)], ["excluded", None], rule)


# ---- faults --------------------------------------------------------------------------------------------------------

def faults_of_a_campaign_are_told_with_their_line_and_stop_no_sale():
    arms = ", ".join(f"arm{i}" for i in range(17))
    for text, wanted, key in [
            ("exclude = segment=staff\nexclude = day=sunday\n", "exclude = day=sunday", "exclude"), ("exclude = hour=25-30\n", "hour", "exclude"),
            ("reward_kind = draw\nreward = a bicycle\n", "rules_url", "reward_kind"),
            ("reward_kind = draw\nrules_url = fb.example/rules\n", "without `reward`", "reward_kind"), (f"variants = {arms}\n", "more than 16", "variants"),
            ("variants = a\n[variant b]\nweight = 1\n", "[variant b]", "variants"), ("variants = a, a\n", "twice", "variants"),
            ("variants = a, b\n[variant a]\nweight = 0\n[variant b]\nweight = 0\n", "weight", "variants"),
            ("policy = print_on_request\nposition = slip\n", "slip", "position"), ("rate = 120%\n", "percentage", "rate"),
            ("position = top\n", "end|before_thanks|slip", "position")]:
        shop = _shop(text)
        check = shop.kwit("config", "check", "--json").line["faults"]
        if key == "exclude":            # a list has the line of its last part
            with open(shop.config, encoding="utf-8") as file:
                last = max(n for n, line in enumerate(file.read().splitlines(), 1) if line.startswith("exclude"))
            want(any(wanted in fault["text"] and fault["where"].endswith(f":{last}") for fault in check), f"{check}")
            same(_reason(shop, "A"), "not_configured", text)
        else:
            _fault(shop, wanted, key)


def links_that_cannot_be_used_are_faults():
    for url, wanted in [("https://fb.example/", "{token}"), ("ftp://fb.example/{token}", "https://"), ("https://fb.example/ł{token}", "ASCII"),
                        ("fb.example/{token}", "https://"), ("https://fb.example/{token}?l={Lang}", "{Lang}")]:
        shop = _shop()
        _change(shop, "HTTPS://FB.EXAMPLE/{token}", url)
        _fault(shop, wanted, "url")


def a_public_review_is_never_rewarded():
    for url in ("https://search.google.com/local/writereview?placeid=ChIJ&t={token}", "https://g.page/r/Cshop/review?t={token}"):
        for reward in ("reward = a coffee\n", "variants = a, b\n[variant b]\nreward = a coffee\n"):
            shop = _shop(reward)
            _change(shop, "HTTPS://FB.EXAMPLE/{token}", url)
            same(_reason(shop, "A"), "not_configured", "a rewarded review")
            want("public review must not be rewarded" in shop.kwit("config", "check").text, "config check")
        shop = _shop()
        _change(shop, "HTTPS://FB.EXAMPLE/{token}", url)
        same((_reason(shop, "A"), shop.kwit("config", "check").exit), (None, 0), "a review without a reward")


# ---- what is printed -----------------------------------------------------------------------------------------------

def a_reward_is_for_any_answer_and_a_draw_has_rules():
    shop = _shop("reward = a bicycle\nreward_kind = draw\nrules_url = fb.example/rules\n")
    _survey(shop, "A")
    for words in ("a bicycle", "for any answer, good or bad", "No purchase necessary.", "fb.example/rules"):
        want(words in shop.text(), f"{words} is not on paper")
    shop = _shop("reward = a coffee\nreward_kind = voucher\n")
    _survey(shop, "A")
    want("for any answer" in shop.text() and "No purchase" not in shop.text(), shop.text())


def the_date_on_paper_is_the_one_that_is_judged():
    shop = _shop("expires_days = 7\nhelp = 0800 1\nhelp_email = help@fb.example\n[store]\nday_starts = 04:00\n")
    _survey(shop, "A", time=_on(20, "01:00"))
    want(f"Code valid until {_date(26):%d/%m/%Y}" in shop.text(), shop.text())
    same(_export(shop)[0]["expires"], str(_date(26)), "a week from the business day of the night before")
    want("0800 1" in shop.text() and "help@fb.example" in shop.text(), shop.text())
    shop = _shop("expires_days = 0\n")
    _survey(shop, "A")
    want("valid until" not in shop.text() and _export(shop)[0]["expires"] is None, "for ever")


def the_block_speaks_the_language_of_who_reads_it():
    titles = {"en-GB": "How did we do?", "pl-PL": "Jak oceniasz zakupy?", "fr-FR": "Votre avis compte", "ru-RU": "Вам у нас понравилось?",
              "fa-IR": "نظر شما برای ما مهم است"}
    for locale, title in titles.items():
        shop = _shop()
        _change(shop, "{token}", "{token}/{lang}/{LANG}")
        survey = _survey(shop, "A", locale=locale)
        language = locale[:2]
        want(survey["url"].endswith(f"/{language}/{language.upper()}"), survey["url"])
        want(locale == "fa-IR" or title in shop.text(), f"{title} is not on paper")
    shop = _shop()
    _change(shop, "{token}", "{token}/{lang}")
    survey = _survey(shop, "A", locale="en-GB", customer={"locale": "fr-FR"})
    want("Votre avis compte" in shop.text() and survey["url"].endswith("/fr"), survey["url"])
    same(_export(shop)[0]["language"], "fr-FR", "the language that was printed")
    same(_reason(shop, "B", locale="xx-XX"), None, "a language that is not there")
    want("How did we do?" in shop.text(), "English where there is no other")


def arms_differ_in_words_reward_place_and_size():
    arms = ("variants = plain, other\nform = stacked\nposition = before_thanks\nreward = tea\n[variant plain]\nweight = 1\n"
            "[variant other]\nweight = 1\ntitle = Tell us!\ncta = Point the camera\nreward = cake\nposition = slip\nmodule_dots = 8\n")
    shop, seen = _shop(arms), {}
    for i in range(12):
        before = len(shop.pieces())
        survey = _survey(shop, f"S{i}", time=_on(20))
        text = "".join(open(os.path.join(shop.paper, name.replace(".png", ".txt")), encoding="utf-8").read() for name in shop.pieces()[before:])
        seen[survey["variant"]] = (len(shop.pieces()) - before, [event["module"] for event in shop.events("qr")][-1], text)
    same(sorted(seen), [0, 1], "both arms")
    for arm, pieces, module, words, order in [(0, 1, 6, ("How did we do?", "Our thank-you: tea"), ("Code:", "Thank you!")),
                                              (1, 2, 8, ("Tell us!", "Point the camera", "Our thank-you: cake"), ("Thank you!", "Code:"))]:
        same(seen[arm][:2], (pieces, module), f"pieces and module of arm {arm}")
        want(all(word in seen[arm][2] for word in words), f"arm {arm}: {seen[arm][2]}")
        want(seen[arm][2].index(order[0]) < seen[arm][2].index(order[1]), f"place of arm {arm}: {seen[arm][2]}")


def an_experiment_may_have_sixteen_arms():
    names = [f"arm{i}" for i in range(16)]
    shop = _shop("campaign = many\nvariants = " + ", ".join(names) + "\n" + "".join(f"[variant {n}]\ntitle = I am {n}.\n" for n in reversed(names)))
    same(shop.kwit("config", "check").exit, 0, "sixteen arms")
    for i in range(24):
        before = len(shop.pieces())
        arm = _survey(shop, f"S{i}", time=_on(20))["variant"]
        with open(os.path.join(shop.paper, shop.pieces()[before].replace(".png", ".txt")), encoding="utf-8") as file:
            want(f"I am arm{arm}." in file.read(), f"the words of arm {arm}")
    rows = _export(shop)
    arms = [_hash("svt1/var/many", _number(20), row["seq"]) * 16 // 2 ** 32 for row in rows]
    same([row["variant"] for row in rows], arms, "arms in their order")
    same({row["variant_bp"] for row in rows}, {625}, "shares")


def policies_say_what_may_be_printed_unasked():
    for policy, slip in (("print_always", None), ("print_on_request", "receipt_not_requested"), ("electronic_ok", None)):
        shop = _shop(f"policy = {policy}\n")
        same(_reason(shop, "A"), None, f"{policy}: at the end of a receipt that is printed")
        same(_reason(shop, "B", "--survey", "only"), slip, f"{policy}: a slip of its own")
    want(len(shop.pieces()) == 2, "receipt and slip")


def cashiers_are_kept_only_where_switched_on():
    for switch, cashier in (("no", ""), ("yes", "Anna")):
        shop = _shop(f"record_cashier = {switch}\n")
        _survey(shop, "A", cashier="Anna")
        same(_export(shop)[0]["cashier"], cashier, f"record_cashier = {switch}")


# ---- what stays decided --------------------------------------------------------------------------------------------

def a_changed_campaign_changes_only_what_is_sold_later():
    shop = _shop("campaign = one\nexpires_days = 7\nvariants = a, b\n")
    first = {f"S{i}": _survey(shop, f"S{i}", time=_on(20)) for i in range(8)}
    rows = _export(shop)
    _change(shop, "campaign = one\nexpires_days = 7\nvariants = a, b\n", "campaign = two\nexpires_days = 30\nrate = 0%\nvariants = a, b, c\n")
    for identity, survey in first.items():
        same(_survey(shop, identity, time=_on(20)), dict(survey), "the same call again")
        before = len(shop.pieces())
        same(shop.kwit("reprint", identity).exit, 0, "reprint")
        with open(os.path.join(shop.paper, shop.pieces()[before].replace(".png", ".txt")), encoding="utf-8") as file:
            text = file.read()
        code = "-".join(survey["token"][i:i + 4] for i in range(0, 20, 4))
        want(code in text and f"Code valid until {_date(27):%d/%m/%Y}" in text, text)
    same(_reason(shop, "NEW", time=_on(20)), "sampled_out", "a new sale")
    same(_export(shop)[:len(rows)], [dict(row, **{"class": now["class"], "reprints": 1}) for row, now in zip(rows, _export(shop))],
         "stored rows")
    want(_export(shop)[-1]["config"] != rows[0]["config"] and _export(shop)[-1]["campaign"] == "two", "the digest tells them apart")


def a_receipt_outlives_its_campaign():
    shop = _shop()
    _survey(shop, "A")
    _change(shop, "url = HTTPS://FB.EXAMPLE/{token}\n", "")
    answer = shop.kwit("reprint", "A", "--json")
    same((answer.exit, answer.line["outcome"]), (0, "printed"), answer.text)
    want(any(w["code"] == "survey_omitted" for w in answer.line["warnings"]), f"{answer.line['warnings']}")
    shop = _shop()
    _survey(shop, "A")
    os.unlink(os.path.join(shop.state, "keys/terminal.key"))
    answer = shop.kwit("reprint", "A", "--json")
    want(answer.exit == 0 and any("epoch 3" in w["text"] for w in answer.line["warnings"]), answer.text)


def what_had_to_wait_keeps_its_invitation():
    shop = _shop()
    _change(shop, "?profile=tm-t20iii", "?profile=tm-t20iii&fault=paper-out@mm=0")
    line = shop.print(tiny("A"), "--no-wait")[1]
    want(line["survey"]["invited"] and line["outcome"] == "queued", f"{line}")
    _change(shop, "&fault=paper-out@mm=0", "")
    _change(shop, "[survey]\n", "[survey]\nrate = 0%\n")
    shop.kwit("queue", "flush")
    code = "-".join(line["survey"]["token"][i:i + 4] for i in range(0, 20, 4))
    want(code in shop.text(), shop.text())
    same(shop.kwit("survey", "explain", "A", "--json").line["invited"], True, "explain")


def a_receipt_in_two_languages_and_an_example_are_invited():
    shop = _shop()
    code, line = shop.print(example())
    same((code, line["survey"]["invited"]), (0, True), f"{line}")


# ---- plan and explain ----------------------------------------------------------------------------------------------

def explain_gives_the_numbers_that_decided():
    shop = _shop("rate = 40%\ndaily_cap = 3\ncampaign = c\nvariants = plain, bold\nexclude = kind=refund\n")
    for i in range(20):
        _survey(shop, f"S{i}", time=_on(20))
    for i, row in enumerate(_export(shop)):
        answer, told = shop.kwit("survey", "explain", f"S{i}"), shop.kwit("survey", "explain", f"S{i}", "--json").line
        same((told["stored"], told["reason"], told["rate_bp"], told["variant"]), (True, row["reason"], 4000, row["variant"]), f"{row}")
        same(told["draw"], round(row["u"] / 2 ** 32, 6), "the draw")
        want(f"{row['u'] / 2 ** 32:.6f} is {'' if row['drawn'] else 'not '}below" in answer.text and "40.00 %" in answer.text, answer.text)
        want(("plain", "bold")[row["variant"]] in answer.text, answer.text)
        want(("3 of at most 3" in answer.text) == (row["reason"] == "daily_cap"), answer.text)
    _survey(shop, "R", kind="refund", time=_on(20))
    want("kind=refund" in shop.kwit("survey", "explain", "R").text, "the rule")
    same(shop.kwit("survey", "explain", "NOBODY").exit, 65, "an id that nobody gave")


def explain_of_a_sale_to_come_names_what_stands_against_it_and_not_its_draw():
    shop = _shop("daily_cap = 1\ncooldown_days = 9\nrate = 40%\n")
    customer = {"loyalty_id": "L-1"}
    before = shop.kwit("survey", "explain", "-", "--json", document=tiny("A", customer=customer, time=_on(20))).line
    same((before["stored"], before["invited"], before["draw"]), (False, True, None), f"{before}")
    _survey(shop, "A", customer=customer, time=_on(20), survey={"invite": "always"})
    for changes, reason in (({"customer": customer, "time": _on(21)}, "cooldown"), ({"time": _on(20)}, "daily_cap"),
                            ({"kind": "training"}, "training"), ({"survey": {"invite": "never", "by": "cashier"}}, "cashier_declined")):
        told = shop.kwit("survey", "explain", "-", "--json", document=tiny("B", **changes)).line
        same((told["stored"], told["reason"], told["draw"]), (False, reason, None), f"{changes}")
    same(len(_export(shop)), 1, "explaining stores nothing")
    same(shop.kwit("survey", "explain", "-", "--json", document=tiny("A", customer=customer, time=_on(20))).line["stored"], True, "known")
    os.unlink(os.path.join(shop.state, "keys/terminal.key"))
    want("kwit survey key new" in shop.kwit("survey", "explain", "-", document=tiny("C")).text, "what to do without a key")
    same(_reason(shop, "C"), "no_key", "without a key")
    want("kwit survey key new" in shop.kwit("survey", "explain", "C").text, "what to do when it has been printed")


def _day(shop, documents):
    path = os.path.join(shop.place, "day.jsonl")
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(json.dumps(document) + "\n" for document in documents))
    return path


def a_plan_heeds_cap_cooldown_and_exclusions_as_printing_does():
    keys = "daily_cap = 12\ncooldown_days = 7\nexclude = kind=refund\n"
    sales = [tiny(f"P{i}", kind="refund" if i % 9 == 4 else "sale", customer={"loyalty_id": f"L{i % 4}"} if i % 3 == 0 else {},
                  time=_on(18 + i // 30)) for i in range(60)]
    printed, planned = _shop(keys), _shop(keys)
    for sale in sales:
        printed.print(sale)
    counts = {}
    for row in _export(printed):
        counts[row["reason"]] = counts.get(row["reason"], 0) + 1
    told = planned.kwit("survey", "plan", _day(planned, sales), "--json").line
    same(told["invited"], sum(row["invited"] for row in _export(printed)), "invited")
    same({word: n for word, n in told["suppressed"].items() if n}, {word: n for word, n in counts.items() if word}, "reasons")
    same(_export(planned), [], "planning stores nothing")
    directory = os.path.join(planned.place, "sales")
    os.mkdir(directory)
    for sale in sales:
        with open(os.path.join(directory, f"{sales.index(sale):03}.json"), "w", encoding="utf-8") as file:
            json.dump(sale, file, indent=2)
    same(planned.kwit("survey", "plan", directory, "--json").line, told, "the same sales as files of a directory")
    one = planned.kwit("survey", "plan", os.path.join(directory, "000.json"), "--json").line
    same((one["sales"], one["invited"], one["faulty"]), (1, 1, 0), "one document over many lines")


def a_plan_says_how_long_an_experiment_takes():
    shop = _shop("variants = a, b, c\n[variant b]\nweight = 2\n")
    for rate, lift, n in (("1", "20", 42693), ("1", "25", 27937), ("1", "50", 7750), ("1", "100", 2319), ("2", "20", 21109), ("3", "20", 13914),
                          ("5", "20", 8158)):
        told = shop.kwit("survey", "plan", "--sales", "4000", "--rate", rate, "--lift", lift, "--json").line["experiment"]
        days = -(-n // 1000)            # the smallest arm has a quarter of 4,000 invitations a day
        same((told["n_per_arm"], told["days"], told["over_180_days"]), (n, days, False), f"{rate} % and {lift} % more")
    text = shop.kwit("survey", "plan", "--sales", "300").text
    want("more than 180 days" in text and "planned_n = 42693" in text, text)
    capped = _shop("daily_cap = 50\nvariants = a, b\n")
    same(capped.kwit("survey", "plan", "--sales", "4000", "--json").line["experiment"]["days"], -(-42693 // 25), "days under a cap")
    small = _shop("rate = 1%\nmin_per_month = 2800\n")
    same(small.kwit("survey", "plan", "--sales", "1000", "--json").line["invitations_a_day"], 100, "a minimum of 2,800 in 28 days")
    wanted = _shop().kwit("survey", "plan", "--sales", "5000", "--answers", "100")
    want("rate = 6.67%" in wanted.text, wanted.text)
    for words in (("--sales", "0"), ("--sales", "-5"), ("--answers", "0")):
        same(_shop().kwit("survey", "plan", *words).exit, 64, f"{words}")
    want("more than these sales bring" in _shop().kwit("survey", "plan", "--sales", "300", "--answers", "100").text, "too few sales")


if __name__ == "__main__":
    run_tests(globals())
