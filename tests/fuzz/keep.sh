#!/bin/bash
# keep.sh - packs what the searches have learnt into learnt.tar.xz, where the next one begins.
cd "$(dirname "$0")/../.." || exit 1
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf - -C build/fuzz/corpus . | xz -9 >tests/fuzz/learnt.tar.xz &&
    ls -l tests/fuzz/learnt.tar.xz
