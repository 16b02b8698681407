"""tap_slow.py - a till that sends slowly: its bytes go to the printer as they come, what makes the receipt whole when all of it
is there, with the invitation where it always stands. Whatever dies in between leaves no receipt out and none twice.
"""
import json
import os
import re
import signal
import socket
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import await_that, Shop, run_tests, same, want    # noqa: E402
from printer import Printer                                 # noqa: E402
from tap import Tap                                         # noqa: E402

INIT, FEED, CUT, PULSE, EOT = b"\x1b@", b"\x1bd\x04", b"\x1dV\x00", b"\x1bp\x00\x19\xfa", b"\x10\x04\x01"
NUMBER = "[tap]\nnumber = No[.] *([0-9]+)\n"
AT_ONCE = NUMBER + "gather = 1 ms\n"


def lines_of(number):
    return [INIT + b"CORNER SHOP\n", b"No. %d\n" % number, b"Tea 2.00\n", b"TOTAL 2.00\n", b"Thanks\n"]


def shop_with(more=AT_ONCE, **options):
    return Shop(more=more, **options)


def without_questions(wire):
    """The till's bytes and the run, but for what kwit asks of its own (and the pictures' dots, should they look like it)."""
    own = rb"\x10\x04[\x01-\x04]|\x1dI[BC]|\x1dg2\x00[0-9]\x00|\x1d\(H\x06\x00..[ -~]{4}"
    return re.sub(own, b"", wire, flags=re.DOTALL)


def out_of(wire, data):
    """How many bytes the run has that the wire has more than the till sent; -1: those are not there, once and in order."""
    plain = without_questions(wire)
    for at in range(len(data) + 1):
        if plain.startswith(data[:at]) and plain.endswith(data[at:]) and len(plain) >= len(data):
            return len(plain) - len(data)
    return -1


def trickle(shop, end, lines, till=None):
    """Sends line by line; each is out when the next is there, for it is the last ink no more."""
    for at, line in enumerate(lines):
        end.sendall(line)
        if at > 0:
            await_that(lambda before=lines[at - 1]: before in shop.wire(), f"line {at} on the wire")
    if till:
        till(shop)


def it_goes_out_as_it_comes_and_is_invited_at_its_end():
    shop, lines = shop_with(), lines_of(11)
    with Tap(shop) as tap, tap.connect() as end:
        trickle(shop, end, lines)
        same([lines[-1] in shop.wire(), len(shop.events("cut"))], [False, 0], "the last line and a cut before the end")
        end.sendall(FEED + CUT)
        end.shutdown(socket.SHUT_WR)
        same(end.recv(16), b"", "the end of the connection")
        same(len(shop.events("cut")), 1, "cuts when it ended")
        line = tap.line()
    same((line["id"], line["outcome"], line["survey"]["invited"]), ("11", "printed", True), "its line")
    want(out_of(shop.wire(), b"".join(lines) + FEED + CUT) > 1000, "the till's bytes and one run more")


def without_an_invitation_the_wire_is_what_the_till_sent():
    shop, lines = shop_with(survey=False), lines_of(12)
    data = b"".join(lines) + FEED + CUT + PULSE
    with Tap(shop) as tap, tap.connect() as end:
        trickle(shop, end, lines)
        end.sendall(FEED + CUT + PULSE)
        same(tap.line()["outcome"], "printed", "its line")
    same(without_questions(shop.wire()), data, "the wire")
    same([len(shop.events("cut")), len(shop.events("drawer"))], [1, 1], "cuts and pulses")


def byte_by_byte_nothing_is_lost():
    shop = shop_with(survey=False)
    data = b"".join(lines_of(13)) + b"\x1dv0\x00\x02\x00\x03\x00" + bytes(range(6)) + b"Come again\n" + FEED + CUT
    with Tap(shop) as tap, tap.connect() as end:
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(len(data)):
            end.sendall(data[at:at + 1])
            if at == 40:                                    # from here on it is on its way, whatever the machine does
                await_that(lambda: b"CORNER SHOP" in shop.wire(), "the first line")
        same(tap.line()["outcome"], "printed", "its line")
    same(without_questions(shop.wire()), data, "the wire")


def a_large_picture_does_not_wait_for_its_end():
    shop = shop_with(survey=False)
    picture = b"\x1dv0\x00\x48\x00\x00\x04" + b"\xaa" * 0x48 * 0x400
    data = INIT + b"SHOP\n" + picture + FEED + CUT
    with Tap(shop) as tap, tap.connect() as end:
        end.sendall(data[:40000])
        await_that(lambda: len(shop.wire()) > 39000, "the begin of the picture on the wire")
        end.sendall(EOT)                                    # dots, for the printer
        end.sendall(data[40000 + len(EOT):])
        same(tap.line()["outcome"], "printed", "its line")
    want(data[:40000] + EOT + data[40000 + len(EOT):] in without_questions(shop.wire().replace(EOT, EOT, 1)) or
         data[:40000] + EOT in shop.wire(), "the picture as it came")
    same(len(shop.events("cut")), 1, "cuts")


def questions_and_drawer_do_not_wait_for_a_slow_receipt():
    shop, lines = shop_with(survey=False), lines_of(14)
    with Tap(shop) as tap, tap.connect() as end, tap.connect() as other:
        trickle(shop, end, lines[:3])
        for asker in (end, other):
            asker.sendall(EOT)
            same(asker.recv(16)[0] & 0x93, 0x12, "DLE EOT 1 in mid receipt")
        other.sendall(b"\x10\x14\x01\x00\x01")
        await_that(lambda: len(shop.events("drawer")) == 1, "the drawer in mid receipt")
        same(shop.events("cut"), [], "cuts")
        end.sendall(b"".join(lines[3:]) + FEED + CUT)
        same(tap.line()["outcome"], "printed", "its line")


def whose_receipt_is_there_goes_before_one_that_has_not_begun():
    shop, lines = shop_with(NUMBER + "gather = 1 h\n", survey=False), lines_of(15)
    with Tap(shop) as tap, tap.connect() as slow:
        slow.sendall(b"".join(lines[:4]))
        tap.send(b"".join(lines_of(16)) + FEED + CUT)
        same(tap.line()["id"], "16", "the other till's")
        want(b"No. 15" not in shop.wire(), "half a receipt is on paper")
        slow.sendall(lines[4] + FEED + CUT)
        same(tap.line()["id"], "15", "the slow till's")


def ink_behind_a_cut_is_the_next_receipts():
    shop, lines = shop_with(), lines_of(17)
    data = b"".join(lines) + FEED + CUT
    with Tap(shop) as tap, tap.connect() as end:
        trickle(shop, end, lines)
        end.sendall(FEED + CUT + INIT + b"MERCHANT COPY\n" + data[2:])
        end.shutdown(socket.SHUT_WR)
        same(end.recv(16), b"", "the end of the connection")
    same([json.loads(line)["survey"]["invited"] for line in tap.rest], [True, False], "invited")
    same(len(shop.events("cut")), 2, "cuts")


def a_tap_that_dies_in_the_middle_loses_nothing_and_doubles_nothing():
    shop, lines = shop_with(), lines_of(18)
    with Tap(shop) as tap, tap.connect() as end:
        trickle(shop, end, lines, lambda shop: tap.process.kill())
        try:
            said = end.recv(16)
        except ConnectionResetError:
            said = "reset"
        same(said, "reset", "what the till sees")
        tap.process.wait()
    with Tap(shop) as tap:
        tap.send(b"".join(lines) + FEED + CUT)
        line = tap.line()
    same((line["id"], line["outcome"], line["survey"]["invited"]), ("18", "printed", True), "the second try")
    same([len(shop.events("cut")), sum(event["text"] == "Thanks" for event in shop.events("text"))], [1, 1], "whole receipts")


def a_printer_that_was_left_in_a_picture_is_freed_for_the_next():
    shop, picture = shop_with(survey=False), b"\x1dv0\x00\x48\x00\x00\x04" + b"\xaa" * 0x48 * 0x400
    with Tap(shop) as tap, tap.connect() as end:
        end.sendall(INIT + b"SHOP\n" + picture[:40000])
        await_that(lambda: len(shop.wire()) > 39000, "the begin of the picture on the wire")
        tap.process.kill()
        tap.process.wait()
    with Tap(shop) as tap:
        tap.send(b"".join(lines_of(24)) + FEED + CUT)
        same(tap.line()["outcome"], "printed", "the next")
    same([event["text"] for event in shop.events("text")][-2:], ["TOTAL 2.00", "Thanks"], "its paper")
    same(len(shop.events("cut")), 1, "cuts")


def a_printer_that_was_left_in_the_end_of_a_receipt_is_freed_too():
    """Its last ink is a picture, in the middle of which the tap dies: the next receipt is no part of that."""
    picture = b"\x1dv0\x00\x48\x00\x0d\x00" + b"\xaa" * 0x48 * 0x0d
    shop = shop_with(NUMBER, survey=False, profile="tm-t20iii&fault=nak@byte=700,for=1s")
    with Tap(shop) as tap, tap.connect() as end:
        tap.send(b"".join(lines_of(24)) + FEED + CUT)
        same(tap.line()["outcome"], "printed", "the first")             # from here on it is known to prove receipts
        end.sendall(b"".join(lines_of(25)) + picture + FEED + CUT)
        await_that(lambda: b"\xaa" * 200 in shop.wire(), "the begin of the picture on the wire")
        tap.process.kill()
        tap.process.wait()
    want(not shop.wire().endswith(FEED + CUT), "it was whole before the tap was killed")
    with Tap(shop) as tap:
        tap.send(b"".join(lines_of(26)) + FEED + CUT)
        same(tap.line()["outcome"], "printed", "the next")
    same([event["text"] for event in shop.events("text")][-5:], ["CORNER SHOP", "No. 26", "Tea 2.00", "TOTAL 2.00", "Thanks"], "its paper")


def what_is_sent_again_is_not_begun_before_it_is_known():
    """A tap is killed that has printed it and told nobody; the till sends it again, slowly."""
    shop, lines = shop_with(survey=False), lines_of(19)
    with Tap(shop) as tap:
        tap.send(b"".join(lines) + FEED + CUT)
        same(tap.line()["outcome"], "printed", "the first")
        tap.process.kill()
    wire = shop.wire()
    with Tap(shop) as tap, tap.connect() as end, tap.connect() as other:
        for line in lines:
            end.sendall(line + EOT)
            same(end.recv(16)[0] & 0x93, 0x12, "DLE EOT 1, behind which the line is read")
        trickle(shop, other, lines_of(20))                  # another that came later is begun at once
        other.sendall(FEED + CUT)
        same(tap.line()["id"], "20", "the other")
        want(b"No. 19" not in shop.wire()[len(wire):], "the begin of what was printed before")
        end.sendall(FEED + CUT)
        same(tap.line()["outcome"], "duplicate", "the second try")
    same(sum(event["text"] == "No. 19" for event in shop.events("text")), 1, "its number on paper")


def who_breaks_off_has_what_came():
    for rest, cuts in (("print", 1), ("drop", 0)):
        shop, lines = shop_with(AT_ONCE + f"rest = {rest}\n"), lines_of(21)
        with Tap(shop) as tap:
            with tap.connect() as end:
                trickle(shop, end, lines)
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if rest == "print":
                same([tap.line()["outcome"], lines[-1] in shop.wire()], ["printed", True], "what came")
            tap.send(b"".join(lines_of(22)) + FEED + CUT)
            same([tap.line()["id"], len(shop.events("cut"))], ["22", 1], f"the next, and cuts ({rest}, {cuts})")
            want((lines[-1] in shop.wire()[:shop.wire().index(b"No. 22")]) == (rest == "print"), f"the rest ({rest})")


def a_printer_that_fails_in_the_middle_prints_the_whole_again():
    with Printer() as printer:
        shop = Shop(printer=re.search(r"tcp://\S+", printer.address).group(), survey=False,
                    more=AT_ONCE + "away = store\n[printer]\ntimeout = 2 s\n")
        lines, wire = lines_of(23), os.path.join(printer.place, "wire.bin")
        shop.paper = printer.place
        with Tap(shop) as tap, tap.connect() as end:
            trickle(shop, end, lines[:4])
            printer.order("power off")
            for at in range(8):                             # each is over when its question is answered, by nobody
                end.sendall(b"more %d\n" % at + EOT)
                want(end.recv(16), "an answer")
            printer.order("power on")
            end.sendall(b"".join(lines[4:]) + FEED + CUT)
            line = tap.line()
            same(line["id"], "23", "its line")
        if line["outcome"] != "printed":
            shop.kwit("queue", "flush")
        with open(wire, "rb") as file:
            said = file.read()
        want(b"more 0\nmore 1\nmore 2\nmore 3\nmore 4\nmore 5\nmore 6\nmore 7\nThanks\n" in without_questions(said), "the whole receipt")
        same(len(shop.events("cut")), 1, "cuts")


run_tests(globals())
