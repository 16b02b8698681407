"""delivery.py - what a caller of `kwit print` may rely on, seen from outside."""
import json
import os
import socket
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "torture"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import judge
from kwit import await_that, run_tests, same, want

SCRATCH = os.environ.get("SCRATCH") or "/tmp/kwit-delivery-e2e"


def till(name, more="", **options):
    return judge.Till(f"{SCRATCH}/{name}", more, **options)


def write_sale(name):
    path = f"{SCRATCH}/{name}.json"
    with open(path, "w", encoding="utf-8") as file:
        json.dump(judge.sale(name), file)
    return path


def the_same_id_again_prints_nothing():
    shop, sale = till("again"), judge.sale("A-1")
    same(shop.print(sale)[1]["outcome"], "printed", "the first call")
    paper = len(shop.pieces())
    status, line = shop.print(sale)
    same((status, line["outcome"]), (0, "duplicate"), "the second call")
    same(len(shop.pieces()), paper, "pieces of paper")
    reordered = dict(reversed(list(sale.items())), x_note="free")
    same(shop.print(reordered)[1]["outcome"], "duplicate", "another order of keys")
    status, line = shop.print({**sale, "total": "7.00", "lines": sale["lines"][:1]})
    same((status, line["outcome"]), (65, "conflict"), "another document")


def a_printer_out_of_paper_is_refused_with_its_cause_and_prints_later():
    shop, sale = till("paper"), judge.sale("P-1")
    status, line = shop.print(sale, "paper-out")
    same((status, line["outcome"], line["reason"], line["kept"], line["action"]), (75, "queued", "paper_out", True, "fix"), "call")
    same(shop.pieces(), [], "paper")
    same([job["id"] for job in shop.call("queue", "list")[1]["jobs"]], ["P-1"], "the queue")
    shop.plug(None)
    status, line = shop.call("queue", "flush", "--printer", "till")
    same((status, line["left"]), (0, 0), "the flush")
    want(len(shop.pieces()) == 3, "three pieces of paper")
    same(shop.print(sale)[1]["outcome"], "duplicate", "the same id afterwards")


def near_end_shows_in_every_result():
    shop = till("near")
    line = shop.print(judge.sale("N-1"), "near-end")[1]
    same(line["outcome"], "printed", "outcome")
    want("near_end" in [warning["code"] for warning in line["warnings"]], "the warning")


def a_printer_that_answers_everything_late_is_believed():
    shop = till("slow-answers")
    line = shop.print(judge.sale("L-1"), "late=700ms", timeout=10)[1]
    same((line["outcome"], line["reason"]), ("printed", None), "a printer whose echoes come after 0.7 s")
    same(len(shop.pieces()), 3, "pieces of paper")


def a_call_ends_in_its_time_before_a_printer_that_answers_nonsense():
    shop = till("nonsense")
    line = shop.print(judge.sale("G-1"), "garbage", timeout=0.8)[1]
    same((line["outcome"], line["reason"], line["bytes"]), ("queued", "garbage", 0), "what came of it")
    want(line["ms"]["total"] < 10000, f"a call of 0.8 s took {line['ms']['total']} ms")


def a_printer_that_took_no_byte_has_nothing_to_replace():
    shop, straight, sale = till("nothing"), till("straight"), judge.sale("N-2")
    same(straight.print(sale)[1]["outcome"], "printed", "the same sale on another printer")
    line = shop.print(sale, "nak")[1]
    same((line["outcome"], line["bytes"], line["partial_mm"]), ("queued", 0, 0.0), "a printer that takes nothing")
    shop.plug(None)
    same(shop.call("queue", "flush", "--printer", "till")[1]["left"], 0, "what is left of the queue")
    same(shop.pieces(), straight.pieces(), "the paper")


def a_pulse_that_nothing_took_is_not_called_pulsed():
    shop = till("full-device")
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write("[printer till]\ndrain = next-call\nuri = file:/dev/full\n")
    status, line = shop.call("print", write_sale("D-3"), "--printer", "till")
    same((status, line["outcome"], line["reason"]), (75, "queued", "disk_full"), "a device that takes no byte")
    same((line["drawer"]["asked"], line["drawer"]["pulsed"], line["drawer"]["reason"]), (True, False, "disk_full"), "the drawer")
    same(shop.call("queue", "list")[1]["jobs"][0]["state"], "waiting", "the job")


def a_printer_of_two_hosts_is_never_cleared():
    cleared = []
    for name, more in (("own", ""), ("shared", "shared = yes\n")):
        shop = till(name, more, profile="tm-l90")
        same(shop.print(judge.sale("S-1"), "unplug@byte=200")[1]["outcome"], "interrupted", f"{name}: cut off")
        shop.plug(None)
        same(shop.call("queue", "flush", "--printer", "till")[1]["left"], 0, f"{name}: what is left of the queue")
        with open(f"{shop.paper}/wire.bin", "rb") as file:
            wire = file.read()
        cleared.append(b"\x10\x14\x08" in wire or bytes(1000) in wire)
    same(cleared, [True, False], "whether the printer's buffer was cleared: its own, and one that is shared")


def what_was_only_sent_is_not_called_printed_the_second_time():
    shop, sale = till("mute", profile="pos-58"), judge.sale("M-1")
    same(shop.print(sale, "mute")[1]["outcome"], "sent", "a printer that never answered")
    line = shop.print(sale, "mute")[1]
    same(line["outcome"], "duplicate", "the second call")
    want("sent before" in line["message"] and "printed" not in line["message"], line["message"])


def a_pulse_that_waits_gives_the_reason_of_its_job():
    shop = till("no-device")
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write("[printer till]\ndrain = next-call\nuri = serial:/dev/ttyKWIT\n")
    drawer = shop.call("print", write_sale("D-4"), "--printer", "till")[1]["drawer"]
    same((drawer["asked"], drawer["pulsed"], drawer["reason"]), (True, False, "no_printer"), "the drawer")


def without_a_state_directory_it_prints_where_that_is_preferred():
    shop = till("no-state", "[journal]\non_failure = print\n")
    with open(shop.state, "w", encoding="utf-8") as file:
        file.write("not a directory")
    status, line = shop.print(judge.sale("O-1"))
    same((status, line["outcome"], line["kept"]), (0, "printed", False), "the call")
    same([warning["code"] for warning in line["warnings"]], ["not_journalled"], "the warning")
    same(len(shop.pieces()), 3, "pieces of paper")


def no_wait_stores_and_a_detached_process_prints():
    shop, sale = till("nowait"), judge.sale("W-1")
    with open(shop.config, encoding="utf-8") as file:
        text = file.read().replace("drain = next-call", "drain = self")
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text)
    run = subprocess.run(shop.command("print", "-", "--json", "--printer", "till", "--no-wait"), capture_output=True,
                         input=json.dumps(sale).encode(), timeout=300, check=False)
    same((run.returncode, json.loads(run.stdout)["reason"]), (75, "no_wait"), "the call")
    await_that(lambda: shop.job_states() == {1: "printed"}, "the journal says printed")
    same(len(shop.pieces()), 3, "pieces of paper")


def a_cancelled_job_prints_only_when_asked_again():
    shop, sale = till("cancel"), judge.sale("C-1")
    shop.print(sale, "paper-out")
    same(shop.call("queue", "cancel", "C-1")[0], 79, "the cancel's exit")
    shop.plug(None)
    shop.call("queue", "flush", "--printer", "till")
    same(shop.pieces(), [], "paper after the flush")
    status, line = shop.print(sale)
    same((status, line["outcome"]), (0, "printed"), "the same id again")
    want(not any(judge.marked(piece) for piece in shop.pieces()), "it is the original")


def a_doubt_is_settled_by_a_person():
    shop, sale = till("doubt"), judge.sale("D-1", vouchers=0)
    shop.print(judge.sale("D-0", vouchers=0))
    status, line = shop.print(sale, "mute@cut=1", timeout=3)
    same((status, line["outcome"], line["action"]), (76, "unconfirmed", "ask"), "the call")
    same(shop.print(sale, None)[0], 76, "the same id again")
    shop.plug(None)
    status, line = shop.call("resolve", "D-1", "--missing")
    same((status, line["outcome"]), (0, "printed"), "resolve --missing")
    copies = [piece for piece in shop.pieces() if any("D-1" in text for text in piece)]
    same([judge.marked(piece) for piece in copies], [False, True], "marks on the copies")


def a_reprint_is_counted_and_marked():
    shop = till("reprint")
    shop.print(judge.sale("R-1", vouchers=0))
    same(shop.call("reprint", "R-1", "--copy", "2")[1]["outcome"], "printed", "copy 2")
    same(shop.call("reprint", "R-1", "--copy", "2")[1]["outcome"], "duplicate", "copy 2 again")
    same(shop.call("reprint", "--last")[1]["copy"], 3, "the next copy")
    same([judge.marked(piece) for piece in shop.pieces()], [False, True, True], "marks")
    same(shop.pulses(), 1, "pulses of the drawer")


def fifty_callers_do_not_interleave_and_each_gets_its_own_answer():
    shop = till("fifty")
    calls = [subprocess.Popen(shop.command("print", "-", "--json", "--printer", "till", "--timeout", "50"),
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(50)]
    for number, call in enumerate(calls):
        call.stdin.write(json.dumps(judge.sale(f"M-{number:02d}", vouchers=0)).encode())
        call.stdin.close()
    for number, call in enumerate(calls):
        line = json.loads(call.stdout.read())
        call.wait()
        same((line["id"], line["outcome"]), (f"M-{number:02d}", "printed"), "an answer")
    pieces = shop.pieces()
    same(len(pieces), 50, "pieces of paper")
    order = []
    for piece in pieces:
        ids = {text.split(" of ")[1].strip() for text in piece if text.startswith("Article")}
        same(len(ids), 1, "sales on one piece")
        order.append(ids.pop())
    arrival = [name for (name,) in shop.journal("select sale.name from job join sale on sale.id = job.sale order by job.id")]
    same(order, arrival, "order of the paper and of arrival")


def fifty_calls_with_one_id_print_once():
    shop, sale = till("once"), json.dumps(judge.sale("O-1", vouchers=0)).encode()
    calls = [subprocess.Popen(shop.command("print", "-", "--json", "--printer", "till", "--timeout", "50"),
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(50)]
    outcomes = [json.loads(call.communicate(sale)[0])["outcome"] for call in calls]
    want(set(outcomes) <= {"printed", "duplicate"} and "printed" in outcomes, f"outcomes {outcomes}")
    same(len(shop.pieces()), 1, "pieces of paper")
    same(shop.pulses(), 1, "pulses")


def two_printers_do_not_wait_for_each_other():
    shop = till("two")
    slow = f"sim:{shop.place}/slow?profile=tm-t20iii&pictures=no&speed=20"
    other = f"sim:{shop.place}/other?profile=tm-t20iii&pictures=no"
    first = subprocess.Popen(shop.command("print", "-", "--json", "--printer", slow), stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE)
    first.stdin.write(json.dumps(judge.sale("T-1", vouchers=0)).encode())
    first.stdin.close()
    wire = f"{shop.place}/slow/wire.bin"
    await_that(lambda: os.path.exists(wire) and os.path.getsize(wire), "the first has begun")
    run = subprocess.run(shop.command("print", "-", "--json", "--printer", other), capture_output=True,
                         input=json.dumps(judge.sale("T-2", vouchers=0)).encode(), timeout=300, check=False)
    same(json.loads(run.stdout)["outcome"], "printed", "the second")
    same(first.poll(), None, "the first, which still prints")
    same(json.loads(first.stdout.read())["outcome"], "printed", "the first")
    first.wait()


def a_refused_connection_is_waited_for():
    shop = till("tcp")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    got, trace = [], f"{shop.place}/trace"

    def refused():
        with open(trace, encoding="utf-8") as file:
            return "ECONNREFUSED" in file.read()

    def serve():
        await_that(lambda: os.path.exists(trace) and refused(), "the first connection is refused")
        with socket.socket() as server:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(("127.0.0.1", port))
            server.listen(1)
            link, _ = server.accept()
            link.settimeout(300)
            while True:
                data = link.recv(65536)
                if not data:
                    return
                got.append(data)
    thread = threading.Thread(target=serve)
    thread.start()
    run = subprocess.run(["strace", "-f", "-qq", "-e", "trace=connect,getsockopt", "-o", trace] + shop.command("print", "-", "--json", "--printer", f"tcp://127.0.0.1:{port}"), capture_output=True,
                         input=json.dumps(judge.sale("S-1", vouchers=0)).encode(), timeout=300, check=False)
    thread.join()
    same(json.loads(run.stdout)["outcome"], "sent", "the call")
    want(b"Article 5 of S-1" in b"".join(got), "the receipt arrived")


def a_state_that_cannot_be_written_sends_nothing():
    shop = till("readonly")
    with open(shop.state, "w", encoding="utf-8") as file:
        file.write("in the way")
    status, line = shop.print(judge.sale("X-1"))
    want(status in (74, 77) and line["outcome"] == "error", f"{status} {line}")
    same(shop.events(), [], "what the printer saw")


def a_damaged_journal_sends_nothing():
    shop = till("damaged")
    shop.print(judge.sale("X-0"))
    wire = os.path.getsize(f"{shop.paper}/wire.bin")
    for name in ("journal.db", "journal.db-wal"):
        with open(f"{shop.state}/{name}", "r+b") as file:
            file.write(b"garbage" * 20000)
    status, line = shop.print(judge.sale("X-1"))
    same((status, line["reason"]), (74, "state_damaged"), "the call")
    same(os.path.getsize(f"{shop.paper}/wire.bin"), wire, "bytes on the wire")


def a_disk_that_fills_up_loses_nothing():
    sale = judge.sale("L-1")
    for number in (1, 2, 4, 8, 12, 16, 20, 24, 30, 36):
        shop = till("full")
        wrap = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject=pwrite64:error=ENOSPC:when={number}"]
        if subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False).returncode != 0:
            return
        status, line = shop.print(sale, wrap=wrap, timeout=5)
        want(line is not None, f"a line when write {number} fails ({status})")
        for _ in range(3):
            status, line = shop.print(sale, timeout=5)
            if line["outcome"] == "unconfirmed":
                status, line = shop.call("resolve", "L-1", "--seen")
            if status == 0:
                break
        same(status, 0, f"settled after write {number} failed: {line}")
        whole = [piece for piece in shop.pieces() if any("Article 5 of L-1" in text for text in piece)]
        want(len([piece for piece in whole if not judge.marked(piece)]) <= 1, f"write {number}: doubled")
        want(len(whole) >= 1, f"write {number}: lost")


def a_drawer_opens_whether_or_not_there_is_paper_and_once():
    shop, sale = till("drawer"), judge.sale("W-1")
    status, line = shop.print(sale, "paper-out")
    same((status, line["drawer"]["pulsed"], shop.pulses()), (75, True, 1), "without paper")
    shop.plug(None)
    same(shop.call("queue", "flush", "--printer", "till")[0], 0, "the flush")
    same(shop.pulses(), 1, "pulses after the paper came")
    never = till("drawer-never", more="drawer = never\n")
    line = never.print(judge.sale("W-2"))[1]
    same((line["drawer"]["asked"], line["drawer"]["pulsed"], line["drawer"]["reason"]), (True, False, "policy"), "policy")
    status, line = never.call("drawer", "--printer", "till", "--reason", "change")
    same((status, line["drawer"]["pulsed"], never.pulses()), (0, True, 1), "by hand")


def a_drawer_that_stays_shut_is_told_with_its_cause():
    for fault, reason in (("unplug", "disconnected"), ("nak", "timeout"), ("garbage", "garbage")):
        shop = till(f"shut-{fault}")
        shop.plug(fault)
        status, line = shop.call("drawer", "--printer", "till")
        same((status, line["outcome"], line["reason"], line["drawer"]["pulsed"]), (69, "error", reason, False), fault)
        want(len(line["message"]) > len("failed"), line["message"])
    line = till("nothing-taken").print(judge.sale("W-3"), "nak")[1]
    same((line["drawer"]["pulsed"], line["drawer"]["reason"]), (False, "timeout"), "of a printer that takes nothing")
    shop = till("no-socket", more="profile = tm-p80ii\n", profile="tm-p80ii")
    status, line = shop.call("drawer", "--printer", "till")
    same((status, line["outcome"], line["reason"]), (69, "error", "unsupported"), "a model without a socket")


def the_whole_call_takes_little_more_than_the_paper():
    shop = till("speed")
    shop.print(judge.sale("V-0", vouchers=0))
    sale = judge.sale("V-1", vouchers=0, lines=60)
    status, line = shop.print(sale, timeout=30, speed=100)
    same((status, line["outcome"]), (0, "printed"), "the call")
    ratio = line["ms"]["total"] / (line["paper_mm"] / 100 * 1000)
    print(f"whole call: {ratio:.3f} times the paper's own time ({line['paper_mm']} mm)")
    want(ratio <= 1.5, f"the call took {ratio:.3f} times the paper's own time")


run_tests(globals())
