"""clock.py - the day that the tests live in: TEST_CLOCK, as clock.c gives it to the command. `clock.py TIME` prints the
value of TEST_CLOCK that makes it TIME (RFC 3339) now.

standing() is for tests that only sleep: their long waits take no time.

Without TEST_CLOCK (a test that is run by hand) it is the machine's time.
"""
import contextlib
import datetime
import os
import sys
import tempfile
import time

UTC = datetime.timezone.utc


def boot_ms():
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000000


def now_ms():
    """Milliseconds since 1970 UTC."""
    if not os.environ.get("TEST_CLOCK"):
        return time.time_ns() // 1000000
    wall, boot = map(int, os.environ["TEST_CLOCK"].split())
    return wall + boot_ms() - boot


def now(zone=UTC):
    """To the second."""
    return datetime.datetime.fromtimestamp(now_ms() // 1000, zone)


def today(zone=UTC):
    return now(zone).date()


def at(moment):
    """The value of TEST_CLOCK that makes it this moment (an aware datetime) now."""
    return f"{round(moment.timestamp() * 1000)} {boot_ms()}"


def lend(command):
    """The command lives by the tests' clock, where one was built beside it: `make check` gives it to all that it runs."""
    library = os.path.join(os.path.dirname(os.path.abspath(command)), "tests/clock.so")
    if "clock.so" not in os.environ.get("LD_PRELOAD", "") and os.path.exists(library) and " " not in library:
        os.environ["LD_PRELOAD"] = library


@contextlib.contextmanager
def standing():
    """For what is begun meanwhile, the clock stands but while one of them sleeps: an hour's wait takes no time."""
    before = os.environ.get("TEST_CLOCK")
    os.environ["TEST_CLOCK"] = f"{now_ms()} {boot_ms()}"
    with tempfile.NamedTemporaryFile(prefix="kwit-stands.") as slept:
        slept.write(bytes(8))
        slept.flush()
        os.environ["TEST_CLOCK_STANDS"] = slept.name
        try:
            yield
        finally:
            del os.environ["TEST_CLOCK_STANDS"]
            os.environ["TEST_CLOCK"] = before or ""


@contextlib.contextmanager
def pinned(moment=datetime.datetime(2026, 11, 22, 14, 5, tzinfo=UTC)):
    """For what is begun meanwhile, it is this moment: where seeds decide, the day may not."""
    before = os.environ.get("TEST_CLOCK")
    os.environ["TEST_CLOCK"] = at(moment)
    try:
        yield
    finally:
        os.environ["TEST_CLOCK"] = before or ""


if __name__ == "__main__":
    print(at(datetime.datetime.fromisoformat(sys.argv[1].replace("Z", "+00:00"))))
