#!/bin/bash
# udev_rules.sh - the generated rules, judged by udevadm: printers get their rights and names, other devices nothing.
#
# Runs udevadm test on devices that umockdev plays, in a mount namespace of its own: /dev and /run/udev stay as they are.
rules=$BUILD/udev/70-kwit-receipt.rules source=$(cd "$(dirname "$0")/../.." && pwd)
for tool in udevadm umockdev-run unshare; do
    command -v $tool >/dev/null || { echo "no $tool here: the udev rules are NOT tested"; exit 77; }
done
if [ -z "$IN_NAMESPACE" ]; then
    how=-m
    [ "$(id -u)" = 0 ] || how=-Urm
    unshare $how true 2>/dev/null || { echo "no mount namespace here: the udev rules are NOT tested"; exit 77; }
    IN_NAMESPACE=1 exec unshare $how bash "$0"
fi
set -e
mkdir -p "$SCRATCH/dev" /run/udev
mount -t tmpfs none "$SCRATCH/dev"
for node in null zero full random urandom tty; do
    touch "$SCRATCH/dev/$node"
    mount --bind /dev/$node "$SCRATCH/dev/$node"
done
mount --rbind "$SCRATCH/dev" /dev
mount -t tmpfs none /run/udev
mkdir -p /run/udev/rules.d
cp "$rules" "$source/udev/71-kwit-flush.rules" /run/udev/rules.d/
set +e
bad=0
complain() { echo "$name: $1"; bad=1; }

# A device with one interface of the given class, as umockdev records it.
record() { # vid pid class-bytes serial-or-empty
    local descriptors
    descriptors=$(printf '12010002%s000040%s%s%s%s000101020301' "${5:-00}" "${1:2:2}" "${1:0:2}" "${2:2:2}" "${2:0:2}")
    descriptors+=$(printf '09022000010100C001090400000%s%s00070501024000000705820240000' 2 "$3")0
    printf 'P: /devices/pci0000:00/0000:00:14.0/usb1/1-4\nN: bus/usb/001/007\nE: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\n'
    printf 'E: BUSNUM=001\nE: DEVNUM=007\nE: DEVNAME=/dev/bus/usb/001/007\nE: MAJOR=189\nE: MINOR=6\n'
    printf 'A: busnum=1\\n\nA: devnum=7\\n\nA: speed=12\\n\nA: bConfigurationValue=1\\n\nA: bDeviceClass=%s\\n\n' "${5:-00}"
    printf 'A: power/control=auto\\n\nA: idVendor=%s\\n\nA: idProduct=%s\\n\nA: product=Device\\n\n' "$1" "$2"
    [ -z "$4" ] || printf 'A: serial=%s\\n\n' "$4"
    [ -z "$SAYS" ] || printf 'A: 1-4:1.0/ieee1284_id=%s\\n\n' "$SAYS"
    printf 'H: descriptors=%s\n' "$descriptors"
    [ -z "$TWIN" ] || printf '\nP: /devices/twin\nN: receipt/by-serial/%s\nE: SUBSYSTEM=usb\n' "$TWIN"
}
run_udev() {
    rm -rf /run/udev/data /run/udev/links /run/udev/tags
    record "$@" >"$SCRATCH/device.umockdev"
    umockdev-run -d "$SCRATCH/device.umockdev" -- udevadm test -a add \
        /devices/pci0000:00/0000:00:14.0/usb1/1-4 >"$SCRATCH/out" 2>&1
    # From systemd 257 on what came of it stands indented below headings.
    sed -i -e 's/^  //' -e "s/^RUN{builtin} : \(.*\)/run: '\1'/" "$SCRATCH/out"
    grep -E "kwit-receipt.*(Invalid|Unknown|ignoring|error)" "$SCRATCH/out" && complain "udevadm does not like the rules"
}
is_printer() { # name vid pid class serial expected-name
    name=$1
    run_udev "$2" "$3" "$4" "$5"
    grep -q '^KWIT_RECEIPT=1' "$SCRATCH/out" || complain "is not taken for a receipt printer"
    grep -qE '70-kwit-receipt.rules:[0-9]+ (GROUP|OWNER)? *GROUP 7|70-kwit-receipt.rules:[0-9]+.*GROUP.*(lp|7)$' "$SCRATCH/out" ||
        complain "does not get group lp"
    grep -qE '70-kwit-receipt.rules:[0-9]+.*MODE 0660' "$SCRATCH/out" || complain "does not get mode 0660"
    grep -q '^TAGS=.*:uaccess:' "$SCRATCH/out" || complain "lacks the tag uaccess"
    grep -q "run: 'uaccess'" "$SCRATCH/out" || complain "the tag comes too late for the seat rules"
    grep -q '^DEVLINKS=.*/dev/receipt/by-path/1-4' "$SCRATCH/out" || complain "has no link by path"
    grep -q '^SYSTEMD_WANTS=.*kwit-flush@1-4.service' "$SCRATCH/out" || complain "does not start the flush"
    if [ -n "$6" ]; then
        grep -q "^DEVLINKS=.*/dev/receipt/by-serial/$6\( \|$\)" "$SCRATCH/out" || complain "has no link by-serial/$6"
    else
        grep -q '^DEVLINKS=.*by-serial' "$SCRATCH/out" && complain "has a link by a serial that names nothing"
    fi
}
is_nothing() {
    name=$1
    run_udev "$2" "$3" "$4" "$5" "$6"
    grep -q '^DEVTYPE=usb_device' "$SCRATCH/out" || complain "udevadm did not run"
    grep -E 'kwit-receipt.rules:[0-9]+ (GROUP|MODE|LINK|ATTR.*writing|RUN)|^KWIT_|/dev/receipt|kwit-flush@' "$SCRATCH/out" &&
        complain "is touched and is no receipt printer"
}

is_printer "Epson TM-T20II"           04b8 0e15 070102 J4HF012345 04b8-0e15-J4HF012345
is_printer "Epson in vendor class"    04b8 0202 ff0000 X2ZF001 04b8-0202-X2ZF001
is_printer "Epson 0202 in class 7"    04b8 0202 070102 X2ZF001 04b8-0202-X2ZF001
is_printer "Star TSP650II"            0519 0001 070102 2340515 0519-0001-2340515
is_printer "Bixolon SRP-350II"        1504 001f 070102 SRP0013A 1504-001f-SRP0013A
is_printer "board without serial"     0416 5011 070102 ""
is_printer "board with zeros"         0416 5011 070102 00000000
is_printer "board counting up"        0483 5743 070102 0123456789
is_printer "serial shared by row"     28e9 0289 070101 GD32ABCD
is_nothing "Epson inkjet"             04b8 089c 070102 ABC123
is_nothing "HP laser printer"         03f0 2b17 070102 VNC3R01234
is_nothing "Xerox under Samsung's id" 0419 3001 070102 ABC123
is_nothing "adapter cable"            067b 2305 070102 ""
is_nothing "printer gadget"           0525 a4a8 070102 ""
is_nothing "adapter with a Citizen's id" 2730 0fff 070102 ""
is_nothing "adapter in printers and labellers" 0fe6 811e 070102 ""
is_nothing "label printer of a till printer's id" 20d1 7008 070102 ""
is_nothing "label printer"            2d37 62de 070102 ""
is_printer "Bematech MP-4200 TH"      0b1b 0003 070102 BM001 0b1b-0003-BM001
is_printer "Samsung SRP-350"          0419 3c00 070102 ""
is_nothing "keyboard"                 046d c31c 030101 ""
is_nothing "disk"                     0781 5583 080650 4C53000131
is_nothing "STM32 modem of a printer's id" 0483 5740 020201 3066324
is_nothing "STM32 disk of a printer's id"  0483 5720 080650 ABC123
is_nothing "hub of a printer's vendor"     0519 0001 090000 "" 09
is_nothing "vendor class of a class 7 id"  04b8 0e15 ff0000 J4HF012345

# What has no row but says by its 1284 id that it speaks ESC/POS, as usblp has read it.
SAYS="MFG:Nobody;CMD:ESC/POS;MDL:NB-80;CLS:PRINTER;"
is_printer "one that says what it speaks" 1234 5680 070102 "N00017" 1234-5680-N00017
SAYS="MFG:Nobody;CMD:ESC/POS,TSPL;MDL:NB-80L;CLS:PRINTER;"
is_nothing "label printer that speaks both" 1234 5681 070102 "N00018"
SAYS="MFG:Nobody;CMD:PCL,PJL;MDL:Office;CLS:PRINTER;"
is_nothing "page printer that says what it speaks" 1234 5682 070102 "N00019"
SAYS=

# Of two printers with one serial number the first keeps the link.
TWIN=04b8-0e15-TWIN01
is_printer "the second of two twins"  04b8 0e15 070102 TWIN01 ""
TWIN=

# The one line that the manual gives for a printer without a row, with the ids of one that has none.
sed -n 's/^    \(ACTION!="remove", SUBSYSTEM=="usb".*\)/\1/p' "$source/cli/manual/printers.md" >/run/udev/rules.d/69-kwit-own.rules
[ -s /run/udev/rules.d/69-kwit-own.rules ] || { name=manual complain "has no line for a printer without a row"; }
is_printer "one by the manual's line" 1234 5678 070102 "A1B2C3" 1234-5678-A1B2C3
is_nothing "its neighbour"            1234 5679 070102 "A1B2C3"

# The names in the hardware database are found by the ids that the kernel writes.
if command -v systemd-hwdb >/dev/null; then
    name="hardware database"
    mkdir -p "$SCRATCH/root/etc/udev/hwdb.d"
    cp "$BUILD/udev/70-kwit-receipt.hwdb" "$SCRATCH/root/etc/udev/hwdb.d/"
    systemd-hwdb --strict --root="$SCRATCH/root" update >"$SCRATCH/out" 2>&1 || complain "$(cat "$SCRATCH/out")"
    systemd-hwdb --root="$SCRATCH/root" query usb:v04B8p0E15d0100dc00dsc00dp00 2>/dev/null | grep -q 'KWIT_PROFILE=tm-t20ii' ||
        echo "(this systemd-hwdb queries only the machine's own database)"
fi
grep -qE 'MODE="?0?666|GROUP="(plugdev|users)"' "$rules" && { name=rules complain "something is open to the world"; }
if command -v systemd-analyze >/dev/null; then
    name="flush unit"
    sed "s|^ExecStart=[^ ]*|ExecStart=/bin/true|" "$source/udev/kwit-flush@.service.in" >"$SCRATCH/kwit-flush@.service"
    systemd-analyze verify --man=no "$SCRATCH/kwit-flush@1-4.service" 2>&1 | grep -F kwit-flush && complain "systemd complains"
    systemd-analyze security --offline=yes --threshold=25 "$SCRATCH/kwit-flush@.service" >"$SCRATCH/out" 2>&1 ||
        complain "$(tail -1 "$SCRATCH/out")"
fi
exit $bad
