"""second_user.py - one journal and two users: who is of the group writes it too, and who may only read it reads it."""
import grp
import json
import os
import stat
import subprocess
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), room) for room in ("../support", "../torture")]
import judge                                                # noqa: E402  pylint: disable=wrong-import-position
from kwit import KWIT, SCRATCH, Shop, run_tests, same, tiny, want   # noqa: E402  pylint: disable=wrong-import-position

SECOND, ITS_GROUP = 65534, grp.getgrnam("nogroup").gr_gid


def _as_second(*command, **options):
    return subprocess.run(["setpriv", f"--reuid={SECOND}", f"--regid={ITS_GROUP}", "--clear-groups", *command],
                          capture_output=True, check=False, timeout=300, **options)


def who_is_of_the_group_uses_the_same_journal():
    shop = judge.Till(f"{SCRATCH}/second")
    os.chmod(f"{SCRATCH}/second", 0o777)
    os.makedirs(shop.state)
    os.chown(shop.state, 0, ITS_GROUP)
    os.chmod(shop.state, 0o2770)
    before = os.umask(0o077)
    same(shop.print(judge.sale("U-1", vouchers=0))[1]["outcome"], "printed", "the first user")
    subprocess.run(["chmod", "-R", "a+rwX", shop.paper, shop.config], check=True)
    run = _as_second(*shop.command("print", "-", "--json", "--printer", "till"), input=json.dumps(judge.sale("U-2", vouchers=0)).encode())
    os.umask(before)
    line = json.loads(run.stdout)
    same(line["outcome"], "printed", f"the second user {line['message']}")
    for name in ("journal.db", "journal.db-wal", "journal.db-shm"):
        same(stat.S_IMODE(os.stat(f"{shop.state}/{name}").st_mode), 0o660, f"rights of {name}")


def who_may_only_read_reads():
    shop = Shop()
    shop.print(tiny("A"))
    subprocess.run(["chmod", "-R", "u=rwX,go=rX", shop.place], check=True)
    for words in (["report"], ["journal", "verify"], ["journal", "export"]):
        run = _as_second(KWIT, "--config", shop.config, "--state", shop.state, *words)
        same(run.returncode, 0, f"{words}: {run.stderr}")
    missing = os.path.join(shop.place, "missing")
    subprocess.run([KWIT, "--config", shop.config, "--state", missing, "report"], capture_output=True, check=False)
    want(not os.path.exists(missing), "reading made a state directory")


run_tests(globals())
