"""tap_listen.py - other programs that believe to talk to a printer: their receipts get invitation and proof, their questions
the printer's own answers, and the connection ends when the paper is out.
"""
import contextlib
import json
import os
import re
import select
import signal
import socket
import sqlite3
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import clock                                                # noqa: E402
from kwit import await_that, KWIT, Shop, run_tests, same, want          # noqa: E402
from tap import TIMEOUT_S, Tap                              # noqa: E402

INIT, FEED, CUT, PULSE = b"\x1b@", b"\x1bd\x04", b"\x1dV\x00", b"\x1bp\x00\x19\xfa"


def receipt(number=1, end=FEED + CUT):
    return INIT + b"CORNER SHOP\nNo. %d\nTea 2.00\nTOTAL 2.00\nThanks\n" % number + end


def shop_with(more="", **options):
    return Shop(more="[tap]\nnumber = No[.] *([0-9]+)\n" + more, **options)


def the_end_of_the_connection_means_paper():
    shop = shop_with()
    with Tap(shop) as tap:
        tap.send(receipt(7))
        same(len(shop.events("cut")), 1, "cuts when the connection ended")
        line = tap.line()
    same((line["id"], line["outcome"], line["survey"]["invited"]), ("7", "printed", True), "its line")
    want(b"TOTAL 2.00" in shop.wire(), "the receipt's own bytes")


def a_cut_and_silence_end_a_receipt_and_the_connection_stays():
    shop = shop_with()
    with Tap(shop) as tap, tap.connect() as end:
        for number in (1, 2):
            end.sendall(receipt(number))
            same(tap.line()["id"], str(number), "receipt")
        same(len(shop.events("cut")), 2, "cuts")


def a_question_behind_the_receipt_is_answered_when_it_is_out():
    shop = shop_with()
    with Tap(shop) as tap, tap.connect() as end:
        end.sendall(receipt(3, FEED + CUT + b"\x1dr\x01"))
        same(end.recv(16), b"\x00", "GS r 1")
        same(len(shop.events("cut")), 1, "cuts when it was answered")


def a_number_is_kept_for_the_sale():
    shop = shop_with()
    with Tap(shop) as tap:
        for head in (b"KITCHEN\n", b"GUEST CHECK\n", b"", b"", b"** DUPLICATE **\n"):
            tap.send(INIT + head + receipt(4)[len(INIT):])
        lines = [tap.line() for _ in range(5)]
    same([(line["id"] == "4", line["survey"]["invited"]) for line in lines],
         [(False, False), (False, False), (True, True), (True, True), (False, False)], "the order, the bill, the receipt twice, a copy")
    same(len({line["id"] for line in lines}), 4, "names")


def questions_are_answered_by_the_printer():
    shop = shop_with()
    with Tap(shop) as tap, tap.connect() as end:
        end.sendall(b"\x10\x04\x01")
        same(end.recv(16)[0] & 0x93, 0x12, "DLE EOT 1")
        end.sendall(INIT + b"\x1dI\x43")
        want(b"TM-T20" in end.recv(64), "GS I 67")
        end.sendall(receipt(9)[len(INIT):])
        same(tap.line()["outcome"], "printed", "the receipt behind them")


def a_question_within_ink_does_not_wait_for_the_receipt():
    shop = shop_with()
    with Tap(shop) as tap, tap.connect() as end:
        half = receipt(4)
        end.sendall(half[:30] + b"\x10\x04\x01")
        same(end.recv(16)[0] & 0x93, 0x12, "DLE EOT 1")
        end.sendall(half[30:])
        same(tap.line()["id"], "4", "the whole receipt")
    same(len(shop.events("cut")), 1, "cuts")


def a_slow_till_that_may_gather_holds_nobody_and_is_answered():
    shop = shop_with("gather = 1 h\n")
    with Tap(shop) as tap, tap.connect() as slow:
        data = receipt(11, b"")
        for at in range(0, len(data), 8):                   # each step is over when its question is answered
            slow.sendall(data[at:at + 8] + b"\x10\x04\x01")
            same(slow.recv(16)[0] & 0x93, 0x12, "DLE EOT 1")
        tap.send(receipt(12))
        same(tap.line()["id"], "12", "the other till's")
        want(b"No. 11" not in shop.wire(), "half a receipt is on paper")
        slow.sendall(FEED + CUT)
        line = tap.line()
        same((line["id"], line["survey"]["invited"]), ("11", True), "the slow till's")
    same([len(shop.events("cut")), data[len(INIT):] in shop.wire()], [2, True], "cuts, and the receipt as it was sent")


def no_invitation_stands_where_a_program_waits_for_an_answer_or_breaks_off():
    for profile in ("tm-t20iii", "pos-58"):                 # the second one has no cutter
        shop = shop_with(profile=profile)
        with Tap(shop) as tap:
            with tap.connect() as end:
                end.sendall(receipt(7, b"\x1dI\x43"))
                same([tap.line()["survey"]["invited"], len(shop.events("image"))], [False, 0], "what was printed for the question")
                end.sendall(b"Come again\n" + FEED + CUT)
            same([tap.line()["survey"]["invited"], len(shop.events("image"))], [False, 0], "the rest")
            with tap.connect() as end:
                end.sendall(receipt(8, b""))
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            same([tap.line()["survey"]["invited"], len(shop.events("image"))], [False, 0], "what broke off")
            tap.send(receipt(9, FEED))
            same([tap.line()["survey"]["invited"], len(shop.events("image")) > 0], [True, True], "what was ended without a cut")


def whoever_only_looks_in_leaves_nothing():
    shop = shop_with()
    with Tap(shop) as tap:
        tap.connect().close()
        tap.send(b"")
        tap.send(receipt(5))
        same(tap.line()["id"], "5", "the first receipt")
    same(tap.rest, [], "other lines")


def the_drawer_opens_at_once_and_once():
    shop = shop_with()
    with Tap(shop) as tap:
        tap.send(INIT + PULSE)
        same(len(shop.events("drawer")), 1, "pulses")
        tap.send(receipt(6, FEED + CUT + PULSE))
    same(len(shop.events("drawer")), 2, "pulses")


def a_pulse_without_its_times_opens_the_drawer():
    shop = shop_with()
    with Tap(shop) as tap:
        for number in (15, 16):
            tap.send(receipt(number, FEED + CUT + PULSE[:3]))
            line = tap.line()
            same((line["id"], line["outcome"], line["survey"]["invited"]), (str(number), "printed", True), "line")
    same(len(shop.events("drawer")), 2, "pulses")
    same([event["text"] for event in shop.events("text") if "No" in event["text"]], ["No. 15", "No. 16"], "numbers on paper")


def what_takes_too_long_to_look_at_goes_as_it_came():
    shop = shop_with("hold = 1 ms\n")
    data = receipt(30, b"CARD 4111 1111 1111 1111\n" + b"much to read 1.00\n" * 3000 + FEED + CUT)
    with Tap(shop) as tap:
        tap.send(data)
        line = tap.line()
    same((line["outcome"], line["survey"]["invited"], [warning["code"] for warning in line["warnings"]]),
         ("printed", False, ["passed_through"]), "its line")
    want("too much time" in line["warnings"][0]["text"], "the reason")
    want(data in shop.wire(), "its bytes as they came")
    doubts = os.path.join(shop.state, "doubts")
    (kept,) = os.listdir(doubts)
    same(os.stat(os.path.join(doubts, kept)).st_mode & 0o777, 0o600, "who may read it")
    with open(os.path.join(doubts, kept), "rb") as file:
        same(file.read(), data.replace(b"4111 1111 1111 1111", b"xxxx xxxx xxxx 1111"), "what is kept")
    same(os.stat(doubts).st_mode & 0o777, 0o700, "who may look in there")


def a_doubt_below_a_state_of_a_group_is_the_groups():
    shop = shop_with("hold = 1 ms\n")
    os.chmod(shop.state, 0o2770)
    with Tap(shop) as tap:
        tap.send(receipt(30, b"much to read 1.00\n" * 3000 + FEED + CUT))
        same(tap.line()["outcome"], "printed", "its line")
    doubts = os.path.join(shop.state, "doubts")
    (kept,) = os.listdir(doubts)
    same(os.stat(doubts).st_mode & 0o7777, 0o2770, "who may look in there")
    same(os.stat(os.path.join(doubts, kept)).st_mode & 0o777, 0o660, "who may read it")


def configure(shop, hold="10 s", fault=None, more=""):
    """The shop's tap as the next one to begin finds it."""
    away = "drain = next-call\n" + (f"timeout = 1s\nuri = {shop.uri}&fault={fault}\n" if fault else f"uri = {shop.uri}\n")
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(f"[store]\nid = e2e\n[printer]\n{away}[tap]\nnumber = No[.] *([0-9]+)\naway = store\nhold = {hold}\n{more}")


LONG = b"much to read 1.00\n" * 3000 + FEED + CUT                # in 1 ms nobody has read it


def a_second_try_is_known_whichever_of_both_could_not_be_read():
    for first, second in (("10 s", "1 ms"), ("1 ms", "10 s"), ("1 ms", "1 ms")):
        shop, lines = Shop(survey=False), []
        for hold, fault in ((first, "paper-out@byte=0"), (second, None)):
            configure(shop, hold, fault)
            with Tap(shop) as tap:
                tap.send(receipt(34, LONG))
                lines.append(tap.line())
        same([line["outcome"] for line in lines], ["queued", "printed"], f"{first}, then {second}")
        same(lines[0]["id"], lines[1]["id"], f"{first}, then {second}: one sale")
        shop.kwit("queue", "flush")
        same(len(shop.events("cut")), 1, f"{first}, then {second}: cuts")


def what_cannot_be_read_is_not_taken_for_another():
    shop = Shop(survey=False)
    configure(shop, "1 ms", "paper-out@byte=0")
    data = [receipt(35, LONG), receipt(36, LONG), receipt(36, b"CARD 4111 1111 1111 1111\n" + LONG)]
    with Tap(shop) as tap:
        for one in data + data[2:]:
            tap.send(one)
        ids = [tap.line()["id"] for _ in range(4)]
    same((len(set(ids)), ids[2]), (3, ids[3]), "sales")
    configure(shop)
    shop.kwit("queue", "flush")
    same(len(shop.events("cut")), 3, "cuts")


def patience_never_says_that_what_is_not_stored_is_kept():
    """Somebody holds the journal for longer than the till is to wait."""
    shop = Shop(survey=False)
    configure(shop, more="patience = 1 s\n")
    with Tap(shop) as tap, tap.connect() as end:
        tap.send(receipt(39))
        same(tap.line()["outcome"], "printed", "the first, which makes the journal")
        with contextlib.closing(sqlite3.connect(os.path.join(shop.state, "journal.db"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            end.sendall(receipt(40))
            end.shutdown(socket.SHUT_WR)
            settled = select.select([end], [], [], 2)[0]        # twice as long as its patience
            other.execute("ROLLBACK")
        same(settled, [], "the end of the connection while it is stored nowhere")
        same(end.recv(16), b"", "the end when it is")
        same(tap.line()["outcome"], "printed", "its paper")


def what_a_killed_tap_has_told_nobody_is_not_printed_again():
    shop = Shop(survey=False)
    configure(shop)
    for number, ending, again in ((37, signal.SIGKILL, "duplicate"), (38, signal.SIGTERM, "printed")):
        outcomes = []
        for last in (ending, signal.SIGTERM):
            with Tap(shop) as tap:
                tap.send(receipt(number))
                outcomes.append(tap.line()["outcome"])
                tap.process.send_signal(last)
        same(outcomes, ["printed", again], f"receipt {number}")
    same(len(shop.events("cut")), 3, "cuts")


def what_is_kept_goes_where_nothing_new_comes():
    shop = shop_with()
    records, doubts = os.path.join(shop.place, "records"), os.path.join(shop.state, "doubts")
    names = {}
    for place in (records, doubts):
        os.mkdir(place, 0o700)
        for days in (13, 15):
            names[place, days] = os.path.join(place, f"{days:015d}.receipt.bin")
            with open(names[place, days], "wb") as file:
                file.write(receipt())
            os.utime(names[place, days], (clock.now_ms() / 1000 - days * 86400,) * 2)
    with Tap(shop, "--record", records):
        for place in (records, doubts):
            await_that(lambda: not os.path.exists(names[place, 15]), f"{place} is tidied")
    want(all(os.path.exists(names[place, 13]) for place in (records, doubts)), "what is 13 days old is gone")


def what_cannot_be_remembered_is_printed():
    shop = shop_with()
    with Tap(shop) as tap:
        tap.send(receipt(31))
        same(tap.line()["survey"]["invited"], True, "before")
        for name in os.listdir(shop.state):
            if name.startswith("journal.db"):
                with open(os.path.join(shop.state, name), "wb") as file:
                    file.write(b"no journal" * 1000)
        tap.send(receipt(32))
        line = tap.line()
    same((line["outcome"], line["kept"], line["survey"]["invited"]), ("printed", False, False), "its line")
    want("not_journalled" in [warning["code"] for warning in line["warnings"]], "the warning")
    same((len(shop.events("cut")), shop.events("text")[-3]["text"]), (2, "Tea 2.00"), "its paper")


def what_is_wrongly_configured_is_printed():
    shop = shop_with()
    with Tap(shop) as tap:
        with open(shop.config, "a", encoding="utf-8") as file:
            file.write("[journal]\non_failure = hope\n")
        tap.send(receipt(33))
        same(tap.line()["reason"], "config", "what stands in the way")
    want(receipt(33) in shop.wire(), "its bytes as they came")
    same(len(shop.events("cut")), 1, "cuts")


def _said_when_killed(process, end):
    """What a program hears of its receipt whose tap is killed."""
    end.sendall(receipt(1)[:-len(CUT)] + b"\x10\x04\x01")
    want(end.recv(16), "the answer, behind which all is read")
    end.shutdown(socket.SHUT_WR)
    process.kill()
    try:
        return end.recv(16)
    except ConnectionResetError:
        return "reset"
    finally:
        process.communicate()


def a_tap_that_dies_does_not_say_that_it_is_settled():
    tap = Tap(shop_with())
    with tap.connect() as end:
        same(_said_when_killed(tap.process, end), "reset", "the end")


def nor_does_it_to_who_came_before_it():
    with socket.create_server(("127.0.0.1", 0)) as door, socket.create_connection(door.getsockname(), timeout=TIMEOUT_S) as end:
        same(_said_when_killed(_begin_on(shop_with(), door), end), "reset", "the end")


def eight_tills_at_once_lose_nothing():
    shop = shop_with()
    with Tap(shop) as tap:
        ends = [tap.connect() for _ in range(8)]
        for number, end in enumerate(ends):
            end.sendall(receipt(100 + number)[:20])
        for number, end in enumerate(ends):
            end.sendall(receipt(100 + number)[20:])
            end.shutdown(socket.SHUT_WR)
        lines = [tap.line() for _ in ends]
        for end in ends:
            same(end.recv(16), b"", "the end")
            end.close()
    same({line["outcome"] for line in lines}, {"printed"}, "outcomes")
    same({line["id"] for line in lines}, {str(100 + number) for number in range(8)}, "ids")
    same(len({line["survey"]["token"] for line in lines}), 8, "tokens")
    same(len(shop.events("cut")), 8, "cuts")


def who_may_not_print_is_refused():
    shop = shop_with("allow = 192.0.2.0/24\n")
    with Tap(shop) as tap:
        try:
            with tap.connect() as end:
                end.sendall(receipt())
                same(end.recv(16), b"", "an answer")
        except ConnectionResetError:
            pass
    want(b"CORNER SHOP" not in shop.wire(), "it was printed")


def _begin_on(shop, door):
    """A tap that is handed a socket."""
    words = f'exec 3<&{door.fileno()}; LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@"'
    return subprocess.Popen(["sh", "-c", words, KWIT, "--config", shop.config, "--state", shop.state, "tap", "--json"],
                            stdout=subprocess.PIPE, text=True, pass_fds=[door.fileno()])


def a_socket_that_was_handed_over_is_served():
    shop = shop_with()
    with socket.create_server(("127.0.0.1", 0)) as door:
        process = _begin_on(shop, door)
        with socket.create_connection(door.getsockname(), timeout=TIMEOUT_S) as end:    # before anybody listens to it
            end.sendall(receipt(11))
            end.shutdown(socket.SHUT_WR)
            same(end.recv(16), b"", "the end")
        process.send_signal(signal.SIGTERM)
        lines = [json.loads(text) for text in process.communicate(timeout=TIMEOUT_S)[0].splitlines()]
    same([line.get("outcome") for line in lines], [None, "printed"], "lines")


def _switches(process):
    """How often it has waited for something."""
    with open(f"/proc/{process.pid}/status", encoding="utf-8") as file:
        return int(re.search(r"^voluntary_ctxt_switches:\s*([0-9]+)", file.read(), re.MULTILINE).group(1))


def one_that_comes_after_a_killed_one_waits_for_the_address():
    """The copy in which a killed one read may have it for a moment."""
    shop = shop_with()
    with socket.create_server(("127.0.0.1", 0)) as other:
        place = "{}:{}".format(*other.getsockname())
        process = subprocess.Popen([KWIT, "--config", shop.config, "--state", shop.state, "tap", "--listen", place, "--json"],
                                   stdout=subprocess.PIPE, text=True)
        await_that(lambda: process.poll() is not None or _switches(process) > 30, "it waits, or ends")
    same(json.loads(process.stdout.readline()).get("listening"), place, "where it listens")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=TIMEOUT_S)


def while_the_printer_is_away_so_is_the_tap():
    shop = Shop(printer="tcp://127.0.0.1:1", more="[tap]\naway = refuse\n")
    with Tap(shop) as tap:
        try:
            with tap.connect() as end:
                end.sendall(receipt())
                same(end.recv(16), b"", "an answer")
        except ConnectionResetError:
            pass
    same(tap.rest, [], "lines")


def a_patient_tap_keeps_what_cannot_be_printed():
    shop = Shop(printer="tcp://127.0.0.1:1", more="[tap]\naway = store\n[printer]\ndrain = next-call\n")
    with Tap(shop) as tap:
        with tap.connect() as end:
            end.sendall(b"\x10\x04\x01")
            want(end.recv(16)[0] & 0x08, "a printer that cannot be reached is not said to be ready")
        tap.send(receipt(8))
        same(tap.line()["outcome"], "queued", "outcome")
    want("waiting" in shop.kwit("queue", "list").text or shop.kwit("queue", "list", "--json").line["jobs"], "the queue")


def what_is_recorded_teaches_the_shops_patterns():
    shop = Shop()
    records = os.path.join(shop.place, "records")
    os.mkdir(records)
    with Tap(shop, "--record", records) as tap:
        for number in range(41, 45):
            data = INIT + b"SHOP\nBon %d\nTea 2.00\nYOURS 7.%d\nCARD 4111111111111111\n" % (number, number) + FEED + CUT
            tap.send(data)
            tap.line()
    kept = sorted(os.listdir(records))
    same(len(kept), 4, "records")
    for name in kept:
        path = os.path.join(records, name)
        same(os.stat(path).st_mode & 0o777, 0o600, "who may read it")
        with open(path, "rb") as file:
            want(b"4111111111111111" not in file.read(), "a card number is kept")
    learnt = shop.kwit("tap", "learn", records, "--json").line
    same((learnt["number"]["pattern"], learnt["number"]["last"]), ("Bon *([0-9]+)", "44"), "number")
    same(learnt["total"]["pattern"], "YOURS *([0-9.,]+)", "total")
    want("number = Bon *([0-9]+)" in shop.kwit("tap", "learn", records).text, "the lines for the configuration")


run_tests(globals())
