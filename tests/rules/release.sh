#!/bin/bash
# release.sh - the version stands in kwit.h; the packages' changelog opens with the same, and every script of theirs is sound.
bad=0
complain() { echo "$1"; bad=1; }
version=$(sed -n 's/^.define KWIT_VERSION "\(.*\)"/\1/p' include/kwit/kwit.h)
first=$(sed -n '1s/^kwit (\([^)]*\)).*/\1/p' udev/debian/changelog)
[ -n "$version" ] && [ "$version" = "$first" ] ||
    complain "include/kwit/kwit.h is version $version, udev/debian/changelog opens with ${first:-nothing}: a release says the same in both"
for script in udev/*.sh udev/debian/kwit.post* udev/debian/tests/*[!l]; do
    sh -n "$script" || complain "$script: is no shell script"
done
# What only the headers promise is not yet in the library.
while read -r call; do
    grep -q "^        $call;" driver/api/libkwit.map ||
        complain "$call is declared in include/kwit and has no row in driver/api/libkwit.map: it would not be exported"
done < <(sed -n 's/^KWIT_API .*\(kwit_[a-z_]*\)(.*/\1/p' include/kwit/kwit.h include/kwit/tool.h)
exit $bad
