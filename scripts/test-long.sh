#!/usr/bin/env bash
# `make test-long`: the tests marked `long`, under an hour together, then the real Bluetooth stack.
# That there is no long test is no failure. Where no guest can be started, that is one, unless
# CIRCLET_WITHOUT_BLUEZ=1 says that it's known.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
failures=0

SHARE_LIMIT=3600 scripts/share.sh long tests -m long --timeout 3000
case $? in
    0) long="passed" ;;
    5) long="passed, 0 tests: nothing longer than make test yet" ;;
    *) long="FAILED"; failures=1 ;;
esac

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

printf '\ntest-long: %s\ntest-bluez: %s\n' "$long" "$bluez"
exit $failures
