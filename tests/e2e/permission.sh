#!/bin/bash
# permission.sh - a printer that this user may not open is exit 77, nothing is kept, and mending it prints the same sale.
[ "$(id -u)" = 0 ] && command -v setpriv >/dev/null || { echo "only root can become somebody without rights"; exit 77; }
here=$PWD bad=0
chmod 755 "$SCRATCH"
mkdir -m 777 "$SCRATCH/place" && cp tests/fixtures/sales/example.json "$SCRATCH/place/sale.json" && cd "$SCRATCH/place" || exit 1
mknod node c 1 3 || { echo "no device nodes can be made here"; exit 77; }
somebody() { setpriv --reuid=65534 --regid=65534 --clear-groups env -u KWIT_STATE_DIR HOME="$PWD" "$KWIT" --state "$PWD/state" "$@"; }
expect() { [ "$2" = "$3" ] && echo "ok      $1" || { echo "FAILED  $1: $3, wanted $2"; bad=1; }; }
setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$KWIT" || { cd "$here"; echo "the build cannot be reached by another user"; exit 77; }

chmod 600 node
line=$(somebody print sale.json --printer "file:$PWD/node" --profile tm-t20iii --json --timeout 3)
expect a_printer_without_rights_is_exit_77 77 $?
expect the_line_says_permission permission "$(python3 -c 'import json,sys; print(json.load(sys.stdin)["reason"])' <<<"$line")"
expect nothing_is_kept False "$(python3 -c 'import json,sys; print(json.load(sys.stdin)["kept"])' <<<"$line")"
chmod 666 node
expect the_same_sale_prints_once_it_is_mended sent "$(somebody print sale.json --printer "file:$PWD/node" --profile tm-t20iii --json |
    python3 -c 'import json,sys; print(json.load(sys.stdin)["outcome"])')"
exit $bad
