#!/bin/bash
# kernel.sh - printing through a true kernel: a guest with Debian's vhci_hcd, usblp, udevd and printer gadget.
#
# The guest's simulator plays the printer inside; a second one outside is attached over USB/IP. KERNEL_JOBS names
# the guest's scripts: others (who else wants a printer) runs in the long forms alone.
# takes minutes
cd "$(dirname "$0")/../.." || exit 1
out=$BUILD/kernel
bash tests/kernel/guest.sh "$BUILD" >"$SCRATCH/guest.log" 2>&1
case $? in
0) ;;
77) tail -1 "$SCRATCH/guest.log"; exit 77 ;;
*) tail -20 "$SCRATCH/guest.log"; echo "the guest could not be made"; exit 1 ;;
esac
coproc OUTSIDE { exec "$KWIT" simulate --usbip 127.0.0.1:0 --usb id=0519:0001,serial=OUTSIDE1,maker=Star --profile tsp650ii \
    --out "$SCRATCH/outside" </dev/null 2>&1; }
outside=$OUTSIDE_PID port=
trap 'kill $outside 2>/dev/null' EXIT
while [ -z "$port" ] && read -r said <&"${OUTSIDE[0]}"; do
    port=$(sed -n 's/.* port \([0-9]*\);.*/\1/p' <<<"$said")
done
[ -n "$port" ] || { echo "the simulator outside does not say where it listens"; exit 1; }
# TCG, so that it is the same everywhere and needs no rights.
timeout 2400 qemu-system-x86_64 -accel tcg -cpu qemu64 -smp 2 -m 512 -nographic -nodefaults -no-reboot -serial stdio \
    -nic user,model=virtio-net-pci -kernel "$out/vmlinuz" -initrd "$out/initrd.gz" \
    -append "console=ttyS0 quiet loglevel=2 panic=-1 usbip_port=$port jobs=${KERNEL_JOBS:-job,service}" </dev/null 2>&1 |
    tr -d '\r' | sed -un 's/\x1b[[?0-9;]*[A-Za-z]//g; /GUEST-UP/,$p' | tee "$SCRATCH/console"
grep -q '^GUEST-STATUS 0 ' "$SCRATCH/console" || { echo "the guest did not report success"; exit 1; }
grep -q '^not ok' "$SCRATCH/console" && exit 1
exit 0
