"""Where and how the command is started: help, streams that are closed or full, no HOME, directories that cannot be
written, wrong options; and that a plain receipt touches no network and loads no library it does not need."""
import json
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, ROOT, SCRATCH, Answer, Shop, check_line, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position


def _commands():
    with open(os.path.join(ROOT, "cli/commands.def"), encoding="utf-8") as file:
        return re.findall(r'^COMMAND\("([^"]+)", \w+, "([^"]*)"', file.read(), re.MULTILINE)


def _run(*arguments, **options):
    return Answer(subprocess.run([KWIT, *arguments], capture_output=True, timeout=60, check=False,
                                 **{"input": b"", **options}))


def help_is_there_on_every_level():
    top = _run("--help")
    same(top.exit, 0, "kwit --help")
    for name, _ in _commands():
        want(re.search(rf"^  {name} ", top.out.decode(), re.MULTILINE), f"kwit --help does not list {name}")
        answer = _run(name, "--help")
        same(answer.exit, 0, f"kwit {name} --help ({answer.text[:200]})")
        want(answer.out.decode().startswith(f"usage: kwit {name}"), f"kwit {name} --help: {answer.text[:100]}")
        want(not answer.err, f"kwit {name} --help writes to standard error")


def help_fits_a_terminal_and_ends_its_lines():
    for arguments in [("--help",)] + [(name, "--help") for name, _ in _commands()]:
        text = _run(*arguments).out.decode()
        want(text.endswith("\n"), f"{arguments}: no newline at the end")
        for line in text.split("\n"):
            want(len(line) <= 120, f"{arguments}: {len(line)} columns: {line}")


def the_version_is_the_library_s():
    with open(os.path.join(ROOT, "include/kwit/kwit.h"), encoding="utf-8") as file:
        version = re.search(r'KWIT_VERSION "(.*)"', file.read()).group(1)
    same(_run("--version").out.decode(), f"kwit {version}\n", "kwit --version")


def wrong_words_are_told_with_64():
    for arguments in ([], ["nosuch"], ["--nosuch"], ["print", "--nosuch"], ["print", "a", "b"], ["print", "--copies", "x"],
                      ["print", "--copies"], ["print", "--survey", "perhaps"], ["print", "-o", "x"], ["print", "--timeout", "-1"],
                      ["config"], ["config", "nosuch"], ["print", "--json=yes"]):
        answer = _run(*arguments)
        same(answer.exit, 64, f"kwit {' '.join(arguments)} ({answer.text[:200]})")
        want(answer.err.decode().startswith("kwit: ") and len(answer.err) > 20, f"kwit {' '.join(arguments)}: {answer.text[:200]}")
        same(answer.out, b"", f"standard output of kwit {' '.join(arguments)}")


def with_json_every_exit_has_exactly_one_line():
    shop = Shop(survey=False)
    cases = [(["print", "--json", "--nosuch"], 64), (["print", "--json", "/nowhere/sale.json"], 66),
             (["print", "--json", "/"], 66), (["print", "--json", "--printer", "nosuch", "-"], 69),
             (["print", "--json", "--printer", "gopher://x", "-"], None), (["print", "--json", "--profile", "nosuch", "-"], 78)]
    for arguments, code in cases:
        answer = shop.kwit(*arguments, document=tiny("J-1"))
        line = answer.line
        same(line["kwit"], 1, f"{arguments}")
        check_line(line)
        same(line["outcome"], "error", f"{arguments}")
        want(answer.exit == code or code is None and answer.exit in (64, 69, 78), f"{arguments}: exit {answer.exit}, {line}")


def a_configuration_at_fault_is_78_with_file_and_line():
    shop = Shop(survey=False)
    with open(shop.config, "a", encoding="utf-8") as file:
        file.write("[printer]\nconfirm = perhaps\n")
    code, line = shop.print(tiny("C-1"))
    same((code, line["outcome"], line["reason"], line["action"]), (78, "error", "config", "fix"), f"outcome ({line['message']})")
    want(re.search(r"kwit\.conf:\d+", line["message"]), f"file and line are not named: {line['message']}")
    answer = _run("--config", "/nowhere/kwit.conf", "print", "-", input=json.dumps(tiny("C-2")).encode())
    same(answer.exit, 78, f"a missing configuration ({answer.text})")


def no_home_and_no_environment_are_enough():
    shop = Shop(survey=False)
    answer = shop.kwit("print", "-", "--json", document=tiny("E-1"), environment={})
    same(answer.exit, 0, f"with an empty environment ({answer.text})")


def a_directory_that_cannot_be_written_does_not_matter():
    shop = Shop(survey=False)
    answer = shop.kwit("print", "-", "--json", document=tiny("E-2"), cwd="/proc")
    same(answer.exit, 0, f"from /proc ({answer.text})")


def a_relative_path_means_the_caller_s_directory():
    shop = Shop(survey=False)
    with open(os.path.join(shop.place, "sale.json"), "w", encoding="utf-8") as file:
        json.dump(tiny("E-3"), file)
    answer = shop.kwit("print", "sale.json", "--json", cwd=shop.place)
    same(answer.exit, 0, f"a relative document ({answer.text})")


def a_script_that_nothing_shapes_is_named_and_the_sale_printed():
    """libraqm is loaded by name when a script needs it: where it is missing, letters that need it are named on paper."""
    broken = os.path.join(SCRATCH, "broken")
    os.makedirs(broken)
    with open(os.path.join(broken, "libraqm.so.0"), "w", encoding="utf-8") as file:
        file.write("no library\n")
    lines = [{"name": name, "total": "1.00"} for name in ("नमस्ते", "สวัสดี", "x\u0336", "نان")]
    for library, named in ((broken, ["U+0928", "U+0E2A", "U+0078"]), ("", [])):
        shop = Shop(survey=False)
        answer = shop.kwit("print", "-", "--json", document=tiny("L-1", lines=lines, total="4.00"),
                           environment={**os.environ, "LD_LIBRARY_PATH": library})
        same((answer.exit, answer.line["outcome"]), (0, "printed"), f"libraries in {library!r} ({answer.text})")
        told = [one["text"] for one in answer.line["warnings"] if one["code"] == "named_character"]
        for letter in named:
            want(any(letter in one and "libraqm" in one for one in told), f"{letter} is not told of: {told}")
        want("U+0646" not in answer.text and (named or not told), f"libraries in {library!r} name {told}")


def a_state_that_cannot_be_written_is_said_before_paper():
    shop = Shop(survey=False)
    blocked = os.path.join(shop.place, "file")
    open(blocked, "w", encoding="utf-8").close()
    answer = Answer(subprocess.run([KWIT, "--config", shop.config, "--state", blocked, "print", "-", "--json"],
                                   input=json.dumps(tiny("E-4")).encode(), capture_output=True, timeout=60, check=False))
    want(answer.exit in (74, 77), f"a file for a state directory: exit {answer.exit} ({answer.text})")
    same(shop.wire(), b"", "what went to the printer")


def _shell(command, shop, number):
    with open(os.path.join(shop.place, "sale.json"), "w", encoding="utf-8") as file:
        json.dump(tiny(f"Z-{number}"), file)
    words = f"'{KWIT}' --config {shop.config} --state {shop.state}"
    return subprocess.run(["bash", "-c", command.format(kwit=words, sale=os.path.join(shop.place, "sale.json"))],
                          capture_output=True, timeout=60, check=False)


def closed_streams_neither_stop_nor_double_a_receipt():
    shop = Shop(survey=False)
    for number, streams in enumerate(("<&-", ">&-", "2>&-", "<&- >&- 2>&-")):
        code = _shell("{kwit} print {sale} --json " + streams, shop, number).returncode
        want(code in (0, 74), f"{streams}: exit {code}")
        cuts = len(shop.events("cut"))
        same(cuts, number + 1, f"{streams}: receipts on paper")
    same(_shell("{kwit} print - <&-", shop, 9).returncode, 66, "standard input closed")


def a_full_standard_output_takes_no_receipt_back():
    if not os.path.exists("/dev/full"):
        return
    shop = Shop(survey=False)
    same(_shell("{kwit} print {sale} --json > /dev/full", shop, 1).returncode, 0, "printed, and nowhere to say it")
    again = _shell("{kwit} print {sale} --json", shop, 1)
    same((again.returncode, json.loads(again.stdout)["outcome"]), (0, "duplicate"), "the same sale again")
    for words in ("--help", "print --help", "queue list --json", "queue show Z-1", "queue --all list"):
        same(_shell("{kwit} " + words + " > /dev/full", shop, 1).returncode, 74, f"{words} to a full device")


def a_reader_that_goes_away_kills_nothing():
    shop = Shop(survey=False)
    same(_shell("{kwit} print {sale} --json | true; exit ${{PIPESTATUS[0]}}", shop, 1).returncode in (0, 74), True, "a closed pipe")
    same(len(shop.events("cut")), 1, "receipts on paper")


def _trace(shop, *filters):
    log = os.path.join(SCRATCH, "trace")
    with open(os.path.join(shop.place, "sale.json"), "w", encoding="utf-8") as file:
        json.dump(tiny("T-1"), file)
    command = ["strace", "-f", "-o", log, *filters, KWIT, "--config", shop.config, "--state", shop.state, "print",
               os.path.join(shop.place, "sale.json")]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    if done.returncode != 0 and b"ptrace" in done.stderr:
        return None
    same(done.returncode, 0, f"print under strace ({done.stderr[:300]!r})")
    with open(log, encoding="utf-8", errors="replace") as file:
        return file.read()


def a_plain_receipt_touches_no_network():
    if not shutil.which("strace"):
        return
    text = _trace(Shop(), "-e", "trace=network")
    if text is None:
        return
    sockets = [line for line in text.split("\n") if re.search(r"(socket|connect|bind)\(", line) and "AF_UNIX" not in line]
    same(sockets, [], "sockets of a receipt on the simulated printer")


def a_plain_receipt_loads_the_c_library_alone():
    if not shutil.which("strace"):
        return
    target = os.path.join(SCRATCH, "plain.bin")
    open(target, "wb").close()
    text = _trace(Shop(printer=f"file:{target}", survey=False), "-e", "trace=open,openat")
    if text is None:
        return
    loaded = set(re.findall(r'/([^/"]+\.so[^/"]*)", O_RDONLY[^)]*\) = \d', text)) - {"ld.so.cache"}
    loaded = {name for name in loaded if not re.match(r"lib(c|m)\.so\.6$", name)} - {"clock.so"}       # the tests' own
    same(loaded, set(), "shared libraries of a plain receipt")


run_tests(globals())
