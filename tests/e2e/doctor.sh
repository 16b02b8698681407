#!/bin/bash
# doctor.sh - kwit doctor and devices as a new user meets them: sentence, mend, status, and JSON that parses.
cd "$(dirname "$0")/../.." || exit 1
bad=0
export KWIT_STATE_DIR=$SCRATCH/state
mkdir -p "$KWIT_STATE_DIR" "$SCRATCH/bin"
# What a mend runs: kwit itself, and stand-ins for what would change this machine.
ln -s "$KWIT" "$SCRATCH/bin/kwit"
for program in sudo mount usermod udevadm timedatectl tee lpadmin lpstat usbip newgrp kwit-admit; do
    ln -s "$PWD/tests/support/dry.sh" "$SCRATCH/bin/$program"
done
doctor() { "$KWIT" doctor "$@" >"$SCRATCH/out" 2>&1; }
expect() { # name status words arguments…
    local name=$1 status=$2 words=$3 got=0
    shift 3
    doctor "$@" || got=$?
    [ $got = "$status" ] || { echo "$name: exit $got, not $status"; cat "$SCRATCH/out"; bad=1; }
    grep -q "$words" "$SCRATCH/out" || { echo "$name: does not say \"$words\""; cat "$SCRATCH/out"; bad=1; }
    "$KWIT" doctor --json "$@" 2>/dev/null | PATH=$SCRATCH/bin:$PATH python3 -c '
import json, subprocess, sys
line = json.loads(sys.stdin.read())
worst = any(f["level"] == "bad" for f in line["findings"])
assert line["kwit"] == 1 and line["ok"] != worst, line
for finding in line["findings"]:
    assert finding["text"] and finding["level"] in ("good", "note", "bad"), finding
    assert (finding["reason"] is None) == (finding["level"] != "bad"), finding
    assert finding["level"] != "bad" or finding["mend"], finding
    if finding["runs"]:
        done = subprocess.run(["sh", "-c", finding["mend"]], capture_output=True)
        assert done.returncode in (0, 69, 78) and not done.stderr.startswith(b"sh:"), (finding, done)
' || { echo "$name: the JSON is not as promised"; bad=1; }
}
expect "in order" 0 "a sale would print" --printer "sim:$SCRATCH/a"
expect "cover" 69 "cover is open" --printer "sim:$SCRATCH/b?fault=cover@byte=0"
expect "paper" 69 "paper has run out" --printer "sim:$SCRATCH/c?fault=paper-out@byte=0"
expect "near end" 0 "nearly at its end" --printer "sim:$SCRATCH/d?fault=near-end@byte=0"
expect "nonsense" 69 "nonsense" --printer "sim:$SCRATCH/e?fault=garbage"
expect "never answered" 0 "answers nothing" --printer "sim:$SCRATCH/f?fault=mute"
"$KWIT" print tests/fixtures/sales/cafe-pl.json --printer "sim:$SCRATCH/a" >/dev/null 2>&1
expect "silent now" 69 "answered before" --printer "sim:$SCRATCH/a?fault=mute"
expect "a file" 0 "takes everything, and no paper comes of it" --printer "file:$SCRATCH/paper.bin"
expect "nobody listens" 69 "refuses connections" --printer tcp://127.0.0.1:9
expect "no such device" 69 "there is no device" --printer file:/dev/kwit-no-such-printer
expect "unknown name" 69 "no printer is called kitchen" --printer kitchen
printf '[printer]\nuri = sim:%s\n[journal]\npath = %s\n' "$SCRATCH/h" "$SCRATCH/none/journal.db" >"$SCRATCH/kwit.conf"
"$KWIT" --config "$SCRATCH/kwit.conf" doctor >"$SCRATCH/out" 2>&1
[ $? = 74 ] && grep -q "none/journal.db: the journal cannot be made" "$SCRATCH/out" || { echo "a journal that no sale can make is in order"; cat "$SCRATCH/out"; bad=1; }
printf '[printer]\nuri = sim:%s\nprofile = tm-t88v\nprinter_colour = red\n' "$SCRATCH/h" >"$SCRATCH/kwit.conf"
"$KWIT" --config "$SCRATCH/kwit.conf" doctor >"$SCRATCH/out" 2>&1
grep -q "kwit.conf:4" "$SCRATCH/out" || { echo "an unknown key is not told with its line"; cat "$SCRATCH/out"; bad=1; }
printf '[printer]\nuri = nowhere\n' >"$SCRATCH/kwit.conf"
"$KWIT" --config "$SCRATCH/kwit.conf" doctor >"$SCRATCH/out" 2>&1
[ $? = 78 ] && grep -q "kwit.conf:2" "$SCRATCH/out" || { echo "a wrong address is not told with its line"; cat "$SCRATCH/out"; bad=1; }
# A journal that was put back from a copy is behind its key: no sale is invited, and the doctor says so before one is made.
printf '[printer]\nuri = sim:%s/k\nprofile = tm-t20iii\n[survey]\nurl = https://x.example/{token}\n' "$SCRATCH" >"$SCRATCH/kwit.conf"
behind() { "$KWIT" --config "$SCRATCH/kwit.conf" --state "$SCRATCH/behind" "$@" >"$SCRATCH/out" 2>&1; }
sale() { sed "s/S-2026-000123/$1/" tests/fixtures/sales/example.json >"$SCRATCH/sale.json" && behind print "$SCRATCH/sale.json" "${@:2}"; }
mkdir "$SCRATCH/behind"
behind survey key new && behind doctor && grep -q "the till's key is there" "$SCRATCH/out" || { echo "a new key"; cat "$SCRATCH/out"; bad=1; }
[ -z "$(find "$SCRATCH/behind/keys" -name '*claim*')" ] || { echo "the doctor claimed a key"; bad=1; }
sale B-1 && behind journal backup "$SCRATCH/copy.db" && sale B-2 && rm "$SCRATCH"/behind/journal.db* && cp "$SCRATCH/copy.db" "$SCRATCH/behind/journal.db"
behind doctor
grep -q "nobody is invited: .*derive a new handle" "$SCRATCH/out" || { echo "a journal behind its key is not told"; cat "$SCRATCH/out"; bad=1; }
# What waits and what is in doubt is told, whichever printer is looked at.
for fault in paper-out@byte=0 mute; do
    printf '[printer]\nuri = sim:%s/l?fault=%s\nprofile = tm-t20iii\n' "$SCRATCH" "$fault" >"$SCRATCH/kwit.conf"
    [ $fault = mute ] || behind print tests/fixtures/sales/cafe-pl.json --printer "sim:$SCRATCH/l"
    sale "W-${fault%%[-@]*}" --timeout 5
done
printf '[printer]\nuri = sim:%s/m\nprofile = tm-t20iii\n' "$SCRATCH" >"$SCRATCH/kwit.conf"
behind doctor
grep -q "^note  not printed yet: 1;" "$SCRATCH/out" && grep -q "^note  in doubt: 1;" "$SCRATCH/out" &&
    grep -q "mend: kwit --config '$SCRATCH/kwit.conf' --state '$SCRATCH/behind' queue list" "$SCRATCH/out" ||
    { echo "what waits is not told"; cat "$SCRATCH/out"; bad=1; }
for file in journal.db journal.db-wal; do echo "this is no database" >"$KWIT_STATE_DIR/$file"; done
expect "damaged journal" 74 "journal" --printer "sim:$SCRATCH/a"
"$KWIT" devices --json | python3 -c 'import json, sys; assert isinstance(json.loads(sys.stdin.read())["devices"], list)' ||
    { echo "devices: the JSON is not as promised"; bad=1; }
"$KWIT" devices extra >/dev/null 2>&1
[ $? = 64 ] || { echo "devices takes an argument"; bad=1; }
exit $bad
