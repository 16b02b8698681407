"""library.py - libkwit.so in a program of somebody else: its locale, its PATH, its wishes without an end."""
import ctypes
import json
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from kwit import KWIT, SCRATCH, Shop, await_that, run_tests, same, tiny, want      # noqa: E402  pylint: disable=wrong-import-position

LIBRARY = os.path.join(os.path.dirname(os.path.abspath(KWIT)), "libkwit.so")


class Settings(ctypes.Structure):
    _fields_ = [("config_file", ctypes.c_char_p), ("state_dir", ctypes.c_char_p), ("log", ctypes.c_void_p), ("log_data", ctypes.c_void_p)]


class PrintOptions(ctypes.Structure):
    _fields_ = [("printer", ctypes.c_char_p), ("profile", ctypes.c_char_p), ("part", ctypes.c_char_p), ("station", ctypes.c_char_p),
                ("copies", ctypes.c_int), ("survey", ctypes.c_int), ("no_wait", ctypes.c_int), ("strict", ctypes.c_int),
                ("dry_run", ctypes.c_int), ("timeout_ms", ctypes.c_int64), ("deadline_ms", ctypes.c_int64), ("map", ctypes.c_char_p)]


class Program:
    """A program with one context on a shop."""
    def __init__(self, shop, library=LIBRARY):
        self.lib = ctypes.CDLL(library)
        self.lib.kwit_result_json.restype = self.lib.kwit_result_text.restype = ctypes.c_char_p
        self.context = ctypes.c_void_p()
        settings = Settings(shop.config.encode(), shop.state.encode(), None, None)
        same(self.lib.kwit_context_new(ctypes.byref(settings), ctypes.byref(self.context)), 0, "a context")

    def _take(self, call, *arguments):
        result = ctypes.c_void_p()
        call(self.context, *arguments, ctypes.byref(result))
        line = json.loads(self.lib.kwit_result_json(result))
        self.lib.kwit_result_free(result)
        return line

    def print(self, document, **options):
        data = document if isinstance(document, bytes) else json.dumps(document).encode()
        return self._take(self.lib.kwit_print, data, ctypes.c_size_t(len(data)), ctypes.byref(PrintOptions(**options)))

    def report(self):
        return self._take(self.lib.kwit_report, None)

    def end(self):
        self.lib.kwit_context_free(self.context)


def german(action):
    """What `action` returns in a program that writes 1,5; None where no such locale can be made."""
    place, libc = os.path.join(SCRATCH, "locales"), ctypes.CDLL(None)
    os.makedirs(place, exist_ok=True)
    if shutil.which("localedef"):
        subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", f"{place}/de_DE.UTF-8"], capture_output=True, check=False)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.environ["LOCPATH"] = place
            libc.setlocale.restype = ctypes.c_char_p
            known = libc.setlocale(6, b"de_DE.UTF-8")
            os.write(write, json.dumps(action() if known else None).encode())
        except ValueError as error:
            os.write(write, json.dumps([{"outcome": "none", "message": str(error)}, None]).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        told = answer.read()
    os.waitpid(child, 0)
    return json.loads(told)


def numbers_have_a_point_in_a_program_that_writes_a_comma():
    shop = Shop()
    unknown = dict(tiny("L-1"), unknown=1.5)
    same(shop.print(unknown)[1]["outcome"], "printed", "the command's")

    def tell():
        program = Program(shop)
        return program.print(unknown), program.report()
    told = german(tell)
    if not told:
        print("not tried: numbers: the system has no locale de_DE")
        return
    line, report = told
    same(line["outcome"], "duplicate", f"the same sale in a program ({line['message']})")
    same(type(report["trend"]["falling_p"]), float, "a number of the report")


def _without_paper(shop):
    return subprocess.Popen([KWIT, "simulate", "--listen", "tcp:127.0.0.1:0", "--profile", "tm-t20iii", "--out", f"{shop.place}/till",
                             "--fault", "paper-out"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def what_waits_prints_by_itself_wherever_path_leads_and_else_it_is_told():
    shop, path = Shop(survey=False), os.environ["PATH"]
    alone = f"{shop.place}/libkwit.so"
    shutil.copy(LIBRARY, alone)
    with _without_paper(shop) as printer:
        uri = re.search(r"tcp:\S+", printer.stdout.readline()).group(0)
        with open(shop.config, "w", encoding="utf-8") as file:
            file.write(f"[store]\nid = x\n[printer]\nprofile = tm-t20iii\nuri = {uri}\n")
        os.environ["PATH"] = shop.place
        try:
            line = Program(shop, alone).print(tiny("P-1"), timeout_ms=500)
            same((line["outcome"], line["reason"]), ("queued", "paper_out"), "without the command")
            want("does not print by itself" in line["message"], line["message"])
            line = Program(shop).print(tiny("P-2"), timeout_ms=500)
            same((line["outcome"], line["message"]), ("queued", "the paper has run out"), "with the command beside the library")
            printer.stdin.write("paper load 80\n")
            printer.stdin.flush()
            await_that(lambda: os.path.exists(f"{shop.place}/till/0002.txt"), "both receipts")
        finally:
            os.environ["PATH"] = path
            printer.terminate()


def a_wish_without_an_end_is_one_of_400_days():
    shop, longest = Shop(survey=False, more="drain = next-call\n"), 2 ** 63 - 1
    program = Program(shop)
    line = program.print(tiny("W-1"), no_wait=1, deadline_ms=longest)
    same((line["outcome"], line["kept"]), ("queued", True), "worth printing for ever")
    want(line["expires_at"] is not None and line["expires_at"] > "2026", f"it ends {line['expires_at']}")
    same(program.print(tiny("W-1"), timeout_ms=longest)["outcome"], "printed", "waited for as long as it takes")
    line = program.print(tiny("W-2"), copies=100)
    same((line["outcome"], line["reason"]), ("error", "usage"), "more copies than the command prints")
    program.end()


if __name__ == "__main__":
    run_tests(globals())
