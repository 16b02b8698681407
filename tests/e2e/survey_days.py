"""Days and hours are the shop's: what is printed, excluded, counted and called expired, in zones far from UTC and over
both changes of the clock, held against Python's zoneinfo. All times are given, none is the machine's.
"""
import collections
import datetime
import json
import os
import sys
from zoneinfo import ZoneInfo

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import Shop, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

# zone, last day of a month of sales, when the day after it the last answer comes
MONTHS = (
    ("Asia/Tehran", "2025-07-20", "00:30"),
    ("Europe/Warsaw", "2025-07-20", "00:30"),
    ("Europe/Warsaw", "2025-04-10", "01:15"),           # over 30 March, clocks forward
    ("Europe/Warsaw", "2025-11-05", "00:30"),           # over 26 October, clocks back
    ("America/New_York", "2025-03-20", "23:30"),        # over 9 March
    ("America/New_York", "2025-11-14", "23:30"),        # over 2 November
    ("Pacific/Apia", "2025-07-20", "12:45"),            # thirteen hours ahead
)


def _lines(shop):
    return [json.loads(line) for line in shop.kwit("journal", "export").out.splitlines()]


def _month(zone, until, clock):
    """A simulated month, and an answer that tells nothing but how far answers are in."""
    shop = Shop(survey=False)
    place = os.path.join(shop.place, "demo")
    made = shop.kwit("demo-day", place, "--timezone", zone, "--until", until, "--days", "30", "--tills", "2", "--sales", "30", "--rate", "20")
    same(made.exit, 0, made.text)
    shop.state, shop.config = place, os.path.join(place, "kwit.conf")
    after = datetime.date.fromisoformat(until) + datetime.timedelta(1)
    last = datetime.datetime.fromisoformat(f"{after}T{clock}").replace(tzinfo=ZoneInfo(zone))
    path = os.path.join(place, "last.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"response_id,token,submitted_at\nlast,nothing,{last.astimezone(datetime.timezone.utc):%Y-%m-%dT%H:%M:%SZ}\n")
    same(shop.kwit("survey", "import", path).exit, 0, "the last answer")
    return shop, str(after - datetime.timedelta(1))


def reports_and_exports_agree_on_days_hours_and_what_expired():
    for zone, until, clock in MONTHS:
        shop, reach = _month(zone, until, clock)
        report, lines = shop.kwit("report", "--json").line, _lines(shop)
        over = [line for line in lines if line["invited"] and line["class"] in ("proven", "sent", "unconfirmed")
                and line["verdict"] != "matched" and line["expires"] <= reach]
        want(over, f"{zone}: nothing expired")
        same(report["answers_until"], reach, f"{zone} until {until}: how far answers are in")
        differ = {line["n"] for line in lines if line["expired"]} ^ {line["n"] for line in over}
        want(not differ, f"{zone} until {until}: {len(differ)} sales are expired in the export or by its days alone")
        same(report["expired"], len(over), f"{zone} until {until}: expired in the report")
        hours, offsets = collections.Counter(), set()
        for line in lines:
            local = datetime.datetime.fromisoformat(line["time"].replace("Z", "+00:00")).astimezone(ZoneInfo(zone))
            same((line["local_time"], line["day"]), (local.isoformat(), str(local.date())), f"{zone}: local time and day of {line['time']}")
            offsets.add(line["offset_minutes"])
            if line["reason"] not in ("training", "document_type"):
                hours[f"{local.hour:02d}"] += 1
        same({row["label"]: row["sales"] for row in report["by"]["hour"]}, dict(hours), f"{zone} until {until}: sales by hour")
        changes = zone in ("Europe/Warsaw", "America/New_York") and "07" != until[5:7]
        same(len(offsets), 2 if changes else 1, f"{zone} until {until}: offsets {offsets}")


def _sold(zone, time, more="", **changes):
    shop = Shop(more=more)
    with open(shop.config, encoding="utf-8") as file:
        text = file.read()
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text.replace("[store]\n", f"[store]\ntimezone = {zone}\n" if zone else "[store]\n"))
    code, line = shop.print(tiny("S-1", time=time, **changes))
    return shop, code, line


def a_moment_is_printed_and_filed_by_the_shops_clock():
    for zone, time, paper, local, day in (
            ("Asia/Tehran", "2025-07-01T21:15:00Z", "02/07/2025 00:45", "2025-07-02T00:45:00+03:30", "2025-07-02"),
            ("Europe/Warsaw", "2025-10-26T00:30:00Z", "26/10/2025 02:30", "2025-10-26T02:30:00+02:00", "2025-10-26"),
            ("Europe/Warsaw", "2025-10-26T01:30:00Z", "26/10/2025 02:30", "2025-10-26T02:30:00+01:00", "2025-10-26"),
            ("Europe/Warsaw", "2025-03-30T02:30:00", None, None, None),
            ("Europe/Warsaw", "2025-07-01T00:30:00", "01/07/2025 00:30", "2025-07-01T00:30:00+02:00", "2025-07-01"),
            ("America/New_York", "2025-11-02T03:30:00Z", "01/11/2025 23:30", "2025-11-01T23:30:00-04:00", "2025-11-01"),
            ("Pacific/Apia", "2025-12-31T11:30:00Z", "01/01/2026 00:30", "2026-01-01T00:30:00+13:00", "2026-01-01"),
            ("Europe/Warsaw", "2025-07-01T22:30:00+00:00", "01/07/2025 22:30", "2025-07-01T22:30:00+00:00", "2025-07-01")):
        shop, code, line = _sold(zone, time)
        if paper is None:
            same((code, line["reason"]), (65, "invalid"), f"{time} in {zone}")
            want("/time" in line["message"] or "skipped" in line["message"], line["message"])
            continue
        same(code, 0, f"{time} in {zone}: {line}")
        want(paper in shop.text(), f"{time} in {zone} is not printed as {paper}: {shop.text()}")
        found = _lines(shop)[0]
        same((found["local_time"], found["day"]), (local, day), f"{time} in {zone} in the journal")


def a_doubled_hour_warns_and_a_zone_must_be_known():
    _, code, line = _sold("Europe/Warsaw", "2025-10-26T02:30:00")
    same((code, [warning["code"] for warning in line["warnings"]], line["warnings"][0]["pointer"]), (0, ["doubled_hour"], "/time"), "a doubled hour")
    for zone, part in ((None, "no `timezone`"), ("Europe/Warsw", "there is no time zone Europe/Warsw")):
        _, code, line = _sold(zone, "2025-07-01T12:00:00")
        want(code == 65 and part in line["message"], f"{zone}: {line}")


def excluded_hours_are_hours_of_the_shop():
    for time, reason in (("2025-07-01T19:30:00Z", "excluded"), ("2025-07-01T02:00:00Z", "excluded"), ("2025-07-01T03:00:00Z", ""), ("2025-07-01T18:00:00Z", "")):
        shop, code, _ = _sold("Asia/Tehran", time, more="exclude = hour=23-6\n")
        same((code, _lines(shop)[0]["reason"]), (0, reason), f"{time} in Tehran")


def the_business_day_begins_when_the_shop_says():
    for time, day in (("2025-07-01T23:29:00Z", "2025-07-01"), ("2025-07-02T02:00:00Z", "2025-07-02")):
        shop, code, _ = _sold("Europe/Warsaw\nday_starts = 04:00", time)
        same((code, _lines(shop)[0]["day"]), (0, day), time)


if __name__ == "__main__":
    run_tests(globals())
