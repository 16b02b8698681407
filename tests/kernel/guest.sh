#!/bin/bash
# guest.sh BUILD - makes BUILD/kernel/vmlinuz and BUILD/kernel/initrd.gz: a Debian kernel, the modules that USB needs,
# busybox, systemd, its udevd with our rules, and the built kwit. Needs no root. Exits 77 where something cannot be had.
set -eo pipefail
build=$1 here=$(cd "$(dirname "$0")" && pwd) tree=${here%/tests/kernel}
out=$build/kernel base=$build/kernel/base root=$build/kernel/root
missing() { echo "$1: the kernel's own USB is NOT tested"; exit 77; }
for tool in qemu-system-x86_64 cpio depmod modprobe dpkg-deb apt-get udevadm gzip; do
    command -v $tool >/dev/null || [ -x /sbin/$tool ] || missing "no $tool here"
done
export PATH=$PATH:/sbin:/usr/sbin
[ -x /bin/busybox ] && ! ldd /bin/busybox >/dev/null 2>&1 || missing "no static busybox here"
[ "$(uname -m)" = x86_64 ] || missing "this machine is no x86_64"
mkdir -p "$out/cache"

# The kernel package is unpacked, never installed; only the needed part is kept.
modules="vhci-hcd usblp dummy_hcd libcomposite usb_f_printer virtio_pci virtio_net configfs"
if [ ! -f "$base/complete" ]; then
    package=$(apt-cache depends linux-image-amd64 2>/dev/null | awk '/Depends: linux-image/{print $2; exit}')
    [ -n "$package" ] || missing "no Debian kernel package is known (apt-get update?)"
    ls "$out/cache/$package"_*.deb >/dev/null 2>&1 || (cd "$out/cache" && apt-get download -q "$package" >/dev/null 2>&1) ||
        missing "the package $package cannot be downloaded"
    rm -rf "$base" "$out/unpacked" && mkdir -p "$base" "$out/unpacked"
    # Debian 13 has modules below /usr, and packed.
    dpkg-deb --fsys-tarfile "$out/cache/$package"_*.deb | tar x -C "$out/unpacked" --wildcards \
        --transform='s,^\./usr/lib/,./lib/,' './boot/vmlinuz-*' '*/lib/modules/*/modules.*' \
        '*/lib/modules/*/kernel/drivers/usb/*' '*/lib/modules/*/kernel/drivers/virtio/*' \
        '*/lib/modules/*/kernel/drivers/net/virtio_net.ko*' '*/lib/modules/*/kernel/net/core/*' \
        '*/lib/modules/*/kernel/drivers/net/net_failover.ko*' '*/lib/modules/*/kernel/fs/configfs/*'
    find "$out/unpacked/lib/modules" -name '*.ko.xz' -exec xz -d {} +
    version=$(basename "$out"/unpacked/lib/modules/*)
    depmod -b "$out/unpacked" "$version"
    for module in $modules; do
        modprobe -d "$out/unpacked" -S "$version" --show-depends $module 2>/dev/null || true
    done | sed -n 's/^insmod \(.*[.]ko\).*/\1/p' | sort -u | while read -r file; do
        name=lib/modules/${file##*/lib/modules/}
        mkdir -p "$base/$(dirname "$name")"
        cp "$out/unpacked/$name" "$base/$name"
    done
    cp "$out/unpacked/lib/modules/$version"/modules.{builtin,builtin.modinfo,order} "$base/lib/modules/$version/"
    depmod -b "$base" "$version"
    cp "$out/unpacked/boot/vmlinuz-$version" "$out/vmlinuz"
    rm -rf "$out/unpacked"
    touch "$base/complete"
fi

# A program with the libraries it names; a link keeps its name.
add() { # file [place]
    local place=$root${2:-/bin/$(basename "$1")}
    mkdir -p "$(dirname "$place")"
    cp -L "$1" "$place"
    { ldd "$1" 2>/dev/null || true; } | grep -oE '/[^ ]+' | sort -u | while read -r library; do
        mkdir -p "$root$(dirname "$library")"
        cp -Lu "$library" "$root$library"
    done
}
rm -rf "$root"
mkdir -p "$root"/{bin,sbin,etc,proc,sys,dev,run,tmp,var,usr/bin,usr/lib/udev/rules.d,lib/systemd,var/till}
cp -a "$base/lib" "$root/"
cp /bin/busybox "$root/bin/busybox"
for applet in $(/bin/busybox --list); do
    [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"
done
add "$(command -v udevadm)" /bin/udevadm
ln -s /bin/udevadm "$root/lib/systemd/systemd-udevd"
ln -s /usr/lib/udev "$root/lib/udev"
for rules in 50-udev-default 70-uaccess 71-seat 73-seat-late 99-systemd; do
    cp /usr/lib/udev/rules.d/$rules.rules "$root/usr/lib/udev/rules.d/" 2>/dev/null || true
done
# systemd with the few units that it cannot do without, and ours.
if [ -x /lib/systemd/systemd ]; then
    add /lib/systemd/systemd /lib/systemd/systemd
    # From its version 254 on each service is begun by a program beside it.
    executor=/usr/lib/systemd/systemd-executor
    [ ! -x $executor ] || add $executor $executor
    add "$(command -v systemctl)" /usr/bin/systemctl
    mkdir -p "$root"/etc/systemd/system "$root"/usr/lib/systemd/system
    for unit in sysinit basic local-fs shutdown umount; do
        cp /lib/systemd/system/$unit.target "$root/usr/lib/systemd/system/"
    done
    cp "$here/bed.service" "$root/etc/systemd/system/"
    : >"$root/etc/machine-id"
fi
for tool in setfacl getfacl usbip; do
    path=$(command -v $tool || ls /usr/sbin/$tool 2>/dev/null) && add "$path" /usr/bin/$tool || true
done

# Who else prints: CUPS with what a queue of raw bytes needs.
cups=/usr/lib/cups
if [ -x /usr/sbin/cupsd ] && [ -e $cups/backend/usb ]; then
    for file in /usr/sbin/cupsd /usr/sbin/lpadmin /usr/bin/lp /usr/bin/lpstat $cups/backend/usb $cups/daemon/cups-exec; do
        add $file "${file/\/sbin\//\/bin\/}"
    done
    mkdir -p "$root/usr/share/cups" "$root/etc/cups"
    cp -r /usr/share/cups/mime /usr/share/cups/usb "$root/usr/share/cups/"
    cp "$here/cupsd.conf" "$root/etc/cups/"
    printf 'SystemGroup root\nSandboxing relaxed\nErrorLog /tmp/cups.log\nAccessLog /dev/null\n' >"$root/etc/cups/cups-files.conf"
fi

# And what brings printers that speak IPP over USB onto the network.
if [ -x /usr/sbin/ipp-usb ]; then
    add /usr/sbin/ipp-usb
    mkdir -p "$root/etc/ipp-usb" "$root"/var/{log/ipp-usb,ipp-usb/lock,ipp-usb/dev}
    printf '[network]\ndns-sd = disable\n' >"$root/etc/ipp-usb/ipp-usb.conf"
fi

# kwit as `make install` puts it.
(cd "$tree" && make -s install PREFIX=/usr BUILD="${build#"$tree/"}" DESTDIR="${root#"$tree/"}" >/dev/null)
for file in "$root/usr/bin/kwit" "$root"/usr/lib/kwit/*.so; do
    { ldd "$file" 2>/dev/null || true; } | grep -oE '/[^ ]+' | sort -u | while read -r library; do
        mkdir -p "$root$(dirname "$library")"
        cp -Lu "$library" "$root$library"
    done
done
for library in $(ldconfig -p | awk '/libqrencode.so.4|libzint.so.2/{print $NF}'); do
    add "$library" "$library"
done
rm -rf "$root"/usr/include "$root"/usr/lib/*.a "$root"/usr/lib/libkwit.so* "$root"/usr/lib/pkgconfig

printf '%s\n' root:x:0:0:root:/:/bin/sh lp:x:7:7::/:/bin/false till:x:1000:1000::/var/till:/bin/sh guest:x:1001:1001::/tmp:/bin/sh \
    kwit:x:990:990::/var/lib/kwit:/bin/false >"$root/etc/passwd"
printf '%s\n' root:x:0: lp:x:7:kwit kwit:x:990:till till:x:1000: guest:x:1001: tty:x:5: dialout:x:20: disk:x:6: \
    cdrom:x:24: tape:x:26: video:x:44: audio:x:29: kmem:x:15: input:x:105: kvm:x:106: render:x:107: sgx:x:108: \
    >"$root/etc/group"
printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$root/etc/nsswitch.conf"
cp "$here/init" "$root/init" && chmod 755 "$root/init"
cp "$here"/{job,others,service,checks}.sh "$root/"
cp "$here/../fixtures/sales/cafe-pl.json" "$root/sale.json"
(cd "$root" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) >"$out/initrd.gz.new"
mv "$out/initrd.gz.new" "$out/initrd.gz"
