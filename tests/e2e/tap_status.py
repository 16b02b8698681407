"""tap_status.py - a program that asked for automatic status is told through the tap what the printer itself would have said, and
when; other programs at the same tap are not.
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import Shop, run_tests, same, want                # noqa: E402
from printer import Printer                                 # noqa: E402
from tap import Tap                                         # noqa: E402

BLOCK, ALL = 4, b"\x1da\xff"
RECEIPT = b"SHOP\nNo. 1\n" + b"".join(b"Tea %02d    1.00\n" % n for n in range(40)) + b"TOTAL 40.00\n\x1bd\x04\x1dV\x00"


def shop_before(printer, more=""):
    return Shop(printer=re.search(r"tcp://\S+", printer.address).group(), more="[tap]\nnumber = No[.] *([0-9]+)\n" + more)


def hear(till):
    block = b""
    while len(block) < BLOCK:
        part = till.recv(BLOCK - len(block))
        want(part, "the connection has ended")
        block += part
    return block.hex()


def story(till, printer, mask):
    """What a till that asks for `mask` is told while things happen that each concern it."""
    orders = {0x02: ("cover open", "cover close"), 0x08: ("paper out", "paper load 80"), 0x01: ("drawer open", "drawer close"),
              0x04: ("cutter jam", "cutter clear")}
    till.sendall(b"\x1da" + bytes([mask]))
    told = [hear(till)]
    for bit, pair in orders.items():
        for order in pair if mask & bit else ():
            printer.order(order)
            told.append(hear(till))
    return told


def what_a_till_is_told_is_what_the_printer_says():
    for mask in (0xff, 0x05):
        with Printer() as alone, alone.call() as till:
            said = story(till, alone, mask)
        want(len(set(said)) > 1, f"nothing changed: {said}")
        with Printer() as printer, Tap(shop_before(printer)) as tap, tap.connect() as till:
            same(story(till, printer, mask), said, f"GS a {mask}")


def what_is_not_asked_for_is_not_told():
    with Printer() as printer, Tap(shop_before(printer)) as tap, tap.connect() as till, tap.connect() as other:
        till.sendall(b"\x1da\x08")
        other.sendall(b"\x1da\x02")
        same((hear(till), hear(other)), ("1000000f", "1000000f"), "switched on")
        printer.order("cover open")
        same(hear(other), "3800000f", "the cover, to who asked for it")
        other.sendall(b"\x1da\x00")
        printer.order("paper out")
        same(hear(till)[4:6], "0f", "the paper's end, which comes with the cover's state")
        other.sendall(b"\x10\x04\x02")
        same(other.recv(16).hex(), "36", "the answer alone after GS a 0")


def a_printer_off_line_says_its_first_block_when_it_is_on_line():
    with Printer() as printer, Tap(shop_before(printer, "away = store\n")) as tap, tap.connect() as till:
        printer.order("cover open")
        till.sendall(ALL + b"\x10\x04\x02")
        same(till.recv(16).hex(), "16", "the answer in real time")
        printer.order("cover close")
        same(hear(till), "1000000f", "the first block")


def one_that_is_gone_is_off_line():
    with Printer() as printer, Tap(shop_before(printer)) as tap, tap.connect() as till:
        till.sendall(ALL)
        same(hear(till), "1000000f", "switched on")
        printer.order("power off")
        same(hear(till), "1800000f", "without power")
        printer.order("power on")
        same(hear(till), "1000000f", "with power")


def trouble_is_told_while_a_receipt_is_printed():
    with Printer("--fault", "paper-out@mm=60") as printer, Tap(shop_before(printer)) as tap, tap.connect() as till:
        till.sendall(ALL)
        same(hear(till), "1000000f", "switched on")
        till.sendall(RECEIPT)
        same(hear(till), "18000f0f", "the end of the paper")
        printer.order("paper load 80")
        same(hear(till), "1000000f", "the new roll")


run_tests(globals(), together=5)
