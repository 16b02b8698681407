"""Who installs prints, at once: what kwit keeps is used by root, the group and an admitted person in turn, whoever was first, and by
nobody else; the one command that lets somebody is in each refusal; packages call it once. Runs with an /etc, /run and /var/lib
of its own."""
import grp
import itertools
import json
import os
import shutil
import stat
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, SCRATCH, Answer, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

SYSTEM, LOCKS, ADMIT = "/var/lib/kwit", "/run/lock/kwit", "udev/kwit-admit.sh"
# Anna's session is older than her membership; Boris has always been a member; a stranger is nothing.
GROUP, PEOPLE = 4100, {"root": 0, "anna": 4101, "boris": 4102, "stranger": 4103}
BIN = os.path.join(SCRATCH, "bin")


def _run(command, path=os.environ["PATH"], **environment):
    kept = {name: value for name, value in os.environ.items() if name not in ("KWIT_STATE_DIR", "XDG_STATE_HOME", "SUDO_USER")}
    return Answer(subprocess.run(command, capture_output=True, check=False, timeout=60, env={**kept, "PATH": path, **environment}))


def _become(who):
    groups = [f"--groups={GROUP}"] if who == "boris" else ["--clear-groups"]
    return ["setpriv", f"--reuid={PEOPLE[who]}", f"--regid={PEOPLE[who]}", *groups]


def _stand_in(name, text):
    with open(os.path.join(BIN, name), "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\n{text}\n")
    os.chmod(os.path.join(BIN, name), 0o755)


def _admit(*arguments, **environment):
    return _run(["sh", ADMIT, *arguments], path=f"{BIN}:{os.environ['PATH']}", **environment)


def _members():
    return sorted(grp.getgrnam("kwit").gr_mem)


class Machine:
    """State and locks as a package leaves them before anybody was admitted; each person has a printer."""

    def __init__(self, system="tmpfs"):
        subprocess.run(["gpasswd", "-M", "boris", "kwit"], check=True)
        subprocess.run(["umount", "-q", SYSTEM], check=False, capture_output=True)
        for place in (SYSTEM, LOCKS, f"{SCRATCH}/till"):
            shutil.rmtree(place, ignore_errors=True)
            os.mkdir(place)
        if system != "tmpfs":
            subprocess.run(["mount", "-t", system, "none", SYSTEM], check=True)
        for place in (SYSTEM, LOCKS):
            os.chown(place, 0, GROUP)
            os.chmod(place, 0o2770)
        os.chmod(f"{SCRATCH}/till", 0o755)
        for name, number in PEOPLE.items():
            os.mkdir(f"{SCRATCH}/till/{name}")
            os.chown(f"{SCRATCH}/till/{name}", number, number)
            with open(f"{SCRATCH}/till/{name}.conf", "w", encoding="utf-8") as file:
                file.write(f"[printer]\nuri = {self.uri(name)}\ndrain = next-call\n"
                           "[survey]\nurl = https://fb.example/{token}\n")

    @staticmethod
    def uri(who, paper="paper"):
        return f"sim:{SCRATCH}/till/{who}/{paper}?profile=tm-t20iii"

    def kwit(self, who, *arguments):
        """With the umask that opens least: what is shared must not hang on it."""
        return _run([*_become(who), "sh", "-c", 'umask 077; exec "$@"', "-", KWIT, "--config", f"{SCRATCH}/till/{who}.conf",
                     *arguments], HOME=f"{SCRATCH}/till/{who}")

    def print(self, who, identity, *arguments):
        file = f"{SCRATCH}/till/{identity}.json"
        with open(file, "w", encoding="utf-8") as out:
            json.dump(tiny(identity), out)
        os.chmod(file, 0o644)
        return self.kwit(who, "print", file, "--json", *arguments)


def _works(machine, who, order):
    """What a till does in a day, for one of those who share its state."""
    first = order[0]

    def well(answer, what, exit_=0):
        same(answer.exit, exit_, f"{who} (first: {first}): {what}: {answer.text}")
        return answer
    if who == first:
        well(machine.kwit(who, "survey", "key", "new"), "key")
        well(machine.kwit(who, "survey", "key", "rotate"), "rotate")
    elif who != "root":
        want("with sudo" in well(machine.kwit(who, "survey", "key", "rotate"), "rotate", 77).text, "another's epoch")
    for number in range(2):
        line = well(machine.print(who, f"sale-{who}-{number}"), "print").line
        same((line["outcome"], line["survey"]["invited"], line["warnings"]), ("printed", True, []), f"{who} (first: {first})")
    well(machine.print(who, f"wait-{who}", "--printer", machine.uri(who, "empty") + "&fault=paper-out@byte=0"),
         "no paper", 75)
    well(machine.kwit(who, "queue", "cancel", f"wait-{who}"), "cancel", 79)
    well(machine.kwit(who, "reprint", f"sale-{first}-0", "--copy", str(2 + order.index(who)), "--printer", machine.uri(who)), "reprint of another's sale")
    well(machine.kwit(who, "journal", "erase", f"sale-{who}-1"), "erase")
    well(machine.kwit(who, "journal", "verify"), "verify")


def _lets(who, what, path):
    return _run([*_become(who), "test", what, path]).exit == 0


def _look(order):
    """Each file for those three and nobody else; the key of an epoch for its maker and root."""
    for place in (SYSTEM, LOCKS):
        for folder, _, files in os.walk(place):
            for path in [folder] + [os.path.join(folder, name) for name in files]:
                facts = os.stat(path)
                want(not facts.st_mode & stat.S_IRWXO and facts.st_gid == GROUP, f"{order}: {path} is {facts.st_mode:o}, {facts.st_gid}")
                epoch, key = "/epoch-" in path, path.endswith(".key")
                for who in () if epoch else ("root", "anna", "boris"):
                    want(_lets(who, "-r", path) and (key or _lets(who, "-w", path)), f"{order}: {path} is closed to {who}")
    want(not _lets("stranger", "-r", SYSTEM) and not _lets("stranger", "-x", SYSTEM), f"{order}: a stranger may look")
    want(os.listdir(LOCKS) and not [name for name in os.listdir(SYSTEM) if name.startswith("lock-")], f"{order}: two places of locks")


def whoever_is_first_the_others_go_on():
    for order in itertools.permutations(("root", "anna", "boris")):
        machine = Machine()
        said = _admit(SUDO_USER="anna")
        want(said.exit == 0 and "anna can print now" in said.text, said.text)
        same(_members(), ["anna", "boris"], "the group")
        for who in order:
            _works(machine, who, order)
        _look(order)
        same(machine.print("stranger", "strange").exit, 77, "a stranger prints")


def a_refusal_names_the_command_and_the_command_mends_it():
    machine = Machine()
    mend = 'sudo kwit-admit "$(id -un)"'
    for folder, what in ((SYSTEM, "state"), (LOCKS, "locks")):
        if folder == LOCKS:
            same(_run(["setfacl", "-b", LOCKS]).exit, 0, "setfacl")
        refused = machine.print("anna", what)
        want(refused.exit == 77 and mend in refused.line["message"] and folder in refused.line["message"], f"{what}: {refused.text}")
        looked = machine.kwit("anna", "doctor")
        want(folder == LOCKS or f"mend: {mend}" in looked.text, looked.text)
        same(_admit("anna").exit, 0, "admit")
        same(machine.print("anna", what).line["outcome"], "printed", f"{what}, mended")


def what_was_there_before_is_let_too_and_taken_away_again():
    machine = Machine()
    same(machine.kwit("root", "survey", "key", "new").exit, 0, "key")
    same(machine.print("root", "one").exit, 0, "print")
    _admit("anna")
    same(machine.print("anna", "one").line["outcome"], "duplicate", "anna, after root")
    same(machine.print("anna", "two").line["survey"]["invited"], True, "the key of root's")
    epoch = f"{SYSTEM}/keys/epoch-0.key"
    want(not _lets("anna", "-r", epoch), "the key that makes every till's was opened to a till")
    same(_run(["setfacl", "-m", "u:anna:rw", epoch]).exit, 0, "as it was opened by earlier versions")
    _admit("anna")
    want(not _lets("anna", "-r", epoch), "what was open stays open")
    same(machine.kwit("anna", "survey", "key", "rotate").exit, 77, "the next epoch, by a till")
    want("no ACL" in _admit("--remove", "anna").text, "what was done is not said")
    same((_members(), machine.print("anna", "one").exit), (["boris"], 77), "taken away")
    want("user:4101" not in _run(["getfacl", "-Rpn", SYSTEM, LOCKS]).text, "an entry is left")
    same(machine.print("root", "one").line["outcome"], "duplicate", "root, after it")


def a_copy_that_root_puts_back_is_for_all_again():
    """As kwit-administer(8) says it; install(1) leaves no ACL."""
    machine = Machine()
    _admit("anna")
    machine.print("anna", "one")
    same(machine.kwit("root", "journal", "backup", f"{SCRATCH}/till/copy.db").exit, 0, "backup")
    for name in os.listdir(SYSTEM):
        if name.startswith("journal.db"):
            os.unlink(os.path.join(SYSTEM, name))
    same(_run(["install", "-m", "660", "-g", "kwit", f"{SCRATCH}/till/copy.db", f"{SYSTEM}/journal.db"]).exit, 0, "install")
    refused = machine.print("anna", "one")
    want(refused.exit == 77 and "kwit doctor" in refused.line["message"], refused.text)
    want(f"mend: sudo setfacl -m u:\"$(id -un)\":rw '{SYSTEM}/journal.db'" in machine.kwit("anna", "doctor").text, "the doctor")
    _admit("anna")
    for who in ("boris", "anna", "root"):
        same(machine.print(who, "one").line["outcome"], "duplicate", who)


def without_acls_the_group_counts_and_it_is_said():
    machine = Machine("ramfs")
    said = _admit(SUDO_USER="anna")
    want(said.exit == 0 and "from the next login on" in said.text and "takes no ACLs" in said.text, said.text)
    want("4101" not in _run(["getfacl", "-Rpn", LOCKS]).text, "half of it is left")
    same((_members(), machine.print("anna", "one").exit, machine.print("boris", "one").exit), (["anna", "boris"], 77, 0), "prints")
    subprocess.run(["umount", SYSTEM], check=True)


def the_person_at_the_machine_is_found():
    sits = 'case $* in *ActiveSession*) echo 7 ;; *Class*) echo %s ;; *Name*) echo %s ;; esac'
    for loginctl, environment, found in (
            ("exit 1", {"SUDO_USER": "anna"}, "anna"), ("exit 1", {"PKEXEC_UID": "4101"}, "anna"),
            (sits % ("user", "stranger"), {"SUDO_USER": "anna"}, "anna"), (sits % ("user", "anna"), {}, "anna"),
            (sits % ("user", "anna"), {"SUDO_USER": "root"}, "anna"), (sits % ("greeter", "stranger"), {}, None),
            (sits % ("user", "root"), {"SUDO_USER": "root"}, None), ("exit 1", {}, None)):
        Machine()
        _stand_in("loginctl", loginctl)
        said = _admit(**environment)
        same((said.exit, _members()), (0, ["anna", "boris"] if found else ["boris"]), f"{loginctl} {environment}: {said.text}")
        want("sudo kwit-admit USER" in said.text, said.text)
    os.unlink(os.path.join(BIN, "loginctl"))


def the_machines_configuration_is_read_by_all_whatever_the_umask():
    Machine()
    shutil.rmtree("/etc/kwit", ignore_errors=True)
    same(_run(["sh", "-c", 'umask 077; exec "$@"', "-", KWIT, "setup", "--name", "S", "--printer", "sim:/tmp/paper", "--no-print"]).exit,
         0, "setup")
    for who in PEOPLE:
        same(_run([*_become(who), KWIT, "config", "check"], HOME="/").exit, 0, f"{who} reads it")
    shutil.rmtree("/etc/kwit")


def a_wrong_call_is_told():
    Machine()
    for arguments, status, words in ((["nobody-such"], 67, "no user nobody-such"), (["--remove"], 64, "usage"), (["-x"], 64, "-x"),
                                     (["anna", "boris"], 64, "one user")):
        said = _admit(*arguments)
        want(said.exit == status and words in said.text, f"{arguments}: {said.exit} {said.text}")
    said = _run([*_become("anna"), "sh", ADMIT, "anna"])
    want(said.exit == 77 and "sudo kwit-admit anna" in said.text, said.text)
    same(_members(), ["boris"], "the group")


def packages_admit_once_and_purging_takes_it():
    """What an administrator took away stays away through upgrades, and through a package that was removed and is back."""
    _stand_in("kwit-admit", f'exec sh {ADMIT} "$@"')
    def script(name, *arguments):
        return _run(["sh", f"udev/debian/kwit.{name}", *arguments], path=f"{BIN}:{os.environ['PATH']}", SUDO_USER="anna")
    machine = Machine()
    want("anna can print now" in script("postinst", "configure", "").text, "a first installation admits nobody")
    same(machine.print("anna", "one").exit, 0, "print")
    _admit("--remove", "anna")
    same((script("postinst", "configure", "0.1.0").text, machine.print("anna", "one").exit), ("", 77), "an upgrade")
    _admit("anna")
    same((script("postrm", "remove").exit, machine.print("anna", "one").exit), (0, 0), "removed")
    same((script("postrm", "purge").exit, _members(), os.path.exists(SYSTEM), os.path.exists(LOCKS)), (0, [], False, False), "purged")


subprocess.run(["groupadd", "-g", str(GROUP), "kwit"], check=True)
for _name, _number in PEOPLE.items():
    if _number:
        subprocess.run(["useradd", "-u", str(_number), "-U", "-M", _name], check=True)
os.mkdir(BIN)
run_tests(globals())
