"""Completion in the real shells: bash, zsh and fish finish subcommands, options, values, printers, models and ids of sales,
and every option of every command is among what is offered."""
import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import termios
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, ROOT, SCRATCH, Shop, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

PATIENCE_S = 60


def _bin():
    place = os.path.join(SCRATCH, "bin")
    os.makedirs(place, exist_ok=True)
    if not os.path.exists(os.path.join(place, "kwit")):
        os.symlink(os.path.abspath(KWIT), os.path.join(place, "kwit"))
    return place


ENVIRONMENT = {**os.environ, "PATH": f"{_bin()}:{os.environ['PATH']}", "TERM": "dumb", "LC_ALL": "C.UTF-8"}


def _words(*line, shop=None):
    words = ["--config", shop.config, "--state", shop.state, *line] if shop else list(line)
    done = subprocess.run([KWIT, "--complete", *words], capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    return done.stdout.split()


def _shop():
    shop = Shop(survey=False, more="[printer kitchen]\nuri = sim:other\n")
    same(shop.print(tiny("S-2026-1"))[0], 0, "a sale")
    return shop


def what_is_offered_follows_what_was_typed():
    shop = _shop()
    for line, wanted in ((["pr"], ["print", "preview"]), (["queue", ""], ["list", "show", "flush", "retry", "cancel"]),
                         (["survey", "key", "r"], ["rotate"]), (["office", "proxy", ""], ["caddy", "nginx"]), (["config", "s"], ["show"]),
                         (["print", "--survey", ""], ["auto", "never", "only"]), (["print", "--printer", "kit"], ["kitchen"]),
                         (["print", "--json", "--profile", "tm-t88v"], None), (["reprint", ""], ["S-2026-1"]),
                         (["queue", "retry", ""], []), (["queue", "show", "S"], ["S-2026-1"]), (["print", "--no-wait", ""], []),
                         (["print", "--no-w"], ["--no-wait"]), (["nosuch", ""], []), (["print", "--from", "sh"], ["shopify"]),
                         (["map", "show", "s"], ["shopify", "square", "stripe"]), (["map", "check", "odoo", ""], []), (["--st"], ["--state"]), (["print", "-o", ""], [])):
        found = _words(*line, shop=shop)
        want(found == wanted if wanted is not None else found[0] == "tm-t88v", f"{line}: {found}")


def every_option_of_every_command_is_offered():
    summary = subprocess.run([KWIT, "--help"], capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"^  ([a-z-]+) ", summary, re.MULTILINE)
    want(len(commands) > 15 and sorted(_words("")) == sorted(commands), f"commands: {_words('')}")
    for command in commands:
        helped = subprocess.run([KWIT, command, "--help"], capture_output=True, text=True, check=True).stdout
        same(sorted(set(_words(command, "-"))), sorted(set(re.findall(r"^  (-[\w-]+)", helped, re.MULTILINE)) | {"--help"}), command)


def every_word_that_the_help_explains_is_offered():
    for command in _words(""):
        helped = subprocess.run([KWIT, command, "--help"], capture_output=True, text=True, check=True).stdout
        told = set(re.findall(r"^  ([a-z][a-z-]*) ", helped, re.MULTILINE))
        want(told <= set(_words(command, "")), f"{command}: {told - set(_words(command, ''))}")


def help_fits_the_terminal():
    for columns in (60, 80):
        for command in ([], ["print"], ["survey"], ["journal"]):
            master, terminal = pty.openpty()
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            subprocess.run([KWIT, *command, "--help"], stdin=terminal, stdout=terminal, check=True, timeout=PATIENCE_S)
            os.close(terminal)
            said = b""
            while select.select([master], [], [], 0)[0]:
                try:
                    said += os.read(master, 65536)
                except OSError:
                    break
            os.close(master)
            told = [line for line in said.decode().split("\r\n") if line.startswith("  ") and " | " not in line]
            want(len(told) > 5 and all(len(line) <= columns for line in told), f"{command} at {columns}: {told}")


def bash_completes():
    shop = _shop()
    script = os.path.join(ROOT, "cli/completion.bash")
    for line, wanted in ((["kwit", "prev"], "preview"), (["kwit", "print", "--no-"], "--no-wait"), (["kwit", "print", "--profile", "tm-t20x"], "tm-t20x"),
                         (["kwit", "--config", shop.config, "--state", shop.state, "reprint", "S"], "S-2026-1")):
        done = subprocess.run(["bash", "-c", '. "$1"; shift; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _kwit; echo "${COMPREPLY[*]}"',
                               "-", script, *line], capture_output=True, text=True, check=True, env=ENVIRONMENT, timeout=PATIENCE_S)
        same(done.stdout.strip(), wanted, f"bash: {line} ({done.stderr})")


def fish_completes():
    if not shutil.which("fish"):
        print("not tried: fish is not here")
        return
    shop, script = _shop(), os.path.join(ROOT, "cli/completion.fish")
    for line, wanted in (("kwit prev", "preview"), ("kwit print --no-", "--no-wait"), ("kwit print --survey n", "never"),
                         (f"kwit --config {shop.config} --state {shop.state} print --printer ki", "kitchen")):
        done = subprocess.run(["fish", "--no-config", "-c", f'source "{script}"; complete -C "{line}"'], capture_output=True, text=True,
                              check=True, env={**ENVIRONMENT, "HOME": SCRATCH}, timeout=PATIENCE_S)
        same(done.stdout.split(), [wanted], f"fish: {line} ({done.stderr})")


def _until(master, wanted, said):
    """Reads from a terminal until it shows what is wanted."""
    until = time.monotonic() + PATIENCE_S
    while wanted not in said and time.monotonic() < until:
        if select.select([master], [], [], 1)[0]:
            said += os.read(master, 4096).decode("utf-8", "replace")
    want(wanted in said, f"zsh shows no {wanted!r}: {said!r}")
    return said


def zsh_completes():
    if not shutil.which("zsh"):
        print("not tried: zsh is not here")
        return
    functions = os.path.join(SCRATCH, "zsh")
    os.makedirs(functions)
    shutil.copy(os.path.join(ROOT, "cli/completion.zsh"), os.path.join(functions, "_kwit"))
    master, terminal = pty.openpty()
    with subprocess.Popen(["zsh", "-f", "-i"], stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True, cwd=SCRATCH,
                          env={**ENVIRONMENT, "HOME": SCRATCH, "PS1": "ready> "}) as shell:
        os.close(terminal)
        try:
            os.write(master, f"fpath=({functions} $fpath); autoload -U compinit; compinit -u -D; PS1='now''> '\n".encode())
            _until(master, "now> ", "")
            for typed, wanted in (("kwit prev\t", "kwit preview"), ("kwit print --no-w\t", "--no-wait"), ("kwit print --survey n\t", "never")):
                os.write(master, f"\x15{typed}".encode())
                _until(master, wanted, "")
        finally:
            shell.kill()
    os.close(master)


run_tests(globals())
