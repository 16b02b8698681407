#!/bin/busybox sh
# service.sh - in the guest, under systemd: what waits prints by its unit alone when its printer is plugged in.
# Tells the exit status of all jobs and powers off.
# What checks.sh sets is not seen from here; a pid is one word, or several.
# shellcheck shell=dash disable=SC2034,SC2046,SC2154
. /checks.sh
of_unit() { systemctl show -P "$1" kwit-flush@1-1.service; }
ended() { # MOMENT: it began after that one, and has ended
    [ "$(of_unit ActiveState)" != activating ] && [ "$(of_unit ExecMainStartTimestampMonotonic)" != "$1" ]
}

if [ "$(cat /proc/1/comm)" != systemd ]; then
    echo "# systemd is not the first process here: drain = service is NOT tested"
else
    section "a service prints what waits"
    pidof systemd-udevd >/dev/null || { /lib/systemd/systemd-udevd --daemon; udevadm trigger --type=devices --action=add; udevadm settle; }
    modprobe -a usblp vhci-hcd
    # What another job left waiting, and who waits for it, is not this one's.
    kill $(pidof kwit) 2>/dev/null
    await 10 eval '[ -z "$(pidof kwit)" ]'
    rm -rf /var/lib/kwit
    state_places
    mkdir -p /etc/kwit
    printf '[printer]\nuri = usb:04b8:0e15?serial=J4HF012345\ndrain = service\n' >/etc/kwit/kwit.conf
    print_as till V1
    check "a sale without a printer is kept" is $? 75
    check "and no process stays behind for it" is "$(pidof kwit)" ""
    plug --out /tmp/served
    check "it prints when the printer is plugged in" await 60 grep -q '"event":"cut"' /tmp/served/events.jsonl
    check "the unit has ended" await 60 ended 0
    check "well" is "$(of_unit Result)" success
    check "as kwit's own user" is "$(of_unit User)" kwit
    print_as till V1
    check "the sale is a duplicate then" has '"outcome":"duplicate"' /tmp/V1.line
    check "and stands on paper once" is "$(grep -c '"event":"cut"' /tmp/served/events.jsonl)" 1

    section "and what was interrupted, marked"
    unplug
    before=$(of_unit ExecMainStartTimestampMonotonic)
    plug --out /tmp/cut-off --fault unplug@byte=700
    await 60 ended "$before"
    print_as till V2
    check "the sale is kept" is $? 75
    unplug
    plug --out /tmp/marked
    check "it prints when the printer is back" await 60 grep -q '"event":"cut"' /tmp/marked/events.jsonl
    check "and says that it replaces what was begun" grep -rqi zastęp /tmp/marked/0001.txt
    kill $sim
fi
job=$(cat /run/job.status)
echo "GUEST-STATUS $((job + failed)) $(cut -d' ' -f1 /proc/uptime)"
poweroff -f
