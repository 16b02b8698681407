"""cups.py - a real cupsd in a directory of its own, whose queues lead to kwit: what comes out, what CUPS is told, what it does."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, Shop, run_tests, same, want          # noqa: E402

INIT, FEED, CUT = b"\x1b@", b"\x1bd\x04", b"\x1dV\x00"
BACKEND = os.path.join(os.path.dirname(os.path.abspath(KWIT)), "cups/kwit")
CUPSD = shutil.which("cupsd", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
TIMEOUT_S = 20
UUID = "job-uuid=urn:uuid:6b1d0a52-0000-3000-8000-00000000000%d"


def receipt(number=1, end=FEED + CUT):
    return INIT + b"CORNER SHOP\nNo. %d\nTea 2.00\nTOTAL 2.00\nThanks\n" % number + end


def call(shop, data, copies=1, file=False, job=1, uri="kwit://"):
    """As CUPS calls a backend; its exit status and what it said."""
    words = [str(job), "anna", "receipt", str(copies), f"copies={copies} {UUID % job} job-originating-host-name=localhost"]
    if file:
        path = os.path.join(shop.place, "job")
        with open(path, "wb") as out:
            out.write(data)
        words.append(path)
    answer = shop.kwit("cups", *words, document=b"" if file else data, environment={**os.environ, "DEVICE_URI": uri})
    return answer.exit, answer.err.decode()


# ---- the contract, without a cupsd ----

def it_says_what_there_is():
    answer = Shop().kwit("cups")
    want(answer.out.startswith(b'direct kwit:// "Unknown" "kwit'), repr(answer.out))


def a_raw_queue_leaves_copies_to_it_and_a_drivers_queue_does_not():
    for file, cuts in ((True, 2), (False, 1)):
        shop = Shop()
        code, said = call(shop, receipt(), copies=2, file=file)
        same((code, said.count("PAGE: ")), (0, cuts), f"file {file}: {said}")
        same(len(shop.events("cut")), cuts, "cuts")


def what_the_printer_answers_goes_to_the_driver():
    shop, (heard, back) = Shop(), os.pipe()
    command = [KWIT, "--config", shop.config, "--state", shop.state, "cups", "1", "anna", "receipt", "1", UUID % 1]
    job = subprocess.Popen(["sh", "-c", f'exec 3>&{back}; exec "$0" "$@"', *command], stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                           env={**os.environ, "DEVICE_URI": "kwit://"}, pass_fds=[back])
    os.close(back)
    job.stdin.write(INIT + b"\x10\x04\x02")
    job.stdin.flush()
    same(os.read(heard, 16), b"\x12", "the answer before anything else is sent")
    said = job.communicate(receipt(end=b"\x1dr\x01" + FEED + CUT), TIMEOUT_S)[1].decode()
    same(job.returncode, 0, said)
    same(os.read(heard, 16), b"\x00", f"the answer to what stands behind the ink: {said}")
    os.close(heard)
    want(b"\x1dr\x01" not in shop.wire()[:shop.wire().index(CUT)], "it was asked before the paper was out")
    same(len(shop.events("cut")), 1, "cuts")


def the_same_job_again_prints_nothing():
    shop = Shop()
    same(call(shop, receipt())[0], 0, "first")
    same(call(shop, receipt())[0], 0, "again")
    same(len(shop.events("cut")), 1, "cuts of one job")
    same(call(shop, receipt(), job=2)[0], 0, "another customer")
    same(len(shop.events("cut")), 2, "cuts of two jobs")


def what_cannot_be_printed_is_told_with_its_mend():
    shop = Shop()
    for data, words in ((b"", "a filter before this queue has failed"), (b"%PDF-1.7", "needs a receipt printer's driver")):
        code, said = call(shop, data)
        same(code, 5, f"exit status ({said})")
        want(words in said, said)
    code, said = call(shop, receipt(), uri="kwit://nowhere")
    same(code, 4, f"exit status ({said})")
    want("STATE: +com.kwit.config-error" in said and "nowhere" in said, said)


def doubt_is_held_and_its_release_prints_nothing():
    shop = Shop(printer=None)
    with open(shop.config, encoding="utf-8") as file:
        text = file.read().replace(shop.uri, shop.uri + "&fault=mute@mm=20")
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text + "[printer]\ntimeout = 2 s\n")
    code, said = call(shop, receipt())
    same(code, 3, f"exit status ({said})")
    want("kwit resolve cups-" in said, said)
    cuts = len(shop.events("cut"))
    same(call(shop, receipt())[0], 3, "released")
    same(len(shop.events("cut")), cuts, "cuts")
    sale = said.rpartition("kwit resolve ")[2].split()[0]
    same(shop.kwit("resolve", sale, "--seen").exit, 0, "resolve")
    same(call(shop, receipt())[0], 0, "released after a person looked")


def while_it_waits_cups_is_told_why_and_may_cancel():
    shop = Shop(printer="tcp://127.0.0.1:1", more="[printer]\ndrain = next-call\ntimeout = 1 s\n")
    command = [KWIT, "--config", shop.config, "--state", shop.state, "cups", "1", "anna", "receipt", "1", UUID % 1]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**os.environ, "DEVICE_URI": "kwit://"}) as process:
        process.stdin.write(receipt())
        process.stdin.close()
        said = b""
        while b"STATE: +connecting-to-device" not in said:
            line = process.stderr.readline()
            want(line, f"it ended: {said!r}")
            said += line
        process.send_signal(signal.SIGTERM)
        rest = process.stderr.read()
        process.wait(TIMEOUT_S)
    want(b"STATE: -connecting-to-device" in rest, repr(rest))
    want(shop.kwit("queue", "list", "--json").line["jobs"] == [], "the queue is not empty")


# ---- a real cupsd ----

FILES = """ServerRoot {0}
ServerBin {0}/bin
CacheDir {0}/cache
StateDir {0}/state
RequestRoot {0}/spool
TempDir {0}/temp
Printcap {0}/printcap
AccessLog {0}/access
ErrorLog {0}/errors
PageLog {0}/pages
FileDevice Yes
Sandboxing relaxed
"""
DAEMON = """Listen {0}/socket
LogLevel info
DefaultAuthType None
WebInterface No
Browsing No
JobRetryInterval 1
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
DRIVER = """*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "TEST.PPD"
*Manufacturer: "Test"
*Product: "(Test)"
*ModelName: "Test"
*ShortNickName: "Test"
*NickName: "Test"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: False
*DefaultColorSpace: Gray
*cupsVersion: 2.2
*cupsFilter: "text/plain 0 {0}"
*OpenUI *PageSize/Size: PickOne
*DefaultPageSize: A
*PageSize A/A: ""
*CloseUI: *PageSize
*OpenUI *PageRegion: PickOne
*DefaultPageRegion: A
*PageRegion A/A: ""
*CloseUI: *PageRegion
*DefaultImageableArea: A
*ImageableArea A/A: "0 0 200 400"
*DefaultPaperDimension: A
*PaperDimension A/A: "200 400"
"""


class Cups:
    """A cupsd with a queue on this shop, for the length of a `with`."""

    def __init__(self, shop):
        self.place = os.path.join(shop.place, "cups")
        for parent in pathlib.Path(self.place).parents:         # filters run as lp
            if parent.stat().st_uid == os.getuid() and not parent.stat().st_mode & 0o001:
                os.chmod(parent, parent.stat().st_mode | 0o011)
        for name in ("bin/backend", "bin/filter", "cache", "state", "spool/tmp", "temp", "ppd"):
            os.makedirs(os.path.join(self.place, name))
        for name in ("daemon", "notifier", "monitor", "cgi-bin", "driver"):
            shutil.copytree(f"/usr/lib/cups/{name}", os.path.join(self.place, "bin", name))    # cupsd runs what is root's alone
        self._write("bin/backend/kwit", f'#!/bin/sh\nexec "{os.path.abspath(KWIT)}" --config {shop.config} '
                                        f'--state {shop.state} cups "$@"\n', 0o700)
        self._write("cups-files.conf", FILES.format(self.place) + "User lp\nGroup lp\n", 0o644)
        self._write("cupsd.conf", DAEMON.format(self.place), 0o644)
        self.environment = {**os.environ, "CUPS_SERVER": os.path.join(self.place, "socket"), "LC_ALL": "C", "LD_PRELOAD": ""}

    def _write(self, name, text, mode):
        path = os.path.join(self.place, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def __enter__(self):
        command = [CUPSD, "-f", "-c", os.path.join(self.place, "cupsd.conf"), "-s", os.path.join(self.place, "cups-files.conf")]
        self.process = subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.until("scheduler is running", lambda: self.do("lpstat", "-r"))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(TIMEOUT_S)

    def do(self, *words, data=None):
        answer = subprocess.run(words, input=data, env=self.environment, capture_output=True, timeout=TIMEOUT_S, check=False)
        return (answer.stdout + answer.stderr).decode("utf-8", "replace")

    def until(self, text, look):
        """Waits for words in what `look` gives."""
        end, told = time.monotonic() + TIMEOUT_S, ""
        while text not in told:
            if time.monotonic() > end:
                want(False, f"{text!r} does not come: {told!r}\n" + self.log())
            told = look()
            if text not in told:
                time.sleep(0.05)
        return told

    def log(self):
        path = os.path.join(self.place, "errors")
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def queue(self, name, filter_text=None):
        more = ["-m", "raw"]
        if filter_text:
            path = self._write("bin/filter/" + name, filter_text, 0o755)
            more = ["-P", self._write(f"ppd/{name}.ppd", DRIVER.format(os.path.basename(path)), 0o644)]
        self.do("lpadmin", "-p", name, "-E", "-v", "kwit://", *more)
        self.until(f"device for {name}: kwit://", lambda: self.do("lpstat", "-v"))

    def print(self, queue, data, *options):
        told = self.do("lp", "-d", queue, *options, data=data)
        want("request id is " in told, told + self.log())
        return told.split()[3]

    def completed(self, job):
        self.until(job, lambda: self.do("lpstat", "-W", "completed", "-o"))


def _has_cups():
    there = CUPSD and shutil.which("lpadmin", path=os.environ["PATH"] + ":/usr/sbin:/sbin") and os.getuid() == 0
    if not there:
        print("not tried: cupsd with its queues: CUPS is not installed, or this is neither root nor lent users")
    return there


def a_raw_queue_prints_every_copy_with_its_invitation():
    if not _has_cups():
        return
    shop = Shop()
    with Cups(shop) as cups:
        want("direct kwit://" in cups.do("lpinfo", "-v"), "it is not discovered")
        cups.queue("raw")
        cups.completed(cups.print("raw", receipt(), "-n", "2", "-o", "raw"))
    same(len(shop.events("cut")), 2, "cuts")
    want(receipt()[:-6] in shop.wire(), "the receipt's own bytes")


def a_driver_makes_the_copies_and_a_broken_one_prints_nothing():
    if not _has_cups():
        return
    shop = Shop()
    with Cups(shop) as cups:
        cups.queue("driver", "#!/bin/sh\ncat ${6:+\"$6\"}\n")
        cups.completed(cups.print("driver", receipt(), "-n", "2", "-o", "document-format=text/plain"))
        same(len(shop.events("cut")), 1, "cuts")
        cups.queue("broken", "#!/bin/sh\nexit 1\n")
        cups.print("broken", receipt(), "-o", "document-format=text/plain")
        cups.until("nothing came to be printed", cups.log)
    same(len(shop.events("cut")), 1, "cuts with the broken one")


ASKING = """#!{0}
import ctypes, sys
cups = ctypes.CDLL("libcups.so.2")
cups.cupsSideChannelDoRequest.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.POINTER(ctypes.c_int), ctypes.c_double]
cups.cupsBackChannelRead.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_double]
cups.cupsBackChannelRead.restype = ctypes.c_ssize_t
said = []
for command in (3, 5, 4, 6):        # two ways? state? device? and one that no receipt printer has
    data, length = ctypes.create_string_buffer(512), ctypes.c_int(512)
    status = cups.cupsSideChannelDoRequest(command, data, ctypes.byref(length), 2.0)
    said.append("%d:%s" % (status, data.raw[:length.value].hex() if status == 1 else ""))
answer = ctypes.create_string_buffer(8)
back = [cups.cupsBackChannelRead(answer, 8, 0.0)]
for question in (b"\\x10\\x04\\x01", b"\\x1b@\\x1dI\\x01"):         # in real time, and in its turn before any ink
    sys.stdout.buffer.write(question)
    sys.stdout.flush()
    length = cups.cupsBackChannelRead(answer, 8, 30.0)
    back.append(answer.raw[:max(length, 0)].hex())
sys.stderr.write("ERROR: heard %s back %s %s %s\\n" % (" ".join(said), *back))
sys.stderr.flush()
sys.stdout.write(open(sys.argv[6], "rb").read().decode("latin-1") if len(sys.argv) > 6 else sys.stdin.read())
"""


def a_driver_that_asks_before_it_prints_is_answered():
    python = shutil.which("python3", path="/usr/bin:/bin")      # that lp may run
    if not _has_cups() or not python:
        return
    shop = Shop()
    with Cups(shop) as cups:
        cups.queue("asking", ASKING.format(python))
        cups.completed(cups.print("asking", receipt(), "-o", "document-format=text/plain"))
        heard = cups.until("heard ", cups.log).partition("heard ")[2].partition("\n")[0]
    bidi, state, device, other, _, unasked, status, model = heard.split()
    same((bidi, state, other), ("1:01", "1:01", "7:"), f"what it heard: {heard}")
    want(b"MDL:receipt printer" in bytes.fromhex(device.partition(":")[2]) and int(unasked) <= 0, heard)
    same(status, "12", "the printer's answer to DLE EOT 1")
    answers = [event["hex"] for event in shop.events("reply") if event["to"].startswith("GS I")]
    same([model], answers, "the printer's answer to GS I 1")
    same(len(shop.events("cut")), 1, "cuts")


def a_waiting_job_shows_its_reason_and_is_cancelled():
    if not _has_cups():
        return
    shop = Shop(printer="tcp://127.0.0.1:1", more="[printer]\ndrain = next-call\ntimeout = 1 s\n")
    with Cups(shop) as cups:
        cups.queue("raw")
        job = cups.print("raw", receipt(), "-o", "raw")
        cups.until("connecting-to-device", lambda: cups.do("lpstat", "-l", "-p", "raw"))
        cups.do("cancel", job)
        cups.completed(job)
        cups.until("is idle", lambda: cups.do("lpstat", "-p", "raw"))
        want("connecting-to-device" not in cups.do("lpstat", "-l", "-p", "raw"), "the state stands over the next job")
    same(shop.kwit("queue", "list", "--json").line["jobs"], [], "kwit's queue")


def a_doubtful_job_is_held_until_a_person_has_looked():
    if not _has_cups():
        return
    shop = Shop()
    with open(shop.config, encoding="utf-8") as file:
        text = file.read().replace(shop.uri, shop.uri + "&fault=mute@mm=20")
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text + "[printer]\ntimeout = 2 s\n")
    with Cups(shop) as cups:
        cups.queue("raw")
        job = cups.print("raw", receipt(), "-o", "raw")
        cups.until("job-hold-until", lambda: cups.do("lpstat", "-l", "-o") + cups.log())
        sale = cups.until("kwit resolve cups-", cups.log).rpartition("kwit resolve cups-")[2].split()[0]
        cuts = len(shop.events("cut"))
        same(shop.kwit("resolve", "cups-" + sale, "--seen").exit, 0, "resolve")
        cups.do("lp", "-i", job, "-H", "resume")
        cups.completed(job)
        same(len(shop.events("cut")), cuts, "cuts after its release")


run_tests(globals())
