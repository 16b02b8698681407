#!/bin/sh
# till.sh SALE.json ID - prints a receipt and acts on what became of it.
sale=$1 id=$2 exit_status=137
for _ in 1 2 3; do
    text=$(kwit print "$sale" 2>&1) && exit_status=0 || exit_status=$?
    [ "$exit_status" -gt 128 ] || break          # kwit itself was killed: the same id again is safe
done
case $exit_status in
0) echo "done: $text" ;;
75) echo "the receipt prints by itself - $text" ;;
76)
    printf 'Did the receipt come out? [y/n] '
    read -r seen
    case $seen in
    [yY]*) kwit resolve "$id" --seen ;;
    *) kwit resolve "$id" --missing ;;
    esac ;;
126 | 127) echo "kwit is not installed: $text" ;;
*) echo "kwit: $text" ;;
esac
