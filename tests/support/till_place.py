"""till_place.py - a till as a user has one: a directory with a sale, and a kwit on the path with a configuration of its own."""
import os
import subprocess
import tempfile

from kwit import KWIT, ROOT, SCRATCH, Answer

AWAY = "[printer]\nuri = tcp://127.0.0.1:1\nprofile = tm-t20iii\ndrain = next-call\ntimeout = 1 s\n"


def in_doubt():
    """The configuration of a printer that must confirm and cannot."""
    place = tempfile.mkdtemp(prefix="paper-", dir=SCRATCH)
    open(os.path.join(place, "paper.bin"), "wb").close()
    return f"[printer]\nuri = file:{place}/paper.bin\nprofile = tm-t20iii\nconfirm = require\n"


class TillPlace:
    made = 0

    def __init__(self, sale, printer=None):
        TillPlace.made += 1
        self.place = tempfile.mkdtemp(prefix=f"till-{TillPlace.made}-", dir=SCRATCH)
        os.symlink(os.path.join(ROOT, "tests"), os.path.join(self.place, "tests"))
        self.bin = os.path.join(self.place, "bin")
        config = os.path.join(self.place, "config/kwit/kwit.conf")
        os.makedirs(os.path.dirname(config))
        os.makedirs(self.bin)
        with open(config, "w", encoding="utf-8") as file:
            file.write(printer or f"[printer]\nuri = sim:{self.place}/sim?profile=tm-t20iii\n")
        state = os.path.join(self.place, "state")
        os.makedirs(state)
        self.real = f'exec "{KWIT}" --config {config} --state {state} "$@"\n'
        self.command("kwit", "#!/bin/sh\n" + self.real)
        self.environment = dict(os.environ, PATH=f"{self.bin}:{os.environ['PATH']}", XDG_CONFIG_HOME=f"{self.place}/config",
                                KWIT_STATE_DIR=state, ID="S-1")
        self.put("sale.json", sale)

    def command(self, name, text):
        path = os.path.join(self.bin, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)

    def put(self, name, text):
        with open(os.path.join(self.place, name), "w", encoding="utf-8") as file:
            file.write(text)

    def run(self, command, answer="y\n", **environment):
        return Answer(subprocess.run(command, cwd=self.place, env=dict(self.environment, **environment), input=answer.encode(),
                                     capture_output=True, timeout=120, check=False))
