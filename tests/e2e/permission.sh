#!/bin/bash
# permission.sh - a printer that this user may not open is exit 77, nothing is kept, and mending it prints the same sale; each
# other thing that this user may not use is told with its place and a mend, and the doctor's mend, run as root, mends it.
# as root
[ "$(id -u)" = 0 ] && command -v setpriv >/dev/null || { echo "only root can become somebody without rights"; exit 77; }
bad=0
. tests/support/reach.sh
mkdir -m 777 "$SCRATCH/place" && cp tests/fixtures/sales/example.json "$SCRATCH/place/sale.json" && cd "$SCRATCH/place" || exit 1
mkfifo node && exec 9<>node || exit 1          # a printer's file that anybody can make, and whoever reads what is sent
cat <&9 >/dev/null &
trap 'kill $!' EXIT
somebody() { setpriv --reuid=65534 --regid=65534 --clear-groups env -u KWIT_STATE_DIR HOME="$PWD" "$KWIT" --state "$PWD/state" "$@"; }
expect() { [ "$2" = "$3" ] && echo "ok      $1" || { echo "FAILED  $1: $3, wanted $2"; bad=1; }; }

chmod 600 node
line=$(somebody print sale.json --printer "file:$PWD/node" --profile tm-t20iii --json --timeout 3)
expect a_printer_without_rights_is_exit_77 77 $?
expect the_line_says_permission permission "$(python3 -c 'import json,sys; print(json.load(sys.stdin)["reason"])' <<<"$line")"
expect nothing_is_kept False "$(python3 -c 'import json,sys; print(json.load(sys.stdin)["kept"])' <<<"$line")"
chmod 666 node
expect the_same_sale_prints_once_it_is_mended sent "$(somebody print sale.json --printer "file:$PWD/node" --profile tm-t20iii --json |
    python3 -c 'import json,sys; print(json.load(sys.stdin)["outcome"])')"

says() { # name status words arguments…
    local name=$1 status=$2 words=$3 got=0
    shift 3
    somebody "$@" >out 2>&1 || got=$?
    [ $got = "$status" ] && grep -qF -e "$words" out && echo "ok      $name" || { echo "FAILED  $name: $got, wanted $status and \"$words\":"; cat out; bad=1; }
}
mends() { # name words arguments…: refused so, then the doctor's mend is run for this user, and it is not refused
    local name=$1 words=$2
    shift 2
    says "$name" 77 "$words" --config "$PWD/kwit.conf" "$@"
    somebody --config "$PWD/kwit.conf" doctor >out 2>&1
    local mend
    mend=$(sed -n 's/^ *mend: sudo //p' out | sed "s/\"\$(id -un)\"/65534/")
    sh -c "${mend:-false}" || { echo "FAILED  $name: no mend that runs:"; cat out; bad=1; }
    says "$name, mended" 0 printed --config "$PWD/kwit.conf" "$@"
}
sale() { sed "s/S-2026-000123/$1/" sale.json >"$1.json" && chmod 644 "$1.json"; }
rm -rf state && mkdir -m 700 state && mkdir -m 700 paper && mkdir -m 777 others
printf '[printer]\nuri = sim:%s/others?profile=tm-t20iii\n' "$PWD" >kwit.conf
sale P-1; sale P-2; sale P-3; sale P-4
says a_state_of_somebody_else_by_its_command 77 "run: sudo chown \"\$(id -un)\" '$PWD/state'" --config "$PWD/kwit.conf" print P-1.json
mends a_state_of_somebody_else "the state directory cannot be written" print P-1.json
chmod 600 kwit.conf
mends a_configuration_of_somebody_else "$PWD/kwit.conf: the configuration cannot be read" print P-2.json
setfacl -b kwit.conf && chmod 644 kwit.conf
sale P-5 && mkdir -m 700 etc && cp kwit.conf etc/kwit.conf && chmod 644 etc/kwit.conf
says a_configuration_behind_a_closed_door 77 "mend: sudo setfacl -m u:\"\$(id -un)\":x '$PWD/etc'" --config "$PWD/etc/kwit.conf" doctor
setfacl -m u:65534:x etc
says what_its_door_lets_in 0 printed --config "$PWD/etc/kwit.conf" print P-5.json
sed -i "s|others|paper|" kwit.conf
mends paper_of_somebody_else "$PWD/paper/wire.bin: Permission denied; give it a directory" print P-3.json
chmod 600 P-4.json
says a_sale_of_somebody_else 66 "P-4.json: Permission denied; let this user read it, or hand it over on standard input" print P-4.json
says a_folder_for_a_sale 66 "name a file in it" print "$PWD"
says paper_where_one_may_not_write 74 "name a place where this user may write" preview P-1.json -o /kwit-may-not.png
says paper_in_no_folder 74 "make its directory first" preview P-1.json -o "$PWD/no/paper.png"
touch file && says a_state_that_is_a_file 74 "a file has its name" --state "$PWD/file" --config "$PWD/kwit.conf" print P-1.json
"$KWIT" --config "$PWD/kwit.conf" --state "$PWD/keys" survey key new >/dev/null && chmod 755 keys keys/keys && chmod 600 keys/keys/terminal.key
printf '[survey]\nurl = https://x.example/{token}\nkey_file = %s\n' "$PWD/keys/keys/terminal.key" >>kwit.conf
says a_key_of_somebody_else 78 "kwit.conf:5: \`key_file = $PWD/keys/keys/terminal.key\`: Permission denied; let the user of kwit read it" \
    --config "$PWD/kwit.conf" config check
says the_doctors_word_for_it 0 "mend: sudo setfacl -m u:\"\$(id -un)\":r '$PWD/keys/keys/terminal.key'" --config "$PWD/kwit.conf" doctor
setfacl -m u:65534:r keys/keys/terminal.key
says a_key_that_may_be_read 0 "the till's key is there" --config "$PWD/kwit.conf" doctor
echo nonsense >keys/keys/terminal.key
says a_key_that_is_none 78 "this is no key of a till; name the file" --config "$PWD/kwit.conf" config check
exit $bad
