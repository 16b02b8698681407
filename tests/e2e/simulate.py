"""The simulated printer as other programs meet it: files, a TCP socket, a serial port, orders, and trouble."""
import json
import os
import re
import resource
import select
import socket
import subprocess
import sys
import tempfile
import termios
import tty

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import await_that, KWIT, ROOT, SCRATCH, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position
from printer import Printer                                                 # noqa: E402  pylint: disable=wrong-import-position

STATUS = [b"\x10\x04" + bytes([n]) for n in (1, 2, 3, 4)]
MANUAL = os.path.join(ROOT, "cli/manual/simulator.md")
ID = b"\x1d(H\x06\x00\x30\x30"


def _place(name):
    return tempfile.mkdtemp(prefix=f"{name}-", dir=SCRATCH)


def _events(place, kind):
    with open(os.path.join(place, "events.jsonl"), encoding="utf-8") as file:
        return [event for event in map(json.loads, file) if event["event"] == kind]


def _text(place, number=1):
    with open(os.path.join(place, f"{number:04}.txt"), encoding="utf-8") as file:
        return file.read()


def _input(data, *arguments):
    place = _place("input")
    path = os.path.join(place, "stream.bin")
    with open(path, "wb") as file:
        file.write(data)
    ran = subprocess.run([KWIT, "simulate", "--input", path, "--out", os.path.join(place, "out"), "--json", *arguments],
                         capture_output=True, timeout=60, check=False)
    same(ran.returncode, 0, ran.stderr.decode())
    return os.path.join(place, "out"), json.loads(ran.stdout)


def _read(caller, count):
    data = b""
    while len(data) < count:
        try:
            part = caller.recv(count - len(data))
        except socket.timeout:
            break
        if not part:
            break
        data += part
    return data


def _ask(caller):
    answers = []
    for question in STATUS:
        caller.sendall(question)
        answers.append(_read(caller, 1).hex().upper())
    return " ".join(answers)


def a_file_becomes_paper_text_and_events():
    place, line = _input(b"\x1b@\x1ba\x01Shop\n\x1ba\x00\x1bt\x12" + "Zażółć".encode("cp852") + b"\n\x1bp\x00\x19\xfa\x1dVA\x00rest\n")
    same((line["pieces"], line["cuts"], line["bytes_left"]), (2, 1, 0), "pieces, cuts, bytes left")
    same(_text(place), "                      Shop\nZażółć\n", "text")
    same(_text(place, 2), "rest\n", "what is printed after the last cut is the last piece")
    same([event["pin"] for event in _events(place, "drawer")], [2], "pulses")
    for event in _events(place, "text"):
        want({"text", "font", "width", "height", "bold", "offset", "mm"} <= set(event), f"members of {event}")
    with open(os.path.join(place, "0001.png"), "rb") as file:
        same(file.read(8), b"\x89PNG\r\n\x1a\n", "a PNG")


def a_model_of_another_language_takes_all_and_prints_nothing():
    stream = b"\x1b@Shop\n\x10\x04\x01\x1dv0\x00\x01\x00\x01\x00\xff\x1dVA\x00"
    for profile in ("tsp100", "daruma-dr800"):
        place, line = _input(stream, "--profile", profile)
        same((line["pieces"], line["cuts"], line["bytes_left"]), (0, 0, 0), f"{profile}: pieces, cuts, bytes left")
        for kind in ("text", "image", "reply", "cut"):
            same(_events(place, kind), [], f"{profile}: {kind}")
        want("comes out as nothing" in _events(place, "warning")[0]["reason"], f"{profile}: {_events(place, 'warning')}")


def the_same_folder_begins_anew_for_another_file():
    place, _ = _input(b"one\n\x1dV\x00two\n\x1dV\x00")
    path = os.path.join(os.path.dirname(place), "other.bin")
    with open(path, "wb") as file:
        file.write(b"three\n")
    subprocess.run([KWIT, "simulate", "--input", path, "--out", place], stdout=subprocess.DEVNULL, timeout=60, check=True)
    same(sorted(name for name in os.listdir(place) if name.endswith(".txt")), ["0001.txt"], "texts")
    same(_text(place), "three\n", "text")


def standard_input_and_no_folder_will_do():
    ran = subprocess.run([KWIT, "simulate", "--input", "-"], input=b"hello\n\x1dV\x00", capture_output=True, timeout=60, check=True)
    want(ran.stdout.startswith(b"hello\n"), ran.stdout)


def wrong_words_are_usage_errors():
    for words in ([], ["--pty", "--listen", "tcp:127.0.0.1:0"], ["--listen", "udp:1"], ["--input", "/dev/null", "--fault", "smoke"],
                  ["--input", "/dev/null", "--roll", "long"], ["--input", "/dev/null", "--profile", "no-such"], ["--input", "/dev/null", "--speed", "slow"],
                  ["--input", "/dev/null", "--scenario", "happy"], ["--input", "/dev/null", "--peer", "toaster"]):
        ran = subprocess.run([KWIT, "simulate", *words], capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False)
        same(ran.returncode, 64, f"{words}: {ran.stderr}")
        want(ran.stderr.strip(), f"{words}: no reason")


def a_till_that_speaks_only_tcp_goes_through_paper_out_and_back():
    with Printer("--fault", "paper-out@mm=30") as printer:
        till = printer.call()
        same(_ask(till), "12 12 12 12", "before")
        till.sendall(b"\x1da\x0f")
        same(_read(till, 4).hex(), "1000000f", "automatic status, switched on")
        till.sendall(b"".join(b"line %d\n" % n for n in range(20)) + b"\x1dVA\x00" + ID + b"0001")
        same(_read(till, 4).hex(), "18000f0f", "automatic status of the end of the paper")
        same(_ask(till), "1A 32 12 7E", "out of paper")
        want("paper out" in printer.order("status"), "the status in words")
        printer.order("paper load 80")
        same(_read(till, 4).hex(), "1000000f", "automatic status of the new roll")
        same(_read(till, 7).hex(), "37223030303100", "the confirmation")
        same(_ask(till), "12 12 12 12", "after")
        till.close()
        same(printer.stop(), 0, "exit status")
        text = _text(printer.place, 1) + _text(printer.place, 2)
        same(text, "".join(f"line {n}\n" for n in range(20)), "every line once")


def _asks_as_libraries_do(caller):
    """On line or not, and whether there is paper (2), little (1) or none (0), by the masks that till libraries have."""
    caller.sendall(STATUS[0])
    online = not _read(caller, 1)[0] & 8
    caller.sendall(STATUS[3])
    sensor = _read(caller, 1)[0]
    return online, next(paper for paper, mask in enumerate((114, 30, 18)) if sensor & mask == mask)


def a_library_sees_of_each_fault_what_a_printer_shows_of_it():
    seen = {"": (True, 2), "paper-out": (False, 0), "near-end": (True, 1), "cover": (False, 2), "cutter-jam@byte=0": (False, 2),
            "drawer-open": (True, 2)}
    for fault, wanted in seen.items():
        with Printer(*(("--fault", fault) if fault else ())) as printer:
            till = printer.call()
            same(_asks_as_libraries_do(till), wanted, fault or "no fault")
            till.close()


def a_full_buffer_holds_the_sender_back():
    with Printer("--speed", "50") as printer:
        till = printer.call()
        till.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        till.settimeout(0.3)
        sent = 0
        try:
            while sent < 16 * 1024 * 1024:
                sent += till.send(b"a line of text that takes its time\n" * 100)
        except socket.timeout:
            pass
        want(sent < 16 * 1024 * 1024, "everything was taken at once")
        waiting = int(re.search(r"(\d+) waiting", printer.order("status")).group(1))
        want(3000 < waiting <= 4096, f"{waiting} bytes in the receive buffer")


def one_caller_at_a_time():
    with Printer() as printer:
        first = printer.call()
        same(_ask(first), "12 12 12 12", "the first")
        second = printer.call()
        second.sendall(STATUS[0])
        second.settimeout(0.5)
        same(_read(second, 1), b"", "the second while the first is there")
        first.close()
        second.settimeout(300)
        same(_read(second, 1), b"\x12", "the second afterwards")


def a_printer_with_a_lockout_turns_others_away():
    with Printer("--lockout", "1") as printer:
        first = printer.call()
        same(_ask(first), "12 12 12 12", "the first")
        for _ in range(2):
            try:
                second = printer.call()
                second.sendall(STATUS[0])
                same(_read(second, 1), b"", "the second")
            except OSError:
                pass
            first.close()
        await_that(lambda: _answers(printer), "answers after the lockout")


def _answers(printer):
    try:
        return _ask(printer.call()) == "12 12 12 12"
    except OSError:
        return False


def _listens(printer):
    try:
        printer.call().close()
        return True
    except OSError:
        return False


def nobody_listens_without_power():
    with Printer() as printer:
        till = printer.call()
        till.sendall(b"\x1bE\x01half a li")
        same(_ask(till), "12 12 12 12", "with the half line taken")
        printer.order("power off")
        try:
            same(_read(till, 1), b"", "the connection is lost")
        except OSError:
            pass
        await_that(lambda: not _listens(printer), "nobody listens")
        printer.order("power on")
        await_that(lambda: _listens(printer), "somebody listens")
        till = printer.call()
        till.sendall(b"new\n")
        same(_ask(till), "12 12 12 12", "after power on")
        printer.stop()
        same(_text(printer.place), "new\n", "what was half a line is gone")


def orders_come_through_a_socket_too():
    path = os.path.join(_place("control"), "socket")
    with Printer("--control", path):
        person = socket.socket(socket.AF_UNIX)
        person.settimeout(300)
        person.connect(path)
        for order, answer in (("cover open", "offline, cover open"), ("cover close", "online"), ("smoke", "error:"), ("feed", "online"),
                              ("drawer open", "drawer open"), ("drawer close", "online")):
            person.sendall(order.encode() + b"\n")
            said = person.recv(2000).decode()
            want(answer in said, f"{order}: {said}")


def a_pseudo_terminal_is_a_serial_printer():
    with Printer(door=("--pty",)) as printer:
        want(printer.address.startswith("serial:/dev/"), printer.address)
        port = os.open(printer.address[len("serial:"):], os.O_RDWR | os.O_NOCTTY)
        tty.setraw(port, termios.TCSANOW)
        os.write(port, b"serial\n" + bytes(range(0x10, 0x20)) + STATUS[3])
        ready, _, _ = select.select([port], [], [], 5)
        want(ready, "no answer")
        same(os.read(port, 10), b"\x12", "the answer")
        os.close(port)
        printer.stop()
        want(_text(printer.place).startswith("serial\n"), _text(printer.place))


def a_folder_goes_on_where_it_was():
    with Printer() as printer:
        till = printer.call()
        till.sendall(b"\x1bE\x01first\n\x1dV\x41\x00\x1b!\x30")
        _ask(till)
        printer.stop()
        again = subprocess.Popen([KWIT, "simulate", "--listen", "tcp:127.0.0.1:0", "--out", printer.place], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, bufsize=0)
        printer.process, printer.address = again, again.stdout.readline().decode().strip()
        till = printer.call()
        till.sendall(b"second\n\x1dV\x41\x00")
        _ask(till)
        printer.stop()
        same(_text(printer.place, 2), "second\n", "the second piece")
        same([event["width"] for event in _events(printer.place, "text")], [1, 2], "the size set before")


def the_next_job_can_be_made_to_end_in_every_way():
    answers = {"printed": "12", "sent": "", "queued": "1A", "interrupted": "1A", "unconfirmed": "", "expired": "5A"}
    for scenario, wanted in answers.items():
        with Printer("--scenario", scenario) as printer:
            till = printer.call()
            till.settimeout(0.5)
            till.sendall(b"".join(b"line %d\n" % n for n in range(20)) + b"\x1dVA\x00" + STATUS[0])
            same(_read(till, 1).hex().upper(), wanted, scenario)


def a_watcher_says_each_change_once_in_one_line_with_its_time():
    with Printer() as printer:
        watch = subprocess.Popen([KWIT, "--state", _place("watcher"), "status", "--watch", "--printer", printer.address.split()[-1]],
                                 stdout=subprocess.PIPE, bufsize=0)
        told = []
        for order in (None, "cover open", "cover close", "paper out", "paper load 80"):
            if order:
                printer.order(order)
            want(select.select([watch.stdout], [], [], 300)[0], f"nothing is said of {order}")
            told.append(watch.stdout.readline().decode())
        watch.terminate()
        watch.communicate(timeout=300)
    pattern = re.compile(r"\d\d:\d\d:\d\d tcp://[^ ]*: ([^;]*); 0 waiting, 0 held, 0 unconfirmed\n")
    said = [pattern.fullmatch(line) for line in told]
    want(all(said), f"lines of another form: {told}")
    same([line.group(1) for line in said], ["ready", "the cover is open", "ready", "the paper has run out", "ready"], "what it said")


def every_fault_and_order_of_the_manual_exists():
    with open(MANUAL, encoding="utf-8") as file:
        text = file.read()
    faults = re.findall(r"`([^`]+)`", re.search(r"^\| fault \| (.*) \|$", text, re.MULTILINE).group(1))
    places = re.findall(r"`(@[^`]+)`", re.search(r"^\| where, when \| (.*) \|$", text, re.MULTILINE).group(1))
    orders = re.findall(r"`([^`]+)`", re.search(r"`--control`: (.*?)\. With", text, re.DOTALL).group(1))
    want(len(faults) > 15 and len(places) > 5 and len(orders) > 12, "the manual's lists were not found")
    for spec in faults + ["cover" + place for place in places]:
        _input(b"x\n", "--fault", spec)
    with Printer() as printer:
        for order in orders:
            want(not printer.order(order).startswith("error"), order)


def _spent():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def every_peer_of_the_manual_exists_and_only_printers_print():
    with open(MANUAL, encoding="utf-8") as file:
        text = file.read()
    with open(os.path.join(ROOT, "driver/simulator/peers.def"), encoding="utf-8") as file:
        rows = re.findall(r'^PEER\("([^"]+)", (true|false)', file.read(), re.MULTILINE)
    told = [word for row in ("good printers", "bad printers", "no printers")
            for word in re.findall(r"`([a-z-]+)`", re.search(rf"^\| {row} \| (.*) \|$", text, re.MULTILINE).group(1))]
    same(told, [word for word, _ in rows], "the manual's peers and the rows")
    for word, prints in rows:
        if word not in ("slow", "wall"):
            _, end = _input(b"x\n\x1dV\x00", "--peer", word)
            same(end["pieces"], int(prints == "true"), word)


def a_web_server_answers_as_one():
    with Printer("--peer", "http") as printer:
        till = printer.call()
        till.sendall(STATUS[0])
        want(_read(till, 12).startswith(b"HTTP/1.1 400"), "no web server")


def hostile_streams_end_in_time():
    row = bytes(range(256))
    for name, data in {"every byte": row * 40, "every command": b"".join(bytes([lead, n]) for lead in (0x1B, 0x1C, 0x1D) for n in range(256)) * 20,
                       "a raster of gigabytes": b"\x1dv0\x00\xff\xff\xff\xff" + row * 4000, "feeds": b"\x1bd\xff" * 20000,
                       "questions": STATUS[0] * 100000, "cuts": b"\x1dV\x00" * 20000, "macros": b"\x1d:" + b"x\n" * 500 + b"\x1d:" + b"\x1d^\xff\x00\x00" * 5,
                       "symbols": b"\x1d(k\x06\x001P0abc\x1d(k\x03\x001Q0" * 200, "pages": b"\x1bL\x1bW\x00\x00\x00\x00\xff\xff\xff\xffx\x0c" * 50}.items():
        began = _spent()
        _input(data)
        want(_spent() - began < 60, f"{name} took {_spent() - began:.1f} s of the processor")


run_tests(globals())
