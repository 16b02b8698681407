#!/bin/sh
# dry.sh - in place of each program that changes a machine: takes what that would take, and changes nothing.
#
# It is called by the name of the program, and ends with 64 at arguments that the program would not take.
name=${0##*/}
refuse() {
    echo "$name would not take: $*" >&2
    exit 64
}
case $name in
sudo) exec "$@" ;;
kwit)
    while [ "$1" = --config ] || [ "$1" = --state ]; do
        [ -e "$2" ] || refuse "$@"
        shift 2
    done
    case "$*" in
    "config check" | "config show" | "devices" | "journal prune" | "survey key --help") ;;
    *) refuse "$@" ;;
    esac ;;
kwit-admit) [ $# = 1 ] && id "$1" >/dev/null || refuse "$@" ;;
lpadmin) [ $# = 2 ] && [ "$1" = -x ] || refuse "$@" ;;
lpstat) [ "$*" = -v ] || [ "$*" = -o ] || refuse "$@" ;;
mount)
    case "$*" in
    "-t sysfs sysfs /sys") ;;
    *) [ "$1 $2" = "-o remount,rw" ] && [ $# = 3 ] && [ -d "$3" ] || refuse "$@" ;;
    esac ;;
newgrp) [ $# = 1 ] && getent group "$1" >/dev/null || refuse "$@" ;;
tee)
    case "$*" in
    /sys/bus/usb/devices/*/power/control) [ -e "$1" ] && [ "$(cat)" = on ] || refuse "$@" ;;
    *) refuse "$@" ;;
    esac ;;
timedatectl) [ "$*" = "set-ntp true" ] || refuse "$@" ;;
udevadm)
    case "$*" in
    "control --reload" | "trigger --subsystem-match=usb") ;;
    *) refuse "$@" ;;
    esac ;;
usbip) [ "$1 $2" = "unbind -b" ] && [ $# = 3 ] && [ -e "/sys/bus/usb/devices/$3" ] || refuse "$@" ;;
usermod) [ "$1" = -aG ] && [ $# = 3 ] && getent group "$2" >/dev/null && id "$3" >/dev/null || refuse "$@" ;;
*) refuse "$@" ;;
esac
