#!/bin/busybox sh
# job.sh - in the guest: the real kernel, usblp, systemd-udevd and the installed kwit as an ordinary user.
#
# Prints "ok - CONDITION" or "not ok - CONDITION" for each; the exit status is 1 when one is not met.
# What checks.sh sets is not seen from here; a pid is one word, or several.
# shellcheck shell=dash disable=SC2034,SC2046,SC2154
. /checks.sh

section "udev"
/lib/systemd/systemd-udevd --daemon
modprobe usblp && modprobe vhci-hcd || { echo "not ok - the kernel has usblp and vhci_hcd"; exit 1; }
udevadm trigger --type=devices --action=add && udevadm settle
state_places

section "nothing plugged in"
status_of as till "kwit devices"
check "kwit devices finds nothing" has "no receipt printer" /tmp/status.out
status_of as till "kwit doctor"
check "kwit doctor says so with status 69" is $status 69

section "plugged in"
plug --out /tmp/paper
node=$(readlink -f $LINK)
check "the link by serial leads to the node" [ -c "$node" ]
check "the link by path leads to the same" is "$(readlink -f /dev/receipt/by-path/1-1)" "$node"
check "usblp has its link too" is "$(readlink -f $LINK-lp)" /dev/usb/lp0
check "the node is root:lp 0660" is "$(stat -c %U:%G:%a $node)" root:lp:660
check "usblp's node is root:lp 0660" is "$(stat -c %U:%G:%a /dev/usb/lp0)" root:lp:660
udevadm info $node >/tmp/info
check "whoever sits there may use it" has "TAGS=.*:uaccess:" /tmp/info
check "the flush unit is wanted" has "SYSTEMD_WANTS=.*kwit-flush@1-1.service" /tmp/info
if [ -x /usr/bin/setfacl ]; then
    getfacl -p $node >/tmp/acl 2>&1
    check "group kwit has an ACL" has "group:kwit:rw-" /tmp/acl
else
    adduser till lp 2>/dev/null || sed -i 's/^lp:x:7:kwit/lp:x:7:kwit,till/' /etc/group
    echo "# no setfacl here: the user is in group lp instead"
fi
as till "kwit devices --json" >/tmp/devices
check "the device is listed by its serial" has '"uri":"usb:04b8:0e15?serial=J4HF012345"' /tmp/devices
check "its model is known" has '"profile":"tm-t20ii"' /tmp/devices
check "the user may use it" has '"access":true' /tmp/devices
check "the kernel driver is named" has '"driver":"usblp"' /tmp/devices
as guest "kwit devices --json" >/tmp/devices
check "another user may not" has '"access":false' /tmp/devices
status_of as guest "kwit doctor --printer usb:"
check "and the doctor names the group" has "only members of group lp" /tmp/status.out
check "with the status of a refusal" is $status 77
status_of as till "kwit doctor"
check "the doctor sees that a sale would print" has "a sale would print" /tmp/status.out
check "with status 0" is $status 0

section "printing"
print_as till S1
check "a sale prints" is $? 0
check "and is proved" has '"outcome":"printed"' /tmp/S1.line
word=$(sed -n '/"lines"/,$s/.*"name": *"\([A-Za-z]*\).*/\1/p' /sale.json | head -1)
check "the paper has the name of the first line ($word)" grep -q "$word" /tmp/paper/0001.txt
check "usblp has the printer back" await 5 [ -c /dev/usb/lp0 ]
before=$(wc -c </tmp/paper/wire.bin)
print_as till S1
check "the same sale again is a duplicate" has '"outcome":"duplicate"' /tmp/S1.line
check "and sends nothing" is "$(wc -c </tmp/paper/wire.bin)" "$before"
print_as guest G1 "" KWIT_STATE_DIR=/tmp/guest
check "who may not use it is told so" has '"reason":"permission"' /tmp/G1.line

section "a printer that talks while it is written to"
long_sale() { # id: three hundred numbered lines
    awk -v id=$1 'BEGIN {
        printf "{\"kwit\":1,\"id\":\"%s\",\"time\":\"2026-07-23T12:00:00+02:00\",\"currency\":\"EUR\",\"lines\":[", id
        for (i = 1; i <= 300; i++)
            printf "%s{\"name\":\"Nail no. %03d\",\"total\":\"1.00\"}", (i > 1 ? "," : ""), i
        print "],\"total\":\"300.00\"}" }' >/tmp/sale-$1.json
    chmod 644 /tmp/sale-$1.json
}
nails() { cat $1/*.txt | grep -o 'Nail no. [0-9]*' | sort | uniq -c | awk '{print $1}' | sort | uniq -c | tr -s ' '; }
unplug
plug --out /tmp/talk --peer pushing --speed real
long_sale T1
as till "kwit print --json --timeout 60 /tmp/sale-T1.json" >/tmp/T1.line 2>&1
check "a long sale is proved all the same" has '"outcome":"printed"' /tmp/T1.line
check "and each of its lines is on paper once" is "$(nails /tmp/talk)" " 300 1"
status_of as till "kwit doctor"
check "the doctor is content with it" is $status 0
unplug
plug --out /tmp/holds --peer pushing --fault nak@byte=3000
long_sale T2
as till "kwit print --json --timeout 9 /tmp/sale-T2.json" >/tmp/T2.line 2>&1
check "what it may have taken is not called nothing" has '"outcome":"interrupted"' /tmp/T2.line
as till "kwit queue cancel T2" >/dev/null 2>&1
unplug
plug --out /tmp/paper

section "held by another"
exec 3>/dev/usb/lp0
status_of as till "kwit doctor"
check "the doctor says that usblp is in use" has "usblp" /tmp/status.out
check "with the status of busy" is $status 69
exec 3>&-
status_of as till "kwit doctor"
check "and is content afterwards" is $status 0

section "through usblp's own node"
status_of as till "kwit doctor --printer file:$LINK-lp"
check "the doctor is content" is $status 0
print_as till S6 "--printer file:$LINK-lp"
check "a sale prints there" is $? 0
check "and is proved by the answers that usblp brings" has '"outcome":"printed"' /tmp/S6.line

section "watched over a power cycle"
as till "kwit status --watch --json" >/tmp/watch 2>&1 &
watch=$!
await 5 [ -s /tmp/watch ]
lines=$(wc -l </tmp/watch)
unplug
await 10 eval '[ "$(wc -l </tmp/watch)" -gt '$lines' ]'
check "the watcher lives and tells that it went" [ "$(wc -l </tmp/watch)" -gt "$lines" ]
lines=$(wc -l </tmp/watch)
plug --out /tmp/paper
await 10 eval '[ "$(wc -l </tmp/watch)" -gt '$lines' ]'
check "and that it came back" [ "$(wc -l </tmp/watch)" -gt "$lines" ]
kill $watch $(pidof kwit | tr ' ' '\n' | grep -v "^$sim$") 2>/dev/null

section "two of the same model"
kwit simulate --vhci --usb id=04b8:0e15,serial=J4HF099999,maker=EPSON --profile tm-t20ii --out /tmp/second >/tmp/sim2.out 2>&1 &
second=$!
await 20 [ -c /dev/receipt/by-serial/04b8-0e15-J4HF099999 ]
udevadm settle --timeout=10
status_of as till "kwit doctor"
check "the doctor asks which one is meant" has "more than one printer fits" /tmp/status.out
print_as till S7 "--printer usb:?serial=J4HF099999"
check "a sale for the second prints" is $? 0
check "on the paper of the second" [ -s /tmp/second/0001.txt ]
kill $second
wait $second
await 10 [ ! -e /dev/receipt/by-serial/04b8-0e15-J4HF099999 ]

section "rules of another version"
sed -i 's/^# kwit-rules .*/# kwit-rules 00000001/' /usr/lib/udev/rules.d/70-kwit-receipt.rules
status_of as till "kwit doctor"
check "the doctor sees it" has "made by another version" /tmp/status.out
check "but a sale would print" is $status 0

section "unplugged in the middle of a receipt"
unplug
check "all links are gone" [ ! -e $LINK -a ! -e $LINK-lp -a ! -e /dev/receipt/by-path/1-1 ]
plug --out /tmp/broken --fault unplug@byte=700
print_as till S2
check "the sale is kept" is $? 75
check "and the outcome is not printed" grep -qE '"outcome":"(interrupted|queued)"' /tmp/S2.line
unplug
plug --out /tmp/again
check "what waits prints by itself when it is back" await 30 grep -q '"event":"cut"' /tmp/again/events.jsonl
print_as till S2
check "and the sale is then a duplicate" has '"outcome":"duplicate"' /tmp/S2.line
unplug

section "flushed by the unit"
mkdir -p /etc/kwit
printf '[printer]\nuri = usb:04b8:0e15?serial=J4HF012345\ndrain = service\n' >/etc/kwit/kwit.conf
print_as till S3
check "a sale without a printer is kept" is $? 75
plug --out /tmp/flushed
sed -n 's/^ExecStart=//p' /usr/lib/systemd/system/kwit-flush@.service | sed 's/%i/1-1/' >/tmp/commands
status_of su kwit -s /bin/sh -c "umask 007; . /tmp/commands"
check "the unit's commands end well" is $status 0
check "and the sale is on paper" await 5 grep -q '"event":"cut"' /tmp/flushed/events.jsonl
rm /etc/kwit/kwit.conf
unplug

section "other shapes of device"
NAME=04b8-0202-X2ZF001
LINK=/dev/receipt/by-serial/$NAME
for shape in "class=vendor" "settings=3,out=3,in=84" "class=vendor,in=0"; do
    rm -rf /tmp/shape
    kwit simulate --vhci --usb id=04b8:0202,serial=X2ZF001,$shape --profile tm-t88iv --out /tmp/shape >/tmp/sim.out 2>&1 &
    sim=$!
    await 20 [ -c $LINK ]
    udevadm settle --timeout=10
    print_as till "S8-$shape" "--printer usb:?serial=X2ZF001"
    check "a sale prints with $shape" is $? 0
    check "and is on paper" await 5 grep -q '"event":"cut"' /tmp/shape/events.jsonl
    unplug
done

section "a composite device"
modprobe usbhid 2>/dev/null
LINK=/dev/receipt/by-serial/04b8-0e15-BESIDE1
kwit simulate --vhci --usb id=04b8:0e15,serial=BESIDE1,beside=hid --profile tm-t20ii --out /tmp/beside >/tmp/sim.out 2>&1 &
sim=$!
check "it has its link" await 20 [ -c $LINK ]
await 10 [ -c $LINK-lp ]
udevadm settle --timeout=10
check "its second interface is the printer's" is "$(cat /sys/bus/usb/devices/1-1:1.1/bInterfaceClass)" 07
check "and usblp's link leads to it" [ -c $LINK-lp ]
status_of as till "kwit doctor --printer usb:?serial=BESIDE1"
check "the doctor is content" is $status 0
print_as till S10 "--printer usb:?serial=BESIDE1"
check "a sale prints" is $? 0
check "and is proved" has '"outcome":"printed"' /tmp/S10.line
check "the interface beside it is left to its driver" [ -e /sys/bus/usb/devices/1-1:1.0/driver -o ! -d /sys/module/usbhid ]
unplug

section "a composite device that no row knows"
kwit simulate --vhci --usb 'id=f055:7e57,serial=BESIDE2,beside=hid,1284=MFG:NN;MDL:RP1;CMD:ESC/POS;' --profile tm-t20ii --out /tmp/beside2 >/tmp/sim.out 2>&1 &
sim=$!
check "what its second interface says gives it its link" await 20 [ -c /dev/receipt/by-serial/f055-7e57-BESIDE2 ]
unplug

section "the kernel's own printer gadget"
gadget=/sys/kernel/config/usb_gadget/p
mount -t configfs none /sys/kernel/config 2>/dev/null || { modprobe configfs; mount -t configfs none /sys/kernel/config; }
if modprobe dummy_hcd && modprobe libcomposite && modprobe usb_f_printer; then
    mkdir -p $gadget/strings/0x409 $gadget/configs/c.1 $gadget/functions/printer.0
    echo 0x0416 >$gadget/idVendor
    echo 0x5011 >$gadget/idProduct
    echo GADGET01 >$gadget/strings/0x409/serialnumber
    echo "MFG:Gadget;CMD:ESC/POS;MDL:POS-58;CLS:PRINTER;" >$gadget/functions/printer.0/pnp_string
    ln -s $gadget/functions/printer.0 $gadget/configs/c.1/
    ls /sys/class/udc | head -1 >$gadget/UDC
    check "it is found by our rules" await 10 [ -c /dev/receipt/by-serial/0416-5011-GADGET01 ]
    udevadm settle
    cat /dev/g_printer0 >/tmp/gadget.bin &
    firmware=$!
    print_as till S4 "--printer usb:0416:5011 --profile generic"
    check "a sale is sent to a printer that never answers" is $? 0
    check "and is not called printed" has '"outcome":"sent"' /tmp/S4.line
    usleep 500000
    kill $firmware
    as till "kwit print --dry-run -o /tmp/S4.bin --printer usb:0416:5011 --profile generic --survey never /tmp/sale-S4.json" >/dev/null 2>&1
    check "every byte arrived" [ "$(wc -c </tmp/gadget.bin)" -ge "$(wc -c </tmp/S4.bin)" ]
    echo >$gadget/UDC
else
    echo "# this kernel has no printer gadget: NOT tested"
fi

section "attached over USB/IP from outside"
port=$(sed -n 's/.*usbip_port=\([0-9]*\).*/\1/p' /proc/cmdline)
if [ -n "$port" ] && [ -x /usr/bin/usbip ]; then
    modprobe virtio_pci && modprobe virtio_net
    ip link set eth0 up && ip addr add 10.0.2.15/24 dev eth0 && ip route add default via 10.0.2.2
    usbip --tcp-port $port list -r 10.0.2.2 >/tmp/list 2>&1
    check "the list names the printer" grep -q "1-1" /tmp/list
    check "it is attached" usbip --tcp-port $port attach -r 10.0.2.2 -b 1-1
    check "and appears under its name" await 15 [ -c /dev/receipt/by-serial/0519-0001-OUTSIDE1 ]
    udevadm settle
    print_as till S5 "--printer usb:?serial=OUTSIDE1"
    check "a sale prints there" is $? 0
    usbip detach -p 0 >/dev/null 2>&1
else
    echo "# no usbip here: NOT tested"
fi
dmesg | grep -E "BUG:|Oops|WARNING:" | head -5
exit $failed
