"""printer.py - a simulated printer that runs beside a test, on TCP or another door, and takes orders."""
import re
import select
import socket
import subprocess
import tempfile

from kwit import KWIT, SCRATCH, want


class Printer:
    """A running simulator; its first line says where it listens."""

    def __init__(self, *arguments, door=("--listen", "tcp:127.0.0.1:0")):
        self.place = tempfile.mkdtemp(prefix="printer-", dir=SCRATCH)
        self.process = subprocess.Popen([KWIT, "simulate", *door, "--out", self.place, *arguments],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.address = self.line()

    def line(self):
        ready, _, _ = select.select([self.process.stdout], [], [], 300)
        want(ready, "the simulator says nothing")
        return self.process.stdout.readline().decode().strip()

    def order(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        return self.line()

    def call(self):
        host, port = re.search(r"tcp://(.*):(\d+)", self.address).groups()
        caller = socket.create_connection((host, int(port)), timeout=300)
        caller.settimeout(300)
        return caller

    def stop(self):
        self.process.terminate()
        self.process.communicate(timeout=300)
        return self.process.returncode

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
