"""One sale through the whole command: to the simulated printer, a file, a TCP socket; again; changed; and its line."""
import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import RESULT_SCHEMA, ROOT, Shop, example, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position


def the_example_comes_out_of_the_simulated_printer():
    shop = Shop()
    code, line = shop.print(example())
    same((code, line["outcome"]), (0, "printed"), f"outcome ({line['message']})")
    same(line["id"], "S-2026-000123", "id")
    same((line["part"], line["copy"], line["kept"], line["action"]), ("receipt", 1, False, "none"), "part, copy, kept, action")
    text = shop.text()
    document = example()
    for row in document["lines"]:
        want(row["name"][:20] in text, f"the paper does not say {row['name']}: {text}")
        want(row["total"].lstrip("-") in text, f"the paper does not say {row['total']}")
    for amount in (document["total"], document["change"], document["payments"][0]["amount"]):
        want(amount in text, f"the paper does not say {amount}")
    want(line["paper_mm"] > 50, f"paper of {line['paper_mm']} mm")
    want(0 < line["bytes"] <= len(shop.wire()), f"{line['bytes']} bytes of {len(shop.wire())}")
    same(len(shop.events("cut")) >= 1, True, "a cut")


def the_schema_lists_the_words_of_the_headers():
    with open(os.path.join(ROOT, "include/kwit/kwit.h"), encoding="utf-8") as file:
        header = file.read()
    with open(os.path.join(ROOT, "driver/data/reasons.def"), encoding="utf-8") as file:
        reasons = re.findall(r'^REASON\(\w+, \d+, "(\w+)"', file.read(), re.MULTILINE)

    def words(name, text, pattern):
        start = text.index(f"#define {name}(X)")
        return re.findall(pattern, text[start:text.index("\n\n", start)])

    members = RESULT_SCHEMA["properties"]
    same(members["reason"]["enum"], [None] + words("KWIT_ERRORS", header, r'X\(\w+,\s*-\d+,\s*"(\w+)"'), "reasons")
    same(members["outcome"]["enum"], words("KWIT_OUTCOMES", header, r'X\(\w+,\s*"(\w+)"'), "outcomes")
    same(members["warnings"]["items"]["properties"]["code"]["enum"], words("KWIT_WARNINGS", header, r'X\(\w+,\s*"(\w+)"'), "warnings")
    same(members["survey"]["properties"]["reason"]["enum"],
         [None] + reasons, "reasons of no invitation")


def the_qr_leads_where_the_line_says():
    shop = Shop()
    _, line = shop.print(example())
    want(line["survey"]["invited"], f"not invited: {line['survey']}")
    want(line["survey"]["url"].startswith("HTTPS://FB.EXAMPLE/"), line["survey"]["url"])
    want(line["survey"]["token"].replace("-", "") in line["survey"]["url"], "the token is not in the url")
    if not shutil.which("zbarimg"):
        return
    picture = os.path.join(shop.paper, shop.pieces()[0])
    read = subprocess.run(["zbarimg", "-q", "--raw", picture], capture_output=True, text=True, check=False).stdout
    want(line["survey"]["url"] in read.split("\n"), f"zbar reads {read!r}, the line says {line['survey']['url']}")


def the_invitation_is_the_last_thing_on_paper():
    shop = Shop()
    shop.print(example())
    events = shop.events()
    codes = [number for number, event in enumerate(events) if event["event"] == "qr" or event["event"] == "image"]
    legal = [number for number, event in enumerate(events)
             if event["event"] == "text" and "Return within" in event["text"]]
    want(codes and legal and codes[-1] > legal[-1], "the symbol comes before the legal line")


def the_same_sale_again_prints_nothing():
    shop = Shop()
    _, first = shop.print(example())
    wire = shop.wire()
    shuffled = dict(reversed(list(example(x_note="free").items())))
    code, line = shop.print(shuffled)
    same((code, line["outcome"]), (0, "duplicate"), "outcome of the same sale")
    same(shop.wire(), wire, "what went to the printer")
    same(line["survey"]["token"], first["survey"]["token"], "token of the duplicate")


def another_sale_under_the_same_id_is_a_conflict():
    shop = Shop()
    shop.print(example())
    wire = shop.wire()
    code, line = shop.print(example(total="99.99"))
    same((code, line["outcome"], line["reason"]), (65, "conflict", "conflict"), "outcome of another sale")
    same(shop.wire(), wire, "what went to the printer")


def each_sale_has_its_own_token():
    shop = Shop()
    tokens = {shop.print(tiny(f"T-{number}"))[1]["survey"]["token"] for number in range(20)}
    same(len(tokens), 20, "tokens of 20 sales")


def parts_and_stations_are_jobs_of_their_own():
    shop = Shop()
    document = tiny("P-1", lines=[{"name": "Soup", "quantity": "1", "total": "4.00", "station": "kitchen"},
                                  {"name": "Beer", "quantity": "1", "total": "3.00", "station": "bar"}], total="7.00")
    code, line = shop.print(document, "--station", "bar")
    same((code, line["part"], line["survey"]["invited"]), (0, "bar", False), f"the bar's ticket, first ({line['message']})")
    code, line = shop.print(document)
    same((line["outcome"], line["survey"]["invited"]), ("printed", True), f"the receipt ({line['message']})")
    same(shop.print(document, "--station", "bar", "--part", "receipt")[0], 64, "a ticket as the receipt")
    before = len(shop.wire())
    code, line = shop.print(document, "--station", "kitchen")
    same((code, line["outcome"], line["part"]), (0, "printed", "kitchen"), "the kitchen's part")
    same(line["survey"]["invited"], False, "an invitation on the kitchen's part")
    part = shop.wire()[before:]
    want(b"Soup" in part and b"Beer" not in part, "the kitchen's part has the wrong lines")


def a_file_gets_the_same_bytes_as_a_dry_run():
    shop = Shop(survey=False)
    target = os.path.join(shop.place, "paper.bin")
    open(target, "wb").close()
    code, line = shop.print(tiny("F-1"), "--printer", f"file:{target}", "--profile", "tm-t20iii")
    same((code, line["outcome"]), (0, "sent"), f"outcome ({line['message']})")
    dry = os.path.join(shop.place, "dry.bin")
    answer = shop.kwit("print", "-", "--dry-run", "-o", dry, "--printer", f"file:{target}", "--profile", "tm-t20iii",
                       document=tiny("F-1"))
    same(answer.exit, 0, f"dry run ({answer.text})")
    body = open(dry, "rb").read()
    want(len(body) > 100, "an empty dry run")
    want(b"Apple" in body and b"Apple" in open(target, "rb").read(), "the item is missing")


def the_same_input_gives_the_same_bytes():
    runs = []
    for _ in range(2):
        shop = Shop(survey=False)
        answer = shop.kwit("print", "-", "--dry-run", "-o", "-", "--profile", "tm-t20iii", document=example())
        same(answer.exit, 0, f"dry run ({answer.text})")
        runs.append(answer.out)
    same(runs[0], runs[1], "two dry runs")


def a_dry_run_leaves_nothing_behind():
    shop = Shop(survey=False)
    shop.kwit("print", "-", "--dry-run", document=tiny("D-1"))
    same(os.listdir(shop.state), [], "files in the state directory")
    same(os.path.exists(shop.paper), False, "paper of a dry run")


def glyphs_that_are_kept_change_no_dot():
    shop = Shop(survey=False)
    document = tiny("G-1", lines=[{"name": "نان سنگک", "quantity": "1", "total": "4.00"}], total="4.00")
    dry = lambda: shop.kwit("print", "-", "--dry-run", "-o", "-", "--profile", "tm-t20iii", document=document).out
    kept = lambda: [os.path.join(shop.state, name) for name in sorted(os.listdir(shop.state)) if name.startswith("glyphs-")]
    anew = dry()
    same((b"\x1dv0" in anew, kept()), (True, []), "a drawn line, and what a dry run leaves behind")
    same(shop.print(document)[1]["outcome"], "printed", "the receipt")
    if not kept():
        return                                          # built without what draws
    same({stat.S_IMODE(os.stat(path).st_mode) for path in kept()}, {0o660}, "rights of the kept glyphs")
    same(dry() == anew, True, "the same bytes by the kept glyphs")
    for spoil in (lambda path: open(path, "r+b").truncate(70), lambda path: open(path, "wb").close(), os.unlink):
        for path in kept():
            spoil(path)
        same(dry() == anew, True, "the same bytes after they were spoilt")


class Printer(threading.Thread):
    """A TCP printer that takes everything and answers nothing."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.taken = b""

    def run(self):
        while True:
            link, _ = self.socket.accept()
            with link:
                while data := link.recv(65536):
                    self.taken += data


def a_silent_tcp_printer_ends_as_sent():
    printer = Printer()
    printer.start()
    shop = Shop(printer=f"tcp://127.0.0.1:{printer.port}", profile="pos-58")
    code, line = shop.print(tiny("N-1"))
    same((code, line["outcome"]), (0, "sent"), f"outcome ({line['message']})")
    want(b"Apple" in printer.taken, f"the printer got {printer.taken[:80]!r}")
    same(line["printer"]["uri"], f"tcp://127.0.0.1:{printer.port}", "address in the line")


def a_printer_that_is_not_there_keeps_the_receipt():
    closed = socket.create_server(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    shop = Shop(printer=f"tcp://127.0.0.1:{port}", more="")
    with open(shop.config, "a", encoding="utf-8") as file:
        file.write("[printer]\ndrain = next-call\n")
    code, line = shop.print(tiny("Q-1"), "--timeout", "2")
    same((code, line["outcome"], line["kept"]), (75, "queued", True), "a printer away")
    want(line["action"] in ("wait", "fix"), f"action {line['action']}")
    want(line["expires_at"], "when it expires is not said")
    listed = shop.kwit("queue", "list", "--json")
    want("Q-1" in listed.out.decode(), f"the queue does not list it: {listed.text}")
    code, line = shop.print(tiny("Q-1"), "--timeout", "2", "--printer", f"sim:{shop.paper}?profile=tm-t20iii")
    same((code, line["outcome"]), (75, "queued"), "the same sale, called for another printer")
    same(line["printer"]["uri"], f"tcp://127.0.0.1:{port}", "where it is said to wait")
    want("queue cancel Q-1" in line["message"], f"how to print it elsewhere: {line['message']}")
    same(shop.kwit("queue", "cancel", "Q-1").exit, 79, "cancelled")
    code, line = shop.print(tiny("Q-1"), "--printer", f"sim:{shop.paper}?profile=tm-t20iii")
    same((code, line["outcome"]), (0, "printed"), "called again for another printer")


def without_a_queue_a_missing_printer_is_an_error():
    shop = Shop(printer="tcp://127.0.0.1:1", survey=False, more="[printer]\nqueue = no\n")
    code, line = shop.print(tiny("Q-2"), "--timeout", "2")
    same((code, line["outcome"], line["kept"]), (69, "error", False), "a printer away, no queue")


def what_is_not_kept_says_nothing_of_the_receipt_before_it():
    shop = Shop(more="[printer bar]\nuri = tcp://127.0.0.1:9\nqueue = no\n")
    same(shop.print(tiny("K"))[1]["outcome"], "printed", "the receipt")
    for call in (("print", "-", "--part", "bar", "--printer", "bar"), ("reprint", "K", "--printer", "bar")):
        answer = shop.kwit(*call, "--timeout", "1", "--json", document=tiny("K"))
        same((answer.exit, answer.line["outcome"]), (69, "error"), call)
        sale = json.loads(shop.kwit("journal", "export").out)
        same(sale["class"], "proven", f"what the journal says of the sale behind {call}")


def faults_of_the_survey_never_stop_a_receipt():
    for more, key in (("rate = 7\n", True), ("", False)):
        shop = Shop(more=more, key=key)
        code, line = shop.print(tiny("S-1"))
        same((code, line["outcome"]), (0, "printed"), f"outcome ({line['message']})")
        same(line["survey"]["invited"], False, "an invitation")
        want(line["survey"]["reason"], "no reason")


def reasons_of_suppression_are_told():
    shop = Shop()
    _, line = shop.print(tiny("R-1", survey={"invite": "never", "by": "customer"}))
    same((line["survey"]["invited"], line["survey"]["reason"]), (False, "customer_opted_out"), "the customer's wish")
    _, line = shop.print(tiny("R-2", kind="training"))
    same(line["survey"]["reason"], "training", "a training sale")
    _, line = shop.print(tiny("R-3"), "--survey", "never")
    same(line["survey"]["invited"], False, "--survey never")


def every_wrong_document_is_refused_with_its_pointer():
    shop = Shop()
    cases = [(b"", "syntax"), (b"{", "syntax"), (b"[]", "invalid"), (json.dumps(tiny("")).encode(), "invalid"),
             (json.dumps(tiny("W-1", total="12,50")).encode(), "invalid"),
             (json.dumps(tiny("W-2", total=12.5)).encode(), "invalid")]
    for document, reason in cases:
        code, line = shop.print(document)
        same((code, line["outcome"]), (65, "rejected"), f"outcome of {document[:40]!r}")
        same(line["reason"], reason, f"reason of {document[:40]!r} ({line['message']})")
    want("/total" in shop.print(tiny("W-1", total="12,50"))[1]["message"], "the pointer is not named")
    same(shop.wire(), b"", "what went to the printer")


def strict_makes_warnings_errors_before_paper():
    shop = Shop()
    wrong = tiny("X-1", total="2.00", unknown_field=1)
    code, line = shop.print(wrong, "--strict")
    same((code, line["outcome"]), (65, "rejected"), "a sum that is wrong, strictly")
    same(shop.wire(), b"", "what went to the printer")
    code, line = shop.print(wrong)
    same(code, 0, "a sum that is wrong")
    codes = {warning["code"] for warning in line["warnings"]}
    want({"sum", "unknown_field"} <= codes, f"warnings {codes}")


def warnings_are_of_the_paper_that_came_out():
    """A printer that nobody named is found out when it answers: what was too wide for the careful guess is not for it."""
    shop = Shop(survey=False)
    wide = tiny("W-1", codes=[{"symbology": "code39", "data": "ABCDEFGHIJKLMN"}])
    warned = [warning["code"] for warning in shop.print(wide, "--dry-run", "--profile", "generic")[1]["warnings"]]
    same(warned, ["code_omitted"], "on the careful guess")
    code, line = shop.print(wide, "--printer", f"sim:{shop.paper}")
    same((code, line["outcome"], line["warnings"]), (0, "printed", []), "on the paper")
    same([event["data"] for event in shop.events("barcode")], ["ABCDEFGHIJKLMN"], "the code")


def no_copies_at_all_is_a_mistake_in_the_call():
    shop = Shop()
    for copies in ("0", "100"):
        code, line = shop.print(tiny("Y-1"), "--copies", copies)
        same((code, line["outcome"]), (64, "error"), f"{copies} copies")
    same(shop.print(tiny("Y-1"), "--copies", "1")[0], 0, "one copy")


def the_drawer_is_shut_until_a_pulse_opens_it():
    """The level of the simulated switch is the one that `drawer_open_is` expects of itself."""
    shop = Shop(survey=False)
    drawer = lambda: shop.kwit("status", "--json").line["drawer"]      # noqa: E731
    same(drawer(), "closed", "untouched")
    same(shop.kwit("drawer").exit, 0, "the pulse")
    same(drawer(), "open", "a drawer that nobody has shut")


run_tests(globals())
