"""What millions of touchpoints cost: a print in their journal against one in an empty journal, a report, a verification.

demo-day makes the journal through the library's own code, chain and all (about a minute a million on a quiet machine). The
empty journal has the tables for answers too, so that what is compared is the number of rows. Instructions are told where
there is a valgrind: they are the same beside other programs, times are not.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

import counts
import sales

KWIT, SCRATCH = os.environ["KWIT"], sys.argv[1]
TOUCHPOINTS = int(os.environ.get("BENCH_TOUCHPOINTS", 10_000_000))
CALLS, ROUND, TILLS, STORES, SALES = 150, 8, 50, 10, 200
MOST_INSTRUCTIONS, MOST_TIME, MOST_REPORT_S = 1.05, 1.1, 5
# A journal of years that was made in minutes would catch up with years of housekeeping, two hundred sales at a time.
KEPT = "[journal]\nbodies_days = 3650\nkeys_days = 36500\n"
ANSWERS = "response_id,token,submitted_at,lang,nps,csat,ces,comment,contact_ok\n"


def call(*arguments, **options):
    return subprocess.run([KWIT, *arguments], check=True, capture_output=True, env=counts.SURROUNDINGS, **options).stdout


def took(*arguments):
    began = time.perf_counter()
    told = call(*arguments)
    return time.perf_counter() - began, told


class Till:
    """Prints documents of its own into a journal, each time another."""

    def __init__(self, name, state, *key):
        self.options = ["--config", os.path.join(SCRATCH, f"{name}.conf"), "--state", state]
        self.number = 0
        paper = os.path.join(SCRATCH, f"{name}.bin")
        open(paper, "wb").close()
        with open(self.options[1], "w", encoding="utf-8") as file:
            file.write(f"[store]\nid = S1\n[printer]\nuri = file:{paper}\nprofile = tm-t20iii\n"
                       "[survey]\nurl = HTTPS://FB.EXAMPLE/{token}\naddress = fb.example\n" + KEPT)
        call(*self.options, "survey", "key", "new", *key)

    def next(self):
        self.number += 1
        return [*self.options, "print", "-"], json.dumps(sales.sale(self.number, 12)).encode()

    def time_ms(self):
        arguments, document = self.next()
        began = time.perf_counter()
        call(*arguments, input=document)
        return (time.perf_counter() - began) * 1000

    def instructions(self):
        arguments, document = self.next()
        return counts.instructions([KWIT, *arguments], document)


def compare(full, empty):
    """How much more a print costs where millions were printed, in time and in instructions (None: not counted)."""
    pairs = [(full.time_ms(), empty.time_ms()) for _ in range(CALLS)][CALLS // 8:]
    more_time = statistics.median(pair[0] for pair in pairs) / statistics.median(pair[1] for pair in pairs)
    if not shutil.which("valgrind"):
        return more_time, None
    return more_time, sum(full.instructions() for _ in range(ROUND)) / sum(empty.instructions() for _ in range(ROUND))


def main():
    place, answers = os.path.join(SCRATCH, "full"), os.path.join(SCRATCH, "answers.csv")
    days = max(1, TOUCHPOINTS // TILLS // SALES)
    made_s, _ = took("demo-day", place, "--days", str(days), "--tills", str(TILLS), "--stores", str(STORES), "--sales", str(SALES), "--rate", "1")
    full, empty = Till("full", place, "--handle", "5000", "--epoch", "2"), Till("empty", os.path.join(SCRATCH, "empty"))
    with open(answers, "w", encoding="utf-8") as file:
        file.write(ANSWERS)
    call(*empty.options, "survey", "import", answers)
    verify_s, said = took(*full.options, "journal", "verify", "--json")
    count = json.loads(said)["sales"]
    report_s = [took(*full.options, "report", "--json")[0] for _ in range(3)]
    more_time, more_instructions = compare(full, empty)
    print(f"{count:,} touchpoints, {os.path.getsize(os.path.join(place, 'journal.db')) >> 20} MiB, made in {made_s:.0f} s")
    print(f"a print costs {more_time:.3f} times the time of one in an empty journal (at most {MOST_TIME})"
          + (f", {more_instructions:.3f} times its instructions (at most {MOST_INSTRUCTIONS})" if more_instructions else ""))
    print(f"a report takes {min(report_s):.2f} s at best, {max(report_s):.2f} s at worst (at most {MOST_REPORT_S} s, aim 2 s)")
    print(f"a verification takes {verify_s:.1f} s, {verify_s / count * 1e6:.1f} s a million")
    well = more_time <= MOST_TIME and (more_instructions or 0) <= MOST_INSTRUCTIONS and max(report_s) <= MOST_REPORT_S
    sys.exit(0 if well else 1)


main()
