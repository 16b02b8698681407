"""postgresql.py - a real PostgreSQL of this machine's packages, in a directory of its own, as an ordinary user."""
import glob
import os
import signal
import subprocess
import tempfile

from kwit import SCRATCH, await_that, same

PROGRAMS = (sorted(glob.glob("/usr/lib/postgresql/*/bin")) or [None])[-1]
OWNER, OFFICE = "chain_owner", "kwit_office"
CLEAN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}            # neither the tests' clock nor what they preload
USER = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


class Postgres:
    """Listens on a Unix socket alone. It is killed, and the machine never is: what it wrote need not reach the disk, and its
    recovery does not wait for one."""

    def __init__(self):
        os.chmod(SCRATCH, 0o711)
        self.place = tempfile.mkdtemp(prefix="pg-", dir=SCRATCH)
        if USER:
            os.chmod(self.place, 0o711)
            subprocess.run(["chown", "nobody:nogroup", self.place], check=True)
        self.data, self.process = os.path.join(self.place, "data"), None
        self._run("initdb", "-D", self.data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()
        try:
            self.ask(f"CREATE ROLE {OFFICE} LOGIN", "postgres")
            self.ask("CREATE DATABASE chain", "postgres")
        except BaseException:
            self.end()
            raise

    def _run(self, program, *words):
        run = subprocess.run([os.path.join(PROGRAMS, program), *words], capture_output=True, text=True, check=False, env=CLEAN,
                             cwd=self.place, **USER)
        same(run.returncode, 0, f"{program}: {run.stderr}")
        return run.stdout

    def start(self):
        await_that(self._answers, "PostgreSQL to answer")
        return self

    def _answers(self):
        """What is left of one that was killed keeps its memory for a moment, and the next one gives up then: it is begun again."""
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen([os.path.join(PROGRAMS, "postgres"), "-D", self.data, "-k", self.place, "-c", "listen_addresses=",
                                             "-c", "fsync=off"],
                                            env=CLEAN, cwd=self.place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                            start_new_session=True, **USER)
        return subprocess.run([os.path.join(PROGRAMS, "pg_isready"), "-h", self.place], env=CLEAN, check=False, capture_output=True).returncode == 0

    def kill(self):
        """The postmaster at once, and its children as they notice; the next start recovers."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()

    def ask(self, sql, database="chain", user=OWNER):
        """Rows as lists of texts; what holds a semicolon is a script, and has none."""
        out = self._run("psql", "-XqAt", "-F", "\t", "-h", self.place, "-U", user, "-d", database, "-v", "ON_ERROR_STOP=1", "-c", sql)
        return [line.split("\t") for line in out.splitlines()]

    def shell(self, line):
        """A line of a shell, as an administrator types it, with the server's own programs."""
        run = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False, env={**CLEAN, "PATH": f"{PROGRAMS}:{CLEAN['PATH']}"},
                             cwd=self.place, **USER)
        same(run.returncode, 0, f"{line}: {run.stderr}")

    def count(self, sql):
        return int(self.ask(sql)[0][0])

    def store(self, user=OFFICE):
        return f"host={self.place} dbname=chain user={user}"

    def setting(self):
        return f"\n[office]\nstore = postgresql:{self.store()}\n"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
