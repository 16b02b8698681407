#!/bin/bash
# coverage.sh MAKE - runs every test on a build that counts, and prints what no test walks: tests/coverage.py reads gcov.
make=$1
cd "$(dirname "$0")/.." || exit 1
build=build/coverage
find $build -name '*.gcda' -delete 2>/dev/null
# shellcheck disable=SC2086
$make --no-print-directory BUILD=$build CFLAGS="-O0 -g --coverage -fprofile-update=atomic" LDFLAGS=--coverage all unit-programs || exit 1
ln -sfn . $build/sanitize       # run.sh looks for the unit programs there
LDFLAGS=--coverage bash tests/run.sh $build || echo "coverage: some tests failed; the numbers below are short of theirs"
# The tests of USB run as an ordinary user, who may not write beside root's counts until he is let.
find $build/obj -type d -exec chmod a+rwx {} + -o -name '*.gcda' -exec chmod a+rw {} +
bash tests/run.sh $build unit 'test_(usb|devices|doctor)'
find "$PWD/$build/obj/driver" "$PWD/$build/obj/cli" -name '*.gcda' -print0 |
    xargs -0 gcov --json-format --stdout --branch-probabilities 2>/dev/null | python3 tests/coverage.py "$PWD"
