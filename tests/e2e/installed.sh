#!/bin/bash
# installed.sh - what `make install` puts into DESTDIR works from there: the command prints and finds its modules, a program
# compiles against the header and the library with pkg-config, and uninstall leaves nothing.
# INSTALLED names a root that is already filled (distcheck); else it is filled from the build at hand.
set -u
bad=0
fail() { echo "FAILED  $1"; bad=1; }
root=${INSTALLED:-$SCRATCH/root} build=$(dirname "$KWIT")
if [ -z "${INSTALLED:-}" ]; then
    (umask 077 && make --no-print-directory BUILD="${build#"$PWD"/}" install DESTDIR="$root" PREFIX=/usr >"$SCRATCH/install.log" 2>&1) ||
        { tail -20 "$SCRATCH/install.log"; exit 1; }
    closed=$(find "$root" ! -type l ! -perm -o=r ! -path '*/cups/backend/kwit')
    [ -z "$closed" ] || fail "with root's umask these are for root alone: $closed"
fi
kwit=$root/usr/bin/kwit
[ -x "$kwit" ] || { echo "no $kwit"; exit 1; }
mkdir -p "$SCRATCH/state"
printf '[printer]\nuri = sim:%s/paper?profile=tm-t20iii\n' "$SCRATCH" >"$SCRATCH/kwit.conf"
# Away from the source tree, so that only the installation can be used.
run() { (cd "$SCRATCH" && "$kwit" --config "$SCRATCH/kwit.conf" --state "$SCRATCH/state" "$@"); }
run print "$PWD/tests/fixtures/sales/example.json" >"$SCRATCH/print.log" 2>&1 || { cat "$SCRATCH/print.log"; fail "the installed command does not print"; }
[ -s "$SCRATCH/paper/0001.png" ] || fail "there is no paper"
cat >"$SCRATCH/persian.json" <<'END'
{"kwit":1,"id":"I-1","time":"2026-11-22T14:03:11+03:30","locale":"fa-IR","currency":"IRR",
 "lines":[{"name":"نان سنگک","quantity":"2","unit_price":"150000","total":"300000"}],"total":"300000"}
END
if ls "$build"/kwit-text.so >/dev/null 2>&1; then
    run print "$SCRATCH/persian.json" >"$SCRATCH/print.log" 2>&1 || { cat "$SCRATCH/print.log"; fail "the text module is not found"; }
    grep -q 'U+0646' "$SCRATCH/paper/0002.txt" 2>/dev/null && fail "Persian letters are named, not drawn"
fi
# Where 64-bit libraries have a directory of their own (LIBDIR=/usr/lib64, as the RPM packages do it), too.
mkdir -p "$root/usr/lib64" && mv "$root/usr/lib/kwit" "$root/usr/lib64/kwit"
run preview "$SCRATCH/persian.json" -o "$SCRATCH/persian.txt" >"$SCRATCH/print.log" 2>&1 || fail "nothing is drawn with modules in lib64"
grep -q 'U+0646' "$SCRATCH/persian.txt" && { cat "$SCRATCH/print.log"; fail "modules in lib64 are not found"; }
mv "$root/usr/lib64/kwit" "$root/usr/lib/kwit" && rmdir "$root/usr/lib64"
if ls "$build"/kwit-usb.so >/dev/null 2>&1; then
    run devices >"$SCRATCH/devices.log" 2>&1
    grep -q 'kwit-usb.so' "$SCRATCH/devices.log" && { cat "$SCRATCH/devices.log"; fail "the USB module is not found"; }
fi
# What the command says of itself stands in its manual pages, which are clean, and is completed.
man=$root/usr/share/man
for command in $("$kwit" --help | awk '/^  [a-z]/ { print $1 }'); do
    grep -q "kwit-$command(1)" "$man/man1/kwit.1" || fail "kwit(1) does not name $command"
    tr -d '\\' <"$man/man1/kwit-$command.1" >"$SCRATCH/page" || fail "there is no kwit-$command(1)"
    for option in $("$kwit" "$command" --help | awk '/^  -/ { print $1 }'); do
        grep -q -e "^fB$option" "$SCRATCH/page" || fail "kwit-$command(1) does not name $option"
    done
done
for status in 0 64 65 66 69 70 74 75 76 77 78 79; do
    grep -q "fB$status" "$man/man1/kwit.1" || fail "kwit(1) does not name exit status $status"
done
for page in kwit.conf.5 kwit-sale.5 kwit-administer.8 libkwit.3; do
    [ -s "$man/man${page##*.}/$page" ] || fail "there is no $page"
done
mandoc -T lint -W warning "$man"/man*/* || fail "manual pages are not clean"
for file in cli/manual/examples/*; do
    cmp -s "$file" "$root/usr/share/doc/kwit/examples/${file##*/}" || fail "${file##*/} is not among the installed examples"
done
run print "$root/usr/share/doc/kwit/examples/sale.json" >"$SCRATCH/print.log" 2>&1 || { cat "$SCRATCH/print.log"; fail "the installed sale does not print"; }
wide=$(for page in "$man"/man*/*; do
    MANWIDTH=80 man --warnings -E UTF-8 -Tutf8 -Z -l "$page" 2>&1 >/dev/null | grep -E "adjust|break line" | sed "s|^|${page##*/}: |"
done)
[ -z "$wide" ] || fail "a line or the column of a table cannot be filled or broken on 80 columns: $wide"
grep -F '\e|' "$man"/man*/* && fail "a bar in a table is printed behind a backslash"
grep -F '\\:' "$man"/man*/* && fail "a place to break is printed as signs"
whatis=$(lexgrog "$man"/man*/* 2>&1) || fail "whatis finds no name: $(grep failed <<<"$whatis")"
complete_words() {
    PATH=$root/usr/bin:$PATH bash -c '. "$1"; shift; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _kwit; echo "${COMPREPLY[*]}"' \
        - "$root/usr/share/bash-completion/completions/kwit" "$@"
}
[ "$(complete_words kwit --state /x prev)" = preview ] || fail "a command is not completed"
[ "$(complete_words kwit print --no-)" = --no-wait ] || fail "an option is not completed"
[ "$(complete_words kwit print --profile tm-t20x)" = tm-t20x ] || fail "a profile is not completed"
# A program of somebody else.
export PKG_CONFIG_PATH=$root/usr/lib/pkgconfig
flags=$(pkg-config --define-variable=prefix="$root/usr" --cflags --libs kwit) || fail "pkg-config does not know kwit"
cat >"$SCRATCH/caller.c" <<'END'
#include <kwit/kwit.h>
#include <stdio.h>
int main(void) { puts(kwit_version()); return 0; }
END
cat >"$SCRATCH/prints.c" <<'END'
#include <kwit/kwit.h>
int main(void)
{
    kwit_context *context;
    kwit_result *result;
    if (kwit_context_new(0, &context) < 0)
        return 1;
    kwit_print(context, "", 0, 0, &result);
    int status = kwit_result_exit(result) == 65 && !kwit_result_data(result, 0) ? 0 : 1;
    kwit_result_free(result);
    kwit_context_free(context);
    return status;
}
END
# shellcheck disable=SC2086,SC2046
${CC:-cc} -I"$root/usr/include" "$SCRATCH/prints.c" -o "$SCRATCH/prints" "$root/usr/lib/libkwit.a" \
    $(pkg-config --static --libs kwit | sed 's/-lkwit//') ${LDFLAGS:-} && "$SCRATCH/prints" || fail "a program does not link with libkwit.a"
# shellcheck disable=SC2086
${CC:-cc} -I"$root/usr/include" "$SCRATCH/caller.c" -o "$SCRATCH/caller" -L"$root/usr/lib" $flags &&
    [ "kwit $(LD_LIBRARY_PATH=$root/usr/lib "$SCRATCH/caller")" = "$("$kwit" --version)" ] || fail "a program does not link or run"
if [ -z "${INSTALLED:-}" ]; then
    make --no-print-directory BUILD="${build#"$PWD"/}" uninstall DESTDIR="$root" PREFIX=/usr >/dev/null 2>&1
    left=$(find "$root" ! -type d)
    [ -z "$left" ] || fail "uninstall leaves $left"
fi
exit $bad
