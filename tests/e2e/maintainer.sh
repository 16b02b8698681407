#!/bin/bash
# maintainer.sh - who answers for the packages is who MAINTAINER names, in what dpkg and rpm are told; without it an address that
# reaches nobody, and the scripts say so. The packagers' tools are stood in for: what they were given is what is looked at.
bad=0
fail() { echo "FAILED  $1"; bad=1; }
mkdir -p "$SCRATCH/tools" "$SCRATCH/tree" && cp -r udev include "$SCRATCH/tree/" && cd "$SCRATCH/tree" || exit 1
printf '#!/bin/sh\ncat debian/control debian/changelog >../../../given\ntouch ../kwit_1.deb\n' >"$SCRATCH/tools/dpkg-buildpackage"
printf '#!/bin/sh\nprintf "%%s\\n" "$@" >given\nmkdir -p build/rpm/RPMS && touch build/rpm/RPMS/kwit.rpm\n' >"$SCRATCH/tools/rpmbuild"
printf '#!/bin/sh\necho amd64\n' >"$SCRATCH/tools/dpkg"
printf '#!/bin/sh\n' >"$SCRATCH/tools/dh"
chmod +x "$SCRATCH"/tools/*
export PATH=$SCRATCH/tools:$PATH
unset MAINTAINER
for kind in deb rpm; do
    sh udev/$kind.sh build >said 2>&1 || fail "$kind: $(cat said)"
    grep -q 'MAINTAINER=' said || fail "$kind without a maintainer does not say how to name one"
    [ $kind = rpm ] || grep -q '^Maintainer: .*@.*\.invalid>$' given || fail "$kind: the placeholder is an address that might reach somebody"
    MAINTAINER='Tills & Co. | North <packages@corner.example>' sh udev/$kind.sh build >said 2>&1 || fail "$kind: $(cat said)"
    grep -q 'MAINTAINER=' said && fail "$kind with a maintainer asks for one"
    grep -q invalid given && fail "$kind: the placeholder stays: $(grep invalid given)"
    for wrong in anna 'anna@corner.example' 'Anna <anna>' 'Anna, Jan <a@corner.example>' 'Anna <a@corner.example> <b@corner.example>'; do
        MAINTAINER=$wrong sh udev/$kind.sh build >said 2>&1 && fail "$kind: $wrong is taken"
        grep -qF "MAINTAINER is \`$wrong\`" said || fail "$kind: $wrong is refused without a word: $(cat said)"
    done
done
sh udev/deb.sh build >said 2>&1 && MAINTAINER='Tills & Co. | North <packages@corner.example>' sh udev/deb.sh build >said 2>&1
[ "$(grep -c 'Tills & Co. | North <packages@corner.example>' given)" -ge 2 ] || fail "the name in control and changelog: $(grep -F @ given)"
MAINTAINER='Tills <packages@corner.example>' sh udev/rpm.sh build >said 2>&1
grep -qx 'packager Tills <packages@corner.example>' given || fail "rpm is not told: $(cat given)"
exit $bad
