"""The svt1 token by a second implementation; what a handle guards against; no token twice."""
import datetime
import hashlib
import os
import random
import shutil
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import NOW, KWIT, Shop, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
EPOCH = bytes(range(32))


def _hash(key, *parts):
    return hashlib.blake2b(b"".join(parts), key=key, digest_size=32).digest()


def _times_two(value):
    value <<= 1
    return value ^ 0x25 if value & 32 else value


def _encode(kid, handle, day, seq, variant, flag):
    key = _hash(EPOCH, b"svt1/term", handle.to_bytes(4, "big"))
    header = ((kid << 20) | handle).to_bytes(4, "big")
    body = ((((day << 14) | seq) << 4) | variant) << 1 | flag
    tag = _hash(key, b"svt1/tag", header, body.to_bytes(4, "big"))[:5]
    stream = int.from_bytes(_hash(key, b"svt1/enc", header, tag)[:4], "big") >> 2
    value = (int.from_bytes(header, "big") << 70) | ((body ^ stream) << 40) | int.from_bytes(tag, "big")
    digits = [(value >> (5 * (18 - i))) & 31 for i in range(19)]
    check = 0
    for i, digit in enumerate(digits):
        for _ in range(i + 1):
            digit = _times_two(digit)
        check ^= digit
    text = "".join(ALPHABET[digit] for digit in digits + [check])
    return "-".join(text[i:i + 4] for i in range(0, 20, 4))


def _office():
    shop = Shop(key=False)
    made = shop.kwit("survey", "key", "import", "--epoch", "3", "--hex", EPOCH.hex())
    same(made.exit, 0, made.text)
    return shop


def two_implementations_agree():
    shop, rng = _office(), random.Random(5)
    rows = [(3, 0, 0, 0, 0, 0), (3, 12345, 1054, 1, 2, 0), (3, 12345, 1054, 2, 2, 0), (3, 1048575, 2047, 16383, 15, 1)]
    published = ["3000-06EA-E3PV-JH9J-EEP2", "30C1-SQ2P-RZ2N-E2GC-T3YN", "30C1-SFAB-MAXR-RWKV-P896", "3ZZZ-ZTA3-AY0Z-MQAW-QCTZ"]
    same([_encode(*row) for row in rows], published, "the second implementation")
    rows += [(3, rng.randrange(1 << 20), rng.randrange(2048), rng.randrange(1 << 14), rng.randrange(16), rng.randrange(2)) for _ in range(40)]
    for kid, handle, day, seq, variant, flag in rows:
        answer = shop.kwit("survey", "token", "encode", "--epoch", str(kid), "--handle", str(handle), "--day", str(day), "--seq", str(seq),
                           "--variant", str(variant), "--flag", str(flag), "--json")
        same(answer.line["code"], _encode(kid, handle, day, seq, variant, flag), f"token of {(kid, handle, day, seq, variant, flag)}")


def a_typed_code_is_read_and_a_changed_one_is_not():
    shop = _office()
    for typed in ("30c1 sq2p rz2n e2gc t3yn", "3OCI-SQ2P-RZ2N-E2GC-T3YN", "۳۰C۱-SQ۲P-RZ۲N-E۲GC-T۳YN"):
        same(shop.kwit("survey", "verify", typed, "--json").line["verdict"], "authentic", typed)
    same(shop.kwit("survey", "verify", "30C1-SQ2P-RZ2N-E2GC-T3YM", "--json").line["verdict"], "mistyped", "a wrong check symbol")
    same(shop.kwit("survey", "verify", "40C1", "--json").exit, 65, "exit of a mistyped code")
    rng, forged = random.Random(9), 0
    for _ in range(20):                    # two symbols of the tag changed so that the check symbol still fits
        text = list("30C1SQ2PRZ2NE2GCT3YN")
        digits = [ALPHABET.index(symbol) for symbol in text[:19]]
        digits[rng.randrange(11, 15)] ^= rng.randrange(1, 32)
        digits[rng.randrange(5, 11)] ^= rng.randrange(1, 32)
        check = 0
        for i, digit in enumerate(digits):
            for _ in range(i + 1):
                digit = _times_two(digit)
            check ^= digit
        typed = "".join(ALPHABET[digit] for digit in digits + [check])
        forged += shop.kwit("survey", "verify", typed, "--json").line["verdict"] == "forged"
    same(forged, 20, "changed codes that are told as forged")
    foreign = _encode(3, 1, 0, 0, 0, 0)
    same(Shop(key=False).kwit("survey", "verify", foreign, "--json").line["verdict"], "foreign", "a shop without keys")


def a_code_of_a_preview_is_a_test():
    shop = Shop()
    out = os.path.join(shop.place, "dry.bin")
    dry = shop.kwit("print", "-", "--json", "--dry-run", "-o", out, document=tiny("P")).line["survey"]["token"]
    same(shop.kwit("survey", "verify", dry, "--json").line["verdict"], "test", "a dry run's code")
    same(Shop(key=False).kwit("survey", "verify", dry, "--json").line["verdict"], "test", "where there is no key")
    real = _survey(shop, "Q")["token"]
    same(shop.kwit("survey", "verify", real, "--json").line["verdict"], "test", "a simulated printer's code")


def keys_are_files_of_their_owner_and_never_shown():
    shop = Shop(key=False)
    made = shop.kwit("survey", "key", "new", "--json")
    keys = os.path.join(shop.state, "keys")
    for name in os.listdir(keys):
        same(os.stat(os.path.join(keys, name)).st_mode & 0o777, 0o600, f"mode of {name}")
    secrets = [open(os.path.join(keys, name), encoding="ascii").read().split()[-1] for name in os.listdir(keys)]
    shown = made.text + shop.kwit("survey", "key", "list").text + shop.kwit("survey", "key", "rotate").text
    want(not any(secret in shown for secret in secrets), "a key was shown")
    same(shop.kwit("survey", "key", "new").exit, 65, "a second new key")
    shared = Shop(key=False)
    os.chmod(shared.state, 0o2770)                           # as the installation makes it for the group of the tills
    same(shared.kwit("survey", "key", "new").exit, 0, "in a shared state")
    modes = {name: os.stat(os.path.join(shared.state, "keys", name)).st_mode & 0o777 for name in ("terminal.key", "epoch-0.key")}
    same(modes, {"terminal.key": 0o640, "epoch-0.key": 0o600}, "modes in a shared state")


def _key(shop, action, *arguments, **options):
    return shop.kwit("survey", "key", action, *arguments, "--json", **options)


def _derived(office, till, epoch, handle):
    path = os.path.join(till.place, f"till-{epoch}-{handle}.key")
    same(_key(office, "derive", "--epoch", str(epoch), "--handle", str(handle), "-o", path).exit, 0, "derive")
    same(os.stat(path).st_mode & 0o777, 0o600, "mode of what derive writes")
    return path


def tills_with_keys_of_one_office_are_read_and_counted_together():
    office, tills, tokens = Shop(), [Shop(key=False), Shop(key=False)], []
    for handle, till in enumerate(tills, 2):
        path = _derived(office, till, 0, handle)
        first, again = _key(till, "import", path), _key(till, "import", path)
        same((first.exit, again.exit, first.line["fingerprint"]), (0, 0, again.line["fingerprint"]), "import, twice")
        tokens += [_survey(till, f"{handle}-{n}")["token"] for n in range(2)]
    tokens.append(_survey(office, "1-0")["token"])
    same({office.kwit("survey", "verify", token, "--json").line["verdict"] for token in tokens}, {"test"}, "the office reads all")
    journals = [os.path.join(till.state, "journal.db") for till in tills]
    merged = office.kwit("journal", "merge", *journals)
    same(merged.exit, 0, merged.text)
    same(len(office.kwit("journal", "export").out.splitlines()), 5, "sales of three tills")


def a_till_without_the_epoch_s_key_makes_no_epoch_of_its_own():
    office, till = Shop(), Shop(key=False)
    same(_key(till, "import", _derived(office, till, 0, 8)).exit, 0, "import")
    old = _survey(till, "A")["token"]
    refused = till.kwit("survey", "key", "rotate")
    want(refused.exit == 65 and "office" in refused.text and "survey key import" in refused.text, refused.text)
    same(_key(office, "rotate").exit, 0, "rotate at the office")
    with open(_derived(office, till, 1, 8), "rb") as file:
        same(_key(till, "import", "-", document=file.read()).exit, 0, "import from standard input")
    new = _survey(till, "B")["token"]
    same((old[0], new[0]), ("0", "1"), "epochs of the codes")
    same([till.kwit("survey", "verify", token, "--json").line["verdict"] for token in (old, new)], ["test", "test"], "both are read")
    same(till.kwit("survey", "token", "show", "A", "--json").line["token"], old, "the code of the old epoch again")


def keys_are_never_mixed_up_or_written_over():
    office, till = Shop(), Shop(key=False)
    path = _derived(office, till, 0, 8)
    same(_key(till, "import", path).exit, 0, "import")
    before = [open(os.path.join(till.state, "keys", name), encoding="ascii").read() for name in ("terminal.key",)]
    other, epoch = f"svt1-term 0 8 {'ab' * 32}".encode(), f"svt1-epoch 0 {'ab' * 32}".encode()
    for shop, data, arguments, status in [
            (till, other, (), 65), (office, epoch, (), 65), (till, b"svt1-term 0 8 abc", (), 64), (till, b"", (), 64), (till, b"ab" * 32, (), 64),
            (till, other, ("--handle", "9"), 64), (till, b"x" * 5000, (), 65)]:
        answer = _key(shop, "import", "-", *arguments, document=data)
        want(answer.exit in (status, 64), f"{data[:30]} {arguments}: {answer.text}")
    same(_key(office, "derive", "--epoch", "0", "--handle", "8", "-o", path).exit in (65, 74), True, "derive onto a file that is there")
    same([open(os.path.join(till.state, "keys", "terminal.key"), encoding="ascii").read()], before, "the key in force")
    same(_key(till, "import", "-", "--epoch", "5", "--handle", "77", document=b"cd" * 32 + b"\n").line["handle"], 77, "bare digits")


def a_key_that_others_can_read_is_told():
    shop = Shop()
    os.chmod(os.path.join(shop.state, "keys/terminal.key"), 0o644)
    line = shop.print(tiny("A"))[1]
    want(line["survey"]["invited"] and [w["code"] for w in line["warnings"]] == ["key_exposed"], f"{line}")
    for command in (("survey", "key", "list"), ("doctor",)):
        want("chmod o=" in shop.kwit(*command).text, f"{command} does not tell it")
    os.unlink(os.path.join(shop.state, "keys/terminal.key"))
    want("survey key new" in shop.kwit("doctor").text, "doctor without a key")


def a_new_key_is_written_where_key_file_says():
    shop = Shop(key=False, more="key_file = secret/till.key\n")
    place = os.path.join(shop.place, "secret")
    missing = shop.kwit("survey", "key", "new")
    want(missing.exit != 0 and "secret/till.key" in missing.text, f"a directory that is not there: {missing.text}")
    os.mkdir(place, 0o700)
    for name in os.listdir(os.path.join(shop.state, "keys")):
        os.unlink(os.path.join(shop.state, "keys", name))
    same(shop.kwit("survey", "key", "new").exit, 0, "survey key new")
    same((os.listdir(place), os.stat(os.path.join(place, "till.key")).st_mode & 0o777), (["till.key"], 0o600), "what lies there")
    first = _survey(shop, "A")
    want(first["invited"], f"the next print uses it: {first}")
    want("in force" in shop.kwit("survey", "key", "list").text, "the list")
    want("has a key" in shop.kwit("survey", "key", "new").text, "never written over")
    same(shop.kwit("survey", "key", "rotate").exit, 0, "survey key rotate")
    second = _survey(shop, "B")
    want(second["invited"] and second["token"][:3] != first["token"][:3], f"{first} {second}")
    same(sorted(os.listdir(place)), ["claim-1", "till.key"], "nothing else lies there")


def what_is_printed_after_its_invitation_expired_invites_nobody():
    paper = os.path.join(Shop(survey=False).place, "out")
    with subprocess.Popen([KWIT, "simulate", "--listen", "tcp:127.0.0.1:0", "--out", paper, "--profile", "tm-t20iii"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as printer:
        shop = Shop(printer=printer.stdout.readline().decode().split()[-1])
        try:
            same(_survey(shop, "LATE", time=_ago(20))["reason"], "too_late", "20 days ago")
            want(_survey(shop, "NOW", time=NOW.isoformat())["invited"], "a sale of today")
        finally:
            printer.kill()


def _ago(days, hours=None):
    moment = NOW - datetime.timedelta(days)
    return (moment if hours is None else moment.replace(hour=hours)).isoformat()


def _survey(shop, identity, **changes):
    return shop.print(tiny(identity, **changes))[1]["survey"]


def a_copied_state_is_refused_until_it_has_a_handle_of_its_own():
    shop = Shop()
    first = _survey(shop, "A")
    want(first["invited"], first)
    copy = Shop(key=False)
    shutil.rmtree(copy.state)
    shutil.copytree(shop.state, copy.state)
    same(_survey(copy, "B")["reason"], "no_key", "a copied state")
    want(_survey(shop, "C")["invited"], "the original goes on")
    same(copy.kwit("survey", "key", "rotate", "--handle", "2").exit, 0, "a new handle")
    other = _survey(copy, "D")
    want(other["invited"] and other["token"] not in (first["token"],), other)


def a_till_moves_to_another_machine_as_the_page_says():
    """The commands are those of kwit-administer(8): what is told on the way leads there, and old codes stay known."""
    old, till, keys = Shop(), Shop(key=False), {}
    code = _survey(old, "A")["token"]
    for name, words in (("copy.db", ("journal", "backup")), ("epoch-0.key", ("survey", "key", "export", "--epoch", "0", "-o"))):
        keys[name] = os.path.join(old.place, name)
        same(old.kwit(*words, keys[name]).exit, 0, " ".join(words))
    shutil.copy(keys["copy.db"], os.path.join(till.state, "journal.db"))
    same(till.kwit("journal", "verify").exit, 0, "the copy is whole")
    same(till.print(tiny("A"))[1]["outcome"], "duplicate", "what was printed there")
    same(_survey(till, "B")["reason"], "no_key", "without a key")
    told = till.kwit("survey", "key", "rotate", "--handle", "2")
    want(told.exit == 65 and "kwit survey key import FILE" in told.text, told.text)
    derived = os.path.join(till.place, "till.key")
    for words in (("import", keys["epoch-0.key"]), ("derive", "--epoch", "0", "--handle", "2", "-o", derived), ("import", derived)):
        answer = till.kwit("survey", "key", *words)
        same(answer.exit, 0, f"{words} ({answer.text})")
    after = _survey(till, "C")
    want(after["invited"] and after["token"] != code, after)
    here = till.kwit("survey", "verify", code).text
    want("handle 1" in here, here)
    same(here, old.kwit("survey", "verify", code).text, "a code that the old machine printed")


def a_deleted_journal_does_not_begin_again_at_one():
    shop = Shop()
    want(_survey(shop, "A")["invited"], "the first sale")
    for name in os.listdir(shop.state):
        if name.startswith("journal.db"):
            os.unlink(os.path.join(shop.state, name))
    same(_survey(shop, "B")["reason"], "no_key", "after the journal was deleted")


def _files(state):
    return [name for name in os.listdir(state) if name.startswith("journal.db")]


def a_journal_restored_within_the_day_repeats_no_token():
    shop = Shop()
    tokens = [_survey(shop, f"A{i}")["token"] for i in range(3)]
    kept = {name: open(os.path.join(shop.state, name), "rb").read() for name in _files(shop.state)}
    tokens += [_survey(shop, f"B{i}")["token"] for i in range(3)]
    for name in _files(shop.state):
        with open(os.path.join(shop.state, name), "wb") as file:        # in place: the file stays the same one
            file.write(kept.get(name, b""))
    after = [_survey(shop, f"C{i}") for i in range(3)]
    want(all(tokens) and len(set(tokens)) == 6, f"tokens {tokens}")
    same([one["reason"] for one in after], ["no_key"] * 3, "after the journal of three sales ago came back")
    same(shop.kwit("survey", "key", "rotate", "--handle", "2").exit, 0, "a new handle")
    want(_survey(shop, "D")["token"] not in tokens, "a token of the new handle")


def a_sale_whose_touchpoint_was_pruned_is_still_known():
    shop = Shop()
    want(_survey(shop, "A", time=_ago(33))["invited"], "the first call")
    same(shop.kwit("journal", "prune", "--force", "--before", _ago(2)[:10]).exit, 0, "pruning")
    exit_status, line = shop.print(tiny("A", time=_ago(33)))
    same((exit_status, line["outcome"]), (0, "duplicate"), "the same sale again")
    same((line["survey"]["invited"], line["survey"]["token"]), (False, None), "its invitation")
    exit_status, line = shop.print(tiny("A", time=_ago(33)), "--part", "kitchen")
    same((exit_status, line["outcome"]), (0, "printed"), "another part of it")
    again = shop.kwit("reprint", "A", "--json")
    same((again.exit, again.line["outcome"], again.line["survey"]["invited"]), (0, "printed", False), "a copy of it")
    same(shop.kwit("journal", "verify").exit, 0, "the chain after them")


def clocks_back_and_pruning_repeat_no_token():
    shop, tokens = Shop(), []
    times = [_ago(2, hours=10), _ago(1, hours=10), _ago(2, hours=11), _ago(1, hours=11)]
    for i, time in enumerate(times):
        tokens.append(_survey(shop, f"A{i}", time=time)["token"])
    same(shop.kwit("journal", "prune", "--force", "--before", _ago(-40)[:10]).exit, 0, "pruning everything")
    for i, time in enumerate(times):
        tokens.append(_survey(shop, f"B{i}", time=time)["token"])
    want(all(tokens) and len(set(tokens)) == len(tokens), f"tokens {tokens}")
    same(shop.kwit("journal", "verify").exit, 0, "the chain after pruning")


def two_who_print_at_once_on_one_state_share_no_token():
    shop, tokens = Shop(), {}

    def sell(name):
        paper = f"sim:{os.path.join(shop.place, name)}?profile=tm-t20iii"
        tokens[name] = [shop.print(tiny(f"{name}-{i}"), "--printer", paper)[1]["survey"]["token"] for i in range(12)]
    sellers = [threading.Thread(target=sell, args=(name,)) for name in ("one", "two", "three")]
    for seller in sellers:
        seller.start()
    for seller in sellers:
        seller.join()
    given = [token for name in tokens for token in tokens[name]]
    want(len(given) == 36 and all(given) and len(set(given)) == 36, f"tokens {given}")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")


def a_day_that_the_token_cannot_tell_from_another_goes_on_counting():
    shop, tokens = Shop(), []
    day = datetime.datetime(2026, 11, 20, 10, tzinfo=datetime.timezone.utc)
    for i, wraps in enumerate((0, 1, 0, 1, -1, 0)):
        time = day + datetime.timedelta(days=2048 * wraps)
        tokens.append(_survey(shop, f"W{i}", time=time.isoformat())["token"])
    given = [token for token in tokens if token]
    want(len(given) >= 3 and len(set(given)) == len(given), f"tokens {tokens}")
    same(shop.kwit("journal", "prune", "--force", "--before", "2033-01-01").exit, 0, "pruning everything")
    tokens.append(_survey(shop, "AFTER", time=day.isoformat())["token"])
    want(tokens[-1] and tokens[-1] not in given, f"a token again after pruning: {tokens}")


def the_same_sale_keeps_its_decision_and_token():
    shop = Shop(more="rate = 50%\n")
    decisions = [_survey(shop, f"S{i}") for i in range(30)]
    again = [_survey(shop, f"S{i}") for i in range(30)]
    same([d["token"] for d in again], [d["token"] for d in decisions], "tokens of the second call")
    invited = sum(d["invited"] for d in decisions)
    want(3 < invited < 27, f"{invited} of 30 invited at 50 %")


if __name__ == "__main__":
    run_tests(globals())
