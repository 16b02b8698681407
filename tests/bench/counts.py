"""counts.py [--write] SCRATCH - what a call costs in things that are counted, not timed, held against limits.txt.

Instructions come from callgrind, calls, bytes and syncs from strace, page faults from the kernel, allocations from a
preloaded counter. Every count is that of one whole call; for a durable sale calls, bytes and syncs are the mean of
MEAN sales, for what they leave to a later one is paid by that one; instructions are that of ROUND, about as many as
there are between two shortenings of the log. --write puts what was found into limits.txt.

A limit is right within 3 % on both sides: what became cheaper lowers it. The numbers are those of the default build
with the libraries of one distribution on one architecture; elsewhere they are shown and not held.
"""
import datetime
import json
import os
import platform
import re
import select
import struct
import subprocess
import sys
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../support"))
import clock        # noqa: E402  pylint: disable=wrong-import-position
import sales        # noqa: E402  pylint: disable=wrong-import-position

LIMITS = os.path.join(HERE, "limits.txt")
KWIT, BUILD = os.environ["KWIT"], os.environ["BUILD"]
COLUMNS = ("instructions", "calls", "faults", "allocations", "written", "syncs", "printer")
MEAN, WARM, ROUND, FEW, WORN = 12, 3, 6, 2, 24
SLACK = 0.03
# Page faults come by the handful more or less: the kernel maps as many pages around one as its cache holds in a piece
# (nine fewer were seen with the same program, built anew); calls by one when a file was there or not. Where the names of
# libc's functions happen to lie in the program's table costs the loader, which compares them, 12,000 instructions more or less.
LEAST_SLACK = {"instructions": 16000, "faults": 16, "calls": 3, "syncs": 0.05}
# One environment for every call: its size, its language and its zone are instructions too.
SURROUNDINGS = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "XDG_CONFIG_HOME": "/nonexistent"}
# A call that is counted takes many times as long, and a printer that answers is waited for all the same.
PATIENT = "timeout = 5 min\n"
PERSIAN = ("نان سنگک کنجدی", "شیر کم‌چرب یک لیتر", "پنیر لیقوان", "چای سیاه", "برنج ایرانی", "روغن آفتابگردان", "ماست پرچرب", "عسل کوهی",
           "گردو", "زعفران")


class Shop:
    """A configuration, a state and where the printer's bytes go."""

    def __init__(self, place, name, printer=None, keys="", more="", key=True):
        self.place = os.path.join(place, name)
        os.makedirs(self.place)
        self.paper = os.path.join(self.place, "paper.bin")
        open(self.paper, "wb").close()
        self.number = 0
        with open(self.path("kwit.conf"), "w", encoding="utf-8") as file:
            file.write(f"[store]\nid = bench\n[printer]\nuri = {printer or 'file:' + self.paper}\nprofile = tm-t20iii\n"
                       f"{PATIENT if printer else ''}{keys}"
                       f"[survey]\nurl = HTTPS://FB.EXAMPLE/{{token}}\naddress = fb.example\n{more}")
        if key:
            subprocess.run(self.command("survey", "key", "new"), env=SURROUNDINGS, check=True, capture_output=True)

    def path(self, name):
        return os.path.join(self.place, name)

    def command(self, *arguments):
        return [KWIT, "--config", self.path("kwit.conf"), "--state", self.path("state"), *arguments]

    def write(self, document):
        with open(self.path("sale.json"), "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False)
        return self.path("sale.json")

    def next(self, lines=12):
        self.number += 1
        return self.command("print", self.write(sales.sale(self.number, lines)))

    def dry(self, document):
        return self.command("print", self.write(document), "--dry-run", "-o", self.paper)


def persian():
    document = sales.sale(1, 10)
    document.update(locale="fa-IR", currency="IRR", subtotal="30000", taxes=[], total="30000", change="0", cashier="مریم",
                    store={"name": "فروشگاه گل‌ها", "address": ["تهران، خیابان ولیعصر"], "phone": "021 5550 0142"},
                    payments=[{"type": "cash", "amount": "30000"}],
                    lines=[{"name": name, "quantity": "1", "unit_price": "3000", "total": "3000"} for name in PERSIAN])
    return document


def write_photo(path, width=576, height=432):
    """Greys without a pattern, as a photograph has them, and the same ones each time."""
    rows, state = b"", 1
    for y in range(height):
        row = bytearray(1)
        for x in range(width):
            state = (state * 1103515245 + 12345) & 0x7FFFFFFF
            row.append((x * 160 // width + y * 64 // height + (state >> 16) % 32) & 0xFF)
        rows += bytes(row)
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
                   + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class Printer:
    """A simulated printer on a port of its own, as long as the counts take."""

    def __init__(self, place):
        self.paper = os.path.join(place, "printer")
        self.process = subprocess.Popen([KWIT, "simulate", "--listen", "tcp:127.0.0.1:0", "--out", self.paper, "--profile", "tm-t20iii",
                                         "--speed", "fast"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=SURROUNDINGS)
        if not select.select([self.process.stdout], [], [], 60)[0]:
            sys.exit("counts: the simulated printer says nothing")
        self.uri = self.process.stdout.readline().decode().split()[-1]

    def stop(self):
        self.process.terminate()
        self.process.communicate()


# ---- counting -----------------------------------------------------------------------------------------------------

def run(command, log=None, given=b"", **more):
    """One call; its output is nobody's concern, its exit is."""
    ran = subprocess.run(command, env={**SURROUNDINGS, **more}, input=given, capture_output=True, check=False)
    if ran.returncode != 0:
        sys.exit(f"counts: {' '.join(command)} ended with {ran.returncode}: {ran.stderr.decode()[-500:]}")
    return open(log, encoding="utf-8", errors="replace").read() if log else ran.stderr.decode()


def instructions(command, given=b""):
    found = re.search(r"Collected : (\d+)", run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command], given=given))
    return int(found.group(1)) if found else sys.exit("counts: callgrind says nothing")


def faults(command):
    taken = []
    for _ in range(5):
        quiet = [(os.POSIX_SPAWN_OPEN, stream, "/dev/null", os.O_RDWR, 0) for stream in range(3)]
        _, status, usage = os.wait4(os.posix_spawn(command[0], command, SURROUNDINGS, file_actions=quiet), 0)
        if status != 0:
            sys.exit(f"counts: {' '.join(command)} ended with {status}")
        taken.append(usage.ru_minflt)
    return sorted(taken)[2]


def allocations(command, place):
    log = os.path.join(place, "allocations")
    return int(run(command, log, LD_PRELOAD=os.environ["COUNTER"], NOMEM_COUNT=log))


def traced(command, place, paper):
    """Calls, bytes written to files but the printer's, syncs, and bytes to the printer."""
    log = os.path.join(place, "strace")
    text = run(["strace", "-f", "-qq", "-y", "-s", "0", "-o", log, *command], log)
    lines = [line.split(None, 1)[1] for line in text.splitlines() if re.match(r"\d+ +\w+\(", line)]
    writes = [re.match(r"(?:p?writev?(?:64)?|sendto|sendmsg)\(\d+<(.*?)>.* = (\d+)$", line) for line in lines]
    to_printer = lambda name: name == paper or name.startswith(("TCP:", "socket:"))
    sum_of = lambda wanted: sum(int(match.group(2)) for match in writes if match and wanted(match.group(1)))
    syncs = sum(bool(re.match(r"(fsync|fdatasync|sync_file_range|msync)\(", line)) for line in lines)
    return (len(lines), sum_of(lambda name: name.startswith(place) and not to_printer(name)), syncs, sum_of(to_printer))


def count(shop, command):
    """All counts of a call that changes nothing."""
    calls, written, syncs, printer = traced(command, shop.place, shop.paper)
    return dict(zip(COLUMNS, (instructions(command), calls, faults(command), allocations(command, shop.place), written, syncs, printer)))


def count_drawn(shop, document):
    """All counts of a receipt in drawn letters at a till that has drawn them all before, those of its codes too."""
    for number in range(WORN):
        run(shop.command("print", shop.write({**document, "id": f"worn-{number}"})))
    return count(shop, shop.dry(document))


def count_durable(shop):
    """All counts of a sale that is kept: each call is the next sale."""
    for _ in range(WARM):
        run(shop.next())
    means = [traced(shop.next(), shop.place, shop.paper) for _ in range(MEAN)]
    calls, written, syncs, printer = (round(sum(column) / MEAN, 2) for column in zip(*means))
    steps = [instructions(shop.next()) for _ in range(ROUND)]
    return dict(zip(COLUMNS, (sum(steps) // len(steps), calls, None, allocations(shop.next(), shop.place), written, syncs, printer)))


def count_duplicate(shop):
    """All counts of a sale that is known already. So few came before it that the log was not shortened yet: when that is
    depends on how fast one sale follows another."""
    for _ in range(FEW):
        run(shop.next())
    return count(shop, shop.command("print", shop.path("sale.json")))


def count_in_process(shops, document):
    """Instructions of one more sale of a program that stays up: of MEAN + 1 sales without those of the first."""
    taken = {}
    for count, shop in shops.items():
        command = [os.environ["IN_PROCESS"], shop.path("kwit.conf"), shop.path("state"), str(count)]
        taken[count] = instructions(command, json.dumps(document).encode())
    return dict.fromkeys(COLUMNS) | {"instructions": (taken[MEAN + 1] - taken[1]) // MEAN}


def count_verify(place):
    """Instructions a touchpoint, of a month of a shop. On another day a month has other week-ends, and other counts."""
    state, day = os.path.join(place, "verified"), datetime.datetime(2026, 11, 22, 14, 5, tzinfo=datetime.timezone.utc)
    run([KWIT, "demo-day", state, *"--days 30 --tills 2 --stores 1 --sales 50 --rate 1".split()], LD_PRELOAD=os.environ["CLOCK"], TEST_CLOCK=clock.at(day))
    command = [KWIT, "--state", state, "journal", "verify", "--json"]
    told = subprocess.run(command, env=SURROUNDINGS, check=True, capture_output=True).stdout
    return dict.fromkeys(COLUMNS) | {"instructions": instructions(command) // json.loads(told)["sales"]}


def waiting(counts):
    """How often a call looks whether the printer has answered depends on both programs' pace."""
    return {**counts, "calls": None, "instructions": None}


def workloads(place):
    """Yields a name and a function that counts."""
    # Written long before they are counted: a configuration that has just changed is not kept.
    staying = {count: Shop(place, f"process-{count:02d}") for count in (1, MEAN + 1)}
    plain = Shop(place, "plain")
    yield "version", lambda: count(plain, [KWIT, "--version"])
    yield "lines-12", lambda: count(plain, plain.dry(sales.sale(1, 12)))
    yield "lines-200", lambda: count(plain, plain.dry(sales.sale(1, 200)))
    if os.path.exists("/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf"):
        yield "persian-new", lambda: count(plain, plain.dry(persian()))
        yield "persian-10", lambda: count_drawn(Shop(place, "drawn-letters"), persian())
    drawn = Shop(place, "drawn", keys="qr = raster\n")
    yield "qr-drawn", lambda: count(drawn, drawn.dry(sales.sale(1, 12)))
    photo = Shop(place, "photo", more="[store]\nlogo = photo.png\nimage_dir = .\n")
    write_photo(photo.path("photo.png"))
    yield "photo", lambda: count(photo, photo.dry(sales.sale(1, 12)))
    many = Shop(place, "many", more="".join(f"[printer till-{i}]\nuri = tcp://10.0.0.{i % 250}:9100\nprofile = tm-t20iii\n" for i in range(400)))
    yield "printers-400", lambda: count(many, many.dry(sales.sale(1, 12)))
    stream = Shop(place, "stream")
    with open(stream.path("till.bin"), "wb") as file:
        file.write(sales.stream(1, 85))
    yield "append-4k", lambda: count(stream, stream.command("append", "--in", stream.path("till.bin"), "-o", stream.paper))
    durable = Shop(place, "durable")
    yield "durable-file", lambda: count_durable(durable)
    yield "duplicate", lambda: count_duplicate(Shop(place, "duplicate"))
    yield "in-process", lambda: count_in_process(staying, sales.sale(1, 12))
    yield "verify", lambda: count_verify(place)
    printer = Printer(place)
    try:
        yield "durable-tcp", lambda: waiting(count_durable(Shop(place, "tcp", printer=printer.uri)))
    finally:
        printer.stop()


# ---- limits -------------------------------------------------------------------------------------------------------

def read_limits():
    rows = [line.split() for line in open(LIMITS, encoding="utf-8") if line.strip() and not line.startswith("#")]
    return {row[0]: {column: None if text == "-" else float(text) for column, text in zip(COLUMNS, row[1:])} for row in rows}


def write_limits(found):
    with open(LIMITS, encoding="utf-8") as file:
        kept = [line for line in file if line.startswith("#")][:2]
    with open(LIMITS, "w", encoding="utf-8") as file:
        file.writelines(kept + ["# " + line_of("", COLUMNS)[2:] + "\n"] + [row(name, counts) + "\n" for name, counts in found.items()])


def cell(value):
    return "-" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def line_of(name, cells):
    return f"{name:<14}" + "".join(f"{text:>13}" for text in cells)


def row(name, counts):
    return line_of(name, (cell(counts[column]) for column in COLUMNS))


def missed(name, counts, limits):
    for column in COLUMNS:
        value, limit = counts[column], limits.get(name, {}).get(column)
        if (value is None) != (limit is None):
            yield f"{name}: {column} has a count or a limit, not both"
        elif value is not None and abs(value - limit) > max(limit * SLACK, LEAST_SLACK.get(column, 0)):
            yield (f"{name}: {column} {cell(value)}, the limit is {cell(limit)}: "
                   + ("what made it dearer?" if value > limit else "lower the limit (make bench-limits)"))


def reference():
    """Why this build is not the one that the limits were taken from, or nothing."""
    release = platform.freedesktop_os_release() if os.path.exists("/etc/os-release") else {}
    if (release.get("ID"), release.get("VERSION_ID"), platform.machine()) != ("debian", "12", "x86_64"):
        return "the limits are those of Debian 12 on amd64"
    with open(KWIT, "rb") as file:
        compiled = b"GCC: (Debian 12." in file.read()
    return "" if compiled and os.path.basename(BUILD) == "build" else "the limits are those of the default build by gcc 12"


def main():
    place = os.path.realpath(sys.argv[-1])
    elsewhere, found, wrong, limits = reference(), {}, [], read_limits()
    print(line_of("", COLUMNS))
    for name, counting in workloads(place):
        found[name] = counting()
        print(row(name, found[name]), flush=True)
        wrong += missed(name, found[name], limits)
    if "--write" in sys.argv:
        write_limits(found)
    elif elsewhere:
        print(f"not held: {elsewhere}")
        sys.exit(77)
    elif wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
