#!/bin/busybox sh
# others.sh - in the guest: whoever else wants the printer (a queue of CUPS, ipp-usb), and a printer that is another one,
# or somewhere else, from one moment to the next.
# What checks.sh sets is not seen from here; a pid is one word, or several.
# shellcheck shell=dash disable=SC2034,SC2046,SC2154
. /checks.sh
pidof systemd-udevd >/dev/null || /lib/systemd/systemd-udevd --daemon
modprobe -a usblp vhci-hcd
udevadm trigger --type=devices --action=add && udevadm settle
state_places

# Lines that say where they belong, as a program without kwit sends them.
foreign_lines() { # count
    printf '\033@'
    awk -v n=$1 'BEGIN { for (i = 1; i <= n; i++) printf "CUPS line %03d\r\n", i }'
    printf '\n\n\n\n\035V\001'
}
lines_of_cups() { cat $1/*.txt | grep -o 'CUPS line [0-9]*' | sort | uniq -c | awk '{ print $1 }' | uniq -c | tr -s ' '; }

section "a queue of CUPS on the same printer"
if [ -x /usr/bin/cupsd ]; then
    mkdir -p /run/cups /var/spool/cups/tmp /var/cache/cups /var/log/cups && chmod 1777 /var/spool/cups/tmp
    plug --out /tmp/shared
    cupsd
    check "CUPS is up" await 30 lpstat -r
    check "it takes a queue" lpadmin -p Receipts -E -v "usb://EPSON/TM-T20II?serial=J4HF012345" -m raw
    status_of as till "kwit doctor"
    check "the doctor sees the idle queue" has "CUPS has the queue Receipts on this printer" /tmp/status.out
    check "a sale would print all the same" is $status 0
    print_as till C1
    check "and it prints" is $? 0
    foreign_lines 3 >/tmp/few
    check "CUPS takes a job" as till "lp -s -d Receipts -o raw /tmp/few"
    check "and prints it" await 40 eval 'grep -q "CUPS line 003" /tmp/shared/*.txt'
    check "its backend leaves usblp the printer" await 20 [ -c /dev/usb/lp0 ]
    print_as till C2
    check "the next sale prints after it" has '"outcome":"printed"' /tmp/C2.line
    unplug

    section "while CUPS is at a long job"
    plug --out /tmp/long --speed real
    foreign_lines 400 >/tmp/many
    as till "lp -s -d Receipts -o raw /tmp/many"
    check "CUPS is at it" await 40 eval 'grep -q "CUPS line 010" /tmp/long/wire.bin'
    status_of as till "kwit doctor"
    check "the doctor judges by the queue who holds the printer" has "holds the printer, and CUPS has a queue on it" /tmp/status.out
    check "with the status of busy" is $status 69
    status_of kwit doctor
    check "and names it to who may see it" has "CUPS holds the printer (usb (pid [0-9]" /tmp/status.out
    print_as till C3 "--timeout 60"
    check "a sale waits for it" is $? 0
    check "and is proved" has '"outcome":"printed"' /tmp/C3.line
    check "each line of CUPS is on paper once" is "$(lines_of_cups /tmp/long)" " 400 1"
    unplug
    kill $(pidof cupsd)
else
    echo "# no CUPS here: NOT tested"
fi

section "ipp-usb"
if [ -x /bin/ipp-usb ]; then
    ipp-usb standalone >/tmp/ipp-usb.out 2>&1 &
    ipp=$!
    plug --out /tmp/ipp-1
    check "ipp-usb runs" kill -0 $ipp
    print_as till I1
    check "a receipt printer prints beside it" has '"outcome":"printed"' /tmp/I1.line
    unplug
    LINK=/dev/receipt/by-serial/04b8-0e15-IPP01
    kwit simulate --vhci --usb id=04b8:0e15,serial=IPP01,maker=EPSON,beside=ipp --profile tm-t20ii --out /tmp/ipp-2 >/tmp/sim.out 2>&1 &
    sim=$!
    check "a printer that has IPP too has its link" await 20 [ -c $LINK ]
    # It resets a printer whose IPP stays unanswered for seconds, as this one's does: it holds still with what it holds.
    check "ipp-usb takes what is IPP" await 20 eval 'kill -STOP $ipp
        [ "$(basename $(readlink /sys/bus/usb/devices/1-1:1.1/driver))" = usbfs ] || { kill -CONT $ipp; false; }'
    status_of as till "kwit doctor --printer usb:?serial=IPP01"
    check "the doctor is content" ends_with 0
    print_as till I2 "--printer usb:?serial=IPP01"
    check "a sale prints by the interface that is not" has '"outcome":"printed"' /tmp/I2.line
    unplug
    kill $ipp
    kill -CONT $ipp
    LINK=/dev/receipt/by-serial/$NAME
else
    echo "# no ipp-usb here: NOT tested"
fi

section "a power cycle in the middle of a job"
address() { cat /sys/bus/usb/devices/1-1/devnum; }
plug --out /tmp/cycled --fault power-loss@byte=700,for=2s
before=$(address)
print_as till P1 "--timeout 30"
check "the sale is kept, or printed after all" grep -qE '"outcome":"(interrupted|printed)"' /tmp/P1.line
check "the printer is back" await 20 [ -c $LINK ]
check "at another address" [ "$(address)" != "$before" ]
check "and what was begun prints as a whole" await 40 grep -q '"event":"cut"' /tmp/cycled/events.jsonl
print_as till P1
check "the sale is a duplicate then" has '"outcome":"duplicate"' /tmp/P1.line
check "and was cut off once" is "$(grep -c '"event":"cut"' /tmp/cycled/events.jsonl)" 1
unplug

section "twins: two printers with one serial number"
plug --out /tmp/twin-1
first=$(readlink -f $LINK)
kwit simulate --vhci --usb id=04b8:0e15,serial=J4HF012345,maker=EPSON --profile tm-t20ii --out /tmp/twin-2 >/tmp/sim2.out 2>&1 &
twin=$!
check "the second has its link by path" await 20 [ -c /dev/receipt/by-path/1-2 ]
udevadm settle --timeout=10
check "the link by serial stays with the first" is "$(readlink -f $LINK)" "$first"
udevadm trigger --action=change --sysname-match=1-2 && udevadm settle --timeout=10
check "also when the second is looked at once more" is "$(readlink -f $LINK)" "$first"
status_of as till "kwit devices --json"
check "both are listed by their ports" is "$(grep -o '"uri":"usb:[^"]*port=1-[12]"' /tmp/status.out | sort -u | wc -l)" 2
print_as till W1 "--printer usb:?serial=J4HF012345"
check "their number names neither" has '"reason":"several_printers"' /tmp/W1.line
print_as till W2 "--printer usb:?port=1-2"
check "a sale for the second's port prints" is $? 0
check "on the paper of the second" [ -s /tmp/twin-2/0001.txt -a ! -s /tmp/twin-1/0001.txt ]
kill $twin
wait $twin
unplug

section "a printer that no row knows"
kwit simulate --vhci --usb id=1234:5680,serial=N00017,maker=Nobody,model=NB-80 --profile generic-80 --out /tmp/nobody >/tmp/sim.out 2>&1 &
sim=$!
LINK=/dev/receipt/by-serial/1234-5680-N00017
check "it says that it speaks ESC/POS and has its link" await 20 [ -c $LINK ]
udevadm settle --timeout=10
check "and its rights" is "$(stat -Lc %U:%G:%a $LINK)" root:lp:660
print_as till N1 "--printer usb:?serial=N00017 --profile generic-80"
check "a sale prints there" is $? 0
unplug
exit $failed
