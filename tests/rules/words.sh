#!/bin/bash
# words.sh - no word of a row fills its place to the last byte: C leaves out the NUL behind such a one and says nothing.
# shellcheck disable=SC2046,SC2016
flags="-std=c11 -D_GNU_SOURCE -Iinclude -Idriver -I${BUILD:-build}/gen $(pkg-config --cflags freetype2 raqm libpq libusb-1.0)"
said=$(grep -lE '#include "[a-z_/]*\.def"|static const.*char .*\[' $(find driver cli -name '*.c') |
    xargs -P 2 -I{} sh -c 'gcc "$@" -fsyntax-only -Wno-all -Wc++-compat "{}" 2>&1 | grep -E "error:|array of .char. is too long"' sh $flags)
[ -z "$said" ] || { echo "$said"; echo "give the place of each such word a byte more"; exit 1; }
