#!/usr/bin/env bash
# `make test`: every share of the tests, one after the other, then one line for each with its time.
# What takes longest is named first, so that no processor waits for it at the end.
# A share that fails, or that finds no test at all, fails the whole; the others still run.
#   test.sh            all shares
#   test.sh unit app   these only
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

run_share() {
    case $1 in
        unit) scripts/share.sh unit tests --ignore=tests/journey --ignore=tests/campaign \
            --ignore=tests/mobile --ignore=tests/cloud ;;
        journey) scripts/share.sh journey tests/journey ;;
        app) scripts/share.sh app tests/mobile/monkey tests/campaign/kill tests/mobile/screens \
            tests/mobile tests/campaign ;;
        pages) scripts/share.sh pages tests/cloud ;;
        *) echo "no such share: $1 (unit, journey, app, pages)" >&2; return 2 ;;
    esac
}

[ $# -gt 0 ] || set -- unit journey app pages
failures=0
summary=""
for share in "$@"; do
    printf '\n== %s\n' "$share"
    began=$SECONDS
    run_share "$share"
    code=$?
    case $code in
        0) verdict=passed ;;
        5) verdict="FAILED: no tests found" ;;
        124 | 137) verdict="FAILED: out of time" ;;
        *) verdict="FAILED" ;;
    esac
    [ $code -eq 0 ] || failures=$((failures + 1))
    summary+=$(printf '%-10s %4d s  %s' "$share" $((SECONDS - began)) "$verdict")$'\n'
done
printf '\n%s' "$summary"
[ $failures -eq 0 ]
