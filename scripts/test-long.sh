#!/usr/bin/env bash
# `make test-long`: the tests marked `long`, under an hour together, on every
# processor; those marked `alone` after them, one at a time; then the real Bluetooth stack.
# That there is no long test is no failure. Where no guest can be started, that is one, unless
# CIRCLET_WITHOUT_BLUEZ=1 says that it's known.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
failures=0

run_share() {
    scripts/share.sh "$1" tests -m "$2" --timeout 3000
    case $? in
        0) verdict="passed" ;;
        5) verdict="passed, 0 tests: nothing longer than make test yet" ;;
        *) verdict="FAILED"; failures=1 ;;
    esac
}
export SHARE_LIMIT=3600
run_share long "long and not alone"
long=$verdict
run_share alone "long and alone"
alone=$verdict

if [ "${CIRCLET_WITHOUT_BLUEZ:-}" = 1 ]; then
    bluez="NOT RUN: CIRCLET_WITHOUT_BLUEZ=1; the link was not seen on a real Bluetooth stack"
else
    scripts/test-bluez.sh
    case $? in
        0) bluez="passed" ;;
        75) bluez="FAILED: no guest can be started here (see above); CIRCLET_WITHOUT_BLUEZ=1 goes on \
without it and says so"; failures=1 ;;
        *) bluez="FAILED"; failures=1 ;;
    esac
fi

printf '\ntest-long: %s\nby themselves: %s\ntest-bluez: %s\n' "$long" "$alone" "$bluez"
exit $failures
