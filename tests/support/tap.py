"""tap.py - a tap that runs beside a test, before the shop's printer."""
import json
import signal
import socket
import subprocess

from kwit import KWIT, want

TIMEOUT_S = 60


class Tap:
    """A tap before the shop's simulated printer, for the length of a `with`."""

    def __init__(self, shop, *arguments):
        command = [KWIT, "--config", shop.config, "--state", shop.state, "tap", "--listen", "127.0.0.1:0", "--json", *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        first = self.process.stdout.readline()
        want(first, "the tap does not begin: " + ("" if first else self.process.stderr.read()))
        self.port = int(json.loads(first)["listening"].rpartition(":")[2])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.rest = self.process.communicate(timeout=TIMEOUT_S)[0].splitlines()

    def line(self):
        """What became of the next receipt."""
        return json.loads(self.process.stdout.readline())

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT_S)

    def send(self, data):
        """A burst, and then the wait for the printer's end of the connection."""
        with self.connect() as end:
            end.sendall(data)
            end.shutdown(socket.SHUT_WR)
            answer = b""
            while chunk := end.recv(4096):
                answer += chunk
        return answer
