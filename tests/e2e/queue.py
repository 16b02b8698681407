"""queue.py - what waits, where there is more than one paper, copy or printer: all of it prints once, and is told."""
import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "torture"))
import judge
from kwit import KWIT, Shop, await_that, run_tests, same, want


def shop_of(**faults):
    """A shop whose printers have these names, and faults."""
    shop = Shop(survey=False)
    _set_printers(shop, faults)
    return shop


def _set_printers(shop, faults, more="", uris=(), unkept=None):
    text = "[store]\nid = queue\n"
    for name, fault in faults.items():
        uri = dict(uris).get(name) or f"sim:{shop.place}/{name}?profile=tm-t20iii&pictures=no{f'&fault={fault}' if fault else ''}"
        text += f"[printer {name}]\nprofile = tm-t20iii\ndrain = next-call\nuri = {uri}\n{more if unkept is None or name in unkept else ''}"
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text)


def _print(shop, name, printer, *arguments):
    return shop.print(judge.sale(name, vouchers=0), "--printer", printer, "--timeout", "3", *arguments)


def _cuts(shop, printer):
    return sum(event["event"] == "cut" for event in judge.read_events(f"{shop.place}/{printer}/events.jsonl"))


def _waiting(shop, *arguments):
    return [(job["id"], job["part"], job["copy"]) for job in shop.kwit("queue", "list", "--json", *arguments).line["jobs"]]


def _events(shop):
    return [json.loads(line) for line in shop.kwit("journal", "export", "--events").text.splitlines()]


@contextlib.contextmanager
def _plugged_in(shop, device):
    """A printer at a serial line that is there for a while."""
    with subprocess.Popen([KWIT, "simulate", "--pty", "--profile", "tm-t20iii", "--out", f"{shop.place}/till"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as simulator:
        try:
            os.symlink(re.search(r"/dev/pts/\d+", simulator.stdout.readline()).group(0), device)
            yield
        finally:
            os.unlink(device)
            simulator.terminate()


def where_nothing_is_kept_no_copy_is():
    shop = shop_of(till="")
    _set_printers(shop, {"till": "paper-out"}, more="queue = no\n")
    status, line = _print(shop, "C-1", "till", "--copies", "3")
    same((status, line["outcome"], line["kept"]), (69, "error", False), "three copies without paper")
    same(_waiting(shop), [], "what waits")
    _set_printers(shop, {"till": ""}, more="queue = no\n")
    same(_print(shop, "C-1", "till", "--copies", "3")[1]["outcome"], "printed", "the same again")
    same(_cuts(shop, "till"), 3, "copies on paper")


def the_line_of_several_copies_tells_of_their_drawer():
    shop = shop_of(till="")
    for call in ("printed", "duplicate"):
        line = _print(shop, "C-2", "till", "--copies", "2")[1]
        same((line["outcome"], line["copy"]), (call, 2), "two copies")
        same((line["drawer"]["asked"], line["drawer"]["pulsed"]), (True, True), f"{call}: the drawer")


def a_copy_that_prints_now_is_not_told_in_the_words_of_the_one_before():
    shop = shop_of(till="")
    _print(shop, "C-0", "till")
    _set_printers(shop, {"till": "mute@cut=1"})
    same(_print(shop, "C-3", "till", "--copies", "2")[1]["outcome"], "unconfirmed", "the first copy")
    _set_printers(shop, {"till": ""})
    same(shop.kwit("resolve", "C-3", "--seen", "--json").line["reason"], "settled", "a person saw it")
    line = _print(shop, "C-3", "till", "--copies", "2")[1]
    same((line["outcome"], line["copy"]), ("printed", 2), "the second copy")
    want("nothing was done" not in line["message"], line["message"])


def a_part_in_doubt_keeps_no_other_from_being_printed():
    shop = shop_of(till="", kitchen="")
    _print(shop, "R-0", "till")
    _set_printers(shop, {"till": "mute@cut=1", "kitchen": "paper-out"})
    same(_print(shop, "R-1", "till")[1]["outcome"], "unconfirmed", "the receipt")
    same(_print(shop, "R-1", "kitchen", "--part", "kitchen")[1]["outcome"], "queued", "the kitchen's part")
    _set_printers(shop, {"till": "", "kitchen": ""})
    line = shop.kwit("queue", "retry", "R-1", "--json").line
    same((line["part"], line["outcome"], line["action"]), ("receipt", "unconfirmed", "ask"), "told is what is not settled")
    same(line["printer"]["name"], "till", "and its printer")
    same(_cuts(shop, "kitchen"), 1, "tickets in the kitchen")


def a_printer_that_is_gone_is_no_reason_for_another():
    shop = shop_of(till="", kitchen="paper-out")
    device = f"{shop.place}/tty"
    uris = {"till": f"serial:{device}"}.items()
    with _plugged_in(shop, device):
        _set_printers(shop, {"till": "", "kitchen": "paper-out"}, uris=uris)
        same(_print(shop, "G-1", "till")[1]["outcome"], "printed", "the receipt")
        same(_print(shop, "G-1", "kitchen", "--part", "kitchen")[1]["outcome"], "queued", "the kitchen's part")
    _set_printers(shop, {"till": "", "kitchen": ""}, uris=uris)
    line = shop.kwit("queue", "retry", "G-1", "--json").line
    same((line["part"], line["outcome"], line["reason"]), ("kitchen", "printed", None), "with the till's printer gone")


def the_paper_of_what_another_model_prints_is_told():
    shop = shop_of(till="paper-out")
    line = _print(shop, "M-1", "till")[1]
    same((line["reason"], line["warnings"]), ("paper_out", []), "without paper, which is not nearly at its end")
    _set_printers(shop, {"till": ""}, uris={"till": f"sim:{shop.place}/narrow?profile=pos-58&pictures=no"}.items())
    with open(shop.config, encoding="utf-8") as file:
        text = file.read().replace("profile = tm-t20iii", "profile = pos-58", 1)
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text)
    told = shop.kwit("queue", "retry", "M-1", "--json").line
    job = shop.kwit("queue", "show", "M-1", "--json").line["jobs"][0]
    same((told["paper_mm"], job["paper_mm"]), (sum(piece["paper_mm"] for piece in job["pieces"]),) * 2, told["outcome"])
    want(told["paper_mm"] != line["paper_mm"], "narrow paper is longer")


def no_drawer_is_told_to_open_by_what_is_no_printer():
    shop = shop_of(till="")
    _set_printers(shop, {"till": ""}, uris={"till": f"sim:{shop.place}/till?profile=tm-t20iii&pictures=no&peer=http"}.items())
    line = shop.kwit("drawer", "--printer", "till", "--json").line
    same((line["outcome"], line["reason"], line["drawer"]["pulsed"]), ("error", "garbage", False), "by hand")
    line = shop.print(dict(judge.sale("D-9", vouchers=0), drawer=True), "--printer", "till", "--timeout", "5")[1]
    same((line["reason"], line["drawer"]["asked"], line["drawer"]["pulsed"]), ("garbage", True, False), "with a sale")


def what_waits_for_a_printer_follows_its_name_to_another_address():
    for how in ("flush", "retry", "again"):
        shop = shop_of(till="paper-out")
        same(_print(shop, "N-1", "till")[1]["reason"], "paper_out", "without paper")
        other = f"sim:{shop.place}/other?profile=tm-m30ii&pictures=no"
        _set_printers(shop, {"till": ""}, uris={"till": other}.items())
        same(shop.kwit("status", "--printer", "till", "--json").line["queue"]["waiting"], 1, "what is told to wait for it")
        if how == "flush":
            same(shop.kwit("queue", "flush", "--printer", "till", "--json").line["left"], 0, "left after a flush")
        elif how == "retry":
            same(shop.kwit("queue", "retry", "N-1", "--json").line["printer"]["uri"], other, "where it was printed")
        else:
            same(_print(shop, "N-1", "till")[1]["outcome"], "printed", "called again")
        same((_cuts(shop, "other"), _waiting(shop)), (1, []), f"on the printer that is the till's now, by {how}")


def what_another_till_left_waiting_stays_where_that_till_prints():
    shop = shop_of(till="paper-out")
    same(_print(shop, "N-1", "till")[1]["reason"], "paper_out", "without paper")
    other = f"sim:{shop.place}/other?profile=tm-m30ii&pictures=no"
    _set_printers(shop, {"till": ""}, uris={"till": other}.items())
    status, line = shop.print(dict(judge.sale("N-2", vouchers=0), terminal="T9"), "--printer", "till")
    same((status, line["outcome"]), (0, "printed"), "another till's sale, by the same name of its own configuration")
    shop.kwit("queue", "list", "--printer", "till")
    shop.kwit("status", "--printer", "till")
    same((_cuts(shop, "other"), len(_waiting(shop))), (1, 1), "receipts there, and what waits at home")
    with contextlib.closing(sqlite3.connect(f"{shop.state}/journal.db")) as database:
        same([uri == other for (uri,) in database.execute("SELECT uri FROM job ORDER BY id")], [False, True], "where each was sent")


def what_came_before_its_printer_was_known_waits_for_it():
    shop = shop_of(till="")
    device = f"{shop.place}/tty"
    _set_printers(shop, {"till": ""}, uris={"till": f"serial:{device}"}.items())
    same(_print(shop, "U-1", "till")[1]["reason"], "no_printer", "no device yet")
    with _plugged_in(shop, device):
        same(_waiting(shop, "--printer", "till"), [("U-1", "receipt", 1)], "the printer's queue")
        same(shop.kwit("status", "--printer", "till", "--json").line["queue"]["waiting"], 1, "what status counts")


def a_flush_that_names_no_printer_is_one_of_all():
    shop = shop_of(till="", kitchen="paper-out", bar="paper-out")
    for part in ("kitchen", "bar"):
        _print(shop, "F-1", part, "--part", part)
    answer = shop.kwit("queue", "flush", "--json")
    same((answer.exit, answer.line["left"], answer.line["reason"]), (75, 2, "paper_out"), "without paper")
    _set_printers(shop, {"till": "", "kitchen": "", "bar": "paper-out"})
    same(shop.kwit("queue", "flush", "--json").line["left"], 1, "with paper in the kitchen")
    same(_waiting(shop), [("F-1", "bar", 1)], "what waits")
    _set_printers(shop, {"till": "", "kitchen": "", "bar": ""})
    answer = shop.kwit("queue", "flush", "--json")
    same((answer.exit, answer.line["left"], answer.line["reason"]), (0, 0, None), "with paper in both")
    same((_cuts(shop, "kitchen"), _cuts(shop, "bar")), (1, 1), "tickets")


def a_printer_that_is_called_otherwise_now_is_the_same():
    shop = shop_of(till="")
    same(_print(shop, "N-1", "till")[1]["outcome"], "printed", "the first")
    _set_printers(shop, {"till": "unplug@byte=300"})
    same(_print(shop, "N-2", "till")[1]["outcome"], "interrupted", "the second")
    _set_printers(shop, {"counter": ""}, uris={"counter": f"sim:{shop.place}/till?profile=tm-t20iii&pictures=no"}.items())
    same(shop.kwit("queue", "flush", "--json").line["left"], 0, "what is left of the queue")
    same(shop.kwit("queue", "show", "N-2", "--json").line["jobs"][0]["state"], "printed", "the one that was interrupted")
    line = shop.kwit("reprint", "N-1", "--json", "--printer", "counter").line
    same((line["outcome"], line["copy"]), ("printed", 2), "reprinted by its new name")
    _set_printers(shop, {"till": ""})
    same(_print(shop, "N-3", "till")[1]["outcome"], "printed", "by the old name")
    _set_printers(shop, {"counter": ""}, uris={"counter": f"sim:{shop.place}/till?profile=tm-t20iii&pictures=no"}.items())
    line = shop.kwit("reprint", "N-3", "--json").line
    same((line["outcome"], line["printer"]["name"]), ("printed", "counter"), "reprinted where it was first printed")


def _begin(shop, name, printer):
    """A call that prints now, until its first paper is in its tail."""
    call = subprocess.Popen([KWIT, "--config", shop.config, "--state", shop.state, "print", "-", "--json", "--printer", printer, "--timeout", "600"],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    call.stdin.write(json.dumps(judge.sale(name, vouchers=0)).encode())
    call.stdin.close()
    await_that(lambda: shop.kwit("queue", "list", "--all", "--json").line["jobs"][0]["state"] == "tail", "its tail is on its way")
    return call


def what_another_call_prints_now_is_in_no_doubt():
    shop = shop_of(till="", bar="")
    _print(shop, "T-0", "till")
    _set_printers(shop, {"till": "stuck", "bar": ""})
    call = _begin(shop, "T-1", "till")
    for words in (("queue", "cancel", "T-1"), ("resolve", "T-1", "--missing")):
        answer = shop.kwit(*words, "--json")
        same((answer.exit, answer.line["outcome"], answer.line["reason"], answer.line["action"]), (75, "queued", "behind", "wait"), words[0])
        want("now" in answer.line["message"], answer.line["message"])
    status, line = _print(shop, "T-1", "bar")
    same((status, line["outcome"], line["reason"]), (75, "queued", "behind"), "the same sale on another printer")
    same(_cuts(shop, "bar"), 0, "receipts there")
    call.kill()
    call.wait()


def what_waits_for_one_printer_is_not_taken_back_by_another():
    shop = shop_of(till="paper-out", bar="")
    same(_print(shop, "E-1", "till")[1]["outcome"], "queued", "without paper")
    _set_printers(shop, {"till": "paper-out", "bar": ""}, more="queue = no\n", unkept=("bar",))
    status, line = _print(shop, "E-1", "bar")
    same((status, line["outcome"], line["reason"], line["kept"]), (75, "queued", "paper_out", True), "called for the bar, where nothing is kept")
    same((line["printer"]["name"], _waiting(shop), _cuts(shop, "bar")), ("till", [("E-1", "receipt", 1)], 0), "where it waits")
    want("kwit queue cancel E-1" in line["message"], line["message"])


def what_lost_its_flusher_gets_one_from_the_next_sale():
    shop = shop_of(till="")
    same(_print(shop, "L-1", "till", "--no-wait")[1]["outcome"], "queued", "kept, and nobody prints it")
    with open(shop.config, encoding="utf-8") as file:
        text = file.read().replace("drain = next-call", "drain = self")
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text)
    same(_print(shop, "L-2", "till")[1]["outcome"], "printed", "the next sale")
    await_that(lambda: _waiting(shop) == [] and _cuts(shop, "till") == 2, "both are on paper")


def a_device_that_is_no_printer_is_no_fault_of_the_document():
    shop = shop_of(till="")
    _set_printers(shop, {"till": ""}, uris={"till": "serial:/dev/null"}.items())
    status, line = _print(shop, "S-1", "till")
    same((status, line["outcome"], line["reason"]), (75, "queued", "unavailable"), "a sale")
    want("not a serial line" in line["message"], line["message"])
    same(shop.kwit("status", "--printer", "till").exit, 69, "how the printer is")


def an_invitation_that_only_a_reprint_carried_is_on_paper():
    for cancelled_first in (True, False):
        shop = Shop()
        steps = [lambda: same(shop.kwit("queue", "cancel", "I-1").exit, 79, "the cancel"),
                 lambda: same(shop.kwit("reprint", "I-1", "--printer", shop.uri + "&fault=").exit, 0, "a reprint")]
        same(shop.print(judge.sale("I-1", vouchers=0), "--printer", shop.uri + "&fault=paper-out", "--no-wait")[1]["outcome"], "queued", "kept")
        classes = []
        for step in steps if cancelled_first else reversed(steps):
            step()
            sales = shop.kwit("journal", "export", "--format", "csv").text.splitlines()
            classes.append(dict(zip(sales[0].split(","), sales[1].split(",")))["class"])
        same(classes, ["not_printed" if cancelled_first else "pending", "proven"], "what became of the invitation")
        same(shop.kwit("journal", "verify").exit, 0, "the journal")


def a_part_that_was_never_printed_is_not_printed_again():
    shop = shop_of(till="")
    for part in ("receipt", "kitchen", "kitchen"):
        _print(shop, "N-1", "till", "--part", part)
    answer = shop.kwit("reprint", "N-1", "--part", "bar", "--json")
    same((answer.exit, answer.line["reason"], _cuts(shop, "till")), (65, "not_found", 2), "a part that it never had")
    want("only receipt, kitchen:" in answer.line["message"], answer.line["message"])
    same(shop.kwit("reprint", "N-1", "--part", "kitchen").exit, 0, "one that it has")


def a_drawer_that_stayed_shut_is_no_opening_in_the_journal():
    shop = shop_of(till="")
    for fault, events in (("", ["market / anna"]), ("unplug", ["market / anna", "market / anna", "not opened, disconnected: market / anna"])):
        _set_printers(shop, {"till": fault})
        shop.kwit("drawer", "--printer", "till", "--reason", "market", "--cashier", "anna")
        same([event["detail"] for event in _events(shop) if event["event"] == "drawer"], events, fault)


def copies_go_on_when_a_person_saw_the_first():
    shop = shop_of(till="")
    _print(shop, "Y-0", "till")
    _set_printers(shop, {"till": "mute@cut=1"})
    same(_print(shop, "Y-1", "till", "--copies", "2")[1]["outcome"], "unconfirmed", "the first copy")
    _set_printers(shop, {"till": ""})
    with open(shop.config, encoding="utf-8") as file:
        text = file.read().replace("drain = next-call", "drain = self")
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text)
    same(shop.kwit("resolve", "Y-1", "--seen").exit, 0, "a person saw it")
    await_that(lambda: _waiting(shop) == [] and _cuts(shop, "till") == 3, "the second is on paper too")


def what_cannot_be_laid_out_keeps_no_other_waiting():
    shop = shop_of(till="paper-out")
    for name in ("X-1", "X-2"):
        _print(shop, name, "till", "--no-wait")
    with contextlib.closing(sqlite3.connect(f"{shop.state}/journal.db")) as database, database:
        database.execute("UPDATE sale SET body = NULL WHERE name = 'X-1'")
        database.execute("UPDATE piece SET bytes = NULL WHERE job = (SELECT min(job) FROM piece)")
    _set_printers(shop, {"till": ""})
    answer = shop.kwit("queue", "flush", "--printer", "till", "--json")
    same((answer.exit, answer.line["left"], answer.line["reason"], _cuts(shop, "till")), (75, 1, "not_found", 1), "what is sound is on paper")
    same(_print(shop, "X-3", "till")[1]["outcome"], "printed", "a sale behind it")
    answer = shop.kwit("queue", "retry", "X-1", "--json")
    same((answer.exit, answer.line["outcome"], answer.line["reason"]), (75, "queued", "not_found"), "asked for alone")
    same([job["held"] for job in shop.kwit("queue", "list", "--json").line["jobs"]], [True], "it is held")


def what_a_killed_call_left_is_settled_by_a_person():
    for word, outcome, pieces in (("--seen", "printed", 0), ("--missing", "printed", 1)):
        shop = shop_of(till="")
        _print(shop, "K-0", "till")
        _set_printers(shop, {"till": "mute@cut=1"})
        call = _begin(shop, "K-1", "till")
        call.kill()
        call.wait()
        _set_printers(shop, {"till": ""})
        before = _cuts(shop, "till")
        line = shop.kwit("resolve", "K-1", word, "--json").line
        same((line["outcome"], _cuts(shop, "till") - before), (outcome, pieces), word)


def _print_failing(shop, name, fault):
    """One sale whose calls of the disk fail; its exit status and its line."""
    wrap = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={fault}"]
    run = subprocess.run([*wrap, KWIT, "--config", shop.config, "--state", shop.state, "print", "-", "--json", "--printer", "till"],
                         input=json.dumps(judge.sale(name, vouchers=0)).encode(), capture_output=True, check=False, timeout=300)
    return run.returncode, json.loads(run.stdout)


def _can_fail():
    return subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False).returncode == 0


def _check_failing(fault, where):
    """What is told of a sale is what the journal has and the paper shows; its exit status."""
    shop = shop_of(till="")
    _print(shop, "D-0", "till")
    status, line = _print_failing(shop, "D-1", fault)
    texts = [event.get("text", "") for event in judge.read_events(f"{shop.place}/till/events.jsonl")]
    begun, whole, waits = "Article 0 of D-1 " in texts, texts.count("Thank you!") == 2, bool(_waiting(shop))
    told = (status, line["outcome"], line["kept"], line["action"])
    same(told, (0, "printed", False, "none") if status == 0 and whole else (76, "unconfirmed", True, "ask") if whole else
         (75, "interrupted", True, "fix") if begun else (75, "queued", True, "fix") if waits else (74, "error", False, "fix"), where)
    same(line["kept"], waits, f"{where}: kept is what waits or is in doubt")
    return status


def what_came_out_before_the_disk_was_full_is_told():
    found = set()
    for number in range(1, 400, 4) if _can_fail() else ():
        found.add(_check_failing(f"pwrite64:error=ENOSPC:when={number}+", f"write {number} and what follows fail"))
        if 0 in found:
            break
    want(found in ({74, 75, 76, 0}, set()), f"writes before and behind the begin of the paper fail: {found}")


def what_a_failed_sync_left_in_the_log_is_not_found_there():
    for number in range(1, 5) if _can_fail() else ():
        for after in ("", "+"):
            _check_failing(f"fdatasync:error=EIO:when={number}{after}", f"sync {number}{after} fails")


run_tests(globals())
