#!/usr/bin/env bash
# `make test`: every share of the tests, then one line for each with its time.
# The journey mostly waits, for windows and for its own clock: it goes beside the unit tests where both are
# asked for, and what it says comes after what they say. The others come one after the other.
# What takes longest is named first, so that no processor waits for it at the end.
# A share that fails, or that finds no test at all, fails the whole; the others still run. Ctrl-C ends all.
#   test.sh            all shares
#   test.sh unit app   these only
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

run_share() {
    case $1 in
        unit) exec scripts/share.sh unit tests --ignore=tests/journey --ignore=tests/campaign \
            --ignore=tests/mobile --ignore=tests/cloud ;;
        journey) exec scripts/share.sh journey tests/journey ;;
        app) exec scripts/share.sh app tests/mobile/monkey tests/campaign/kill tests/mobile/screens \
            tests/mobile tests/campaign ;;
        pages) exec scripts/share.sh pages tests/cloud ;;
        *) echo "no such share: $1 (unit, journey, app, pages)" >&2; return 2 ;;
    esac
}

begin_share() {
    run_share "$1" &
    names[$!]=$1
    begun[$1]=$SECONDS
}

end_shares() {
    local ended code
    while [ ${#names[@]} -gt 0 ]; do
        wait -n -p ended "${!names[@]}"
        code=$?
        note "${names[$ended]}" $code
        unset "names[$ended]"
    done
}

note() {
    local verdict
    case $2 in
        0) verdict=passed ;;
        5) verdict="FAILED: no tests found" ;;
        124 | 137) verdict="FAILED: out of time" ;;
        *) verdict="FAILED" ;;
    esac
    [ "$2" -eq 0 ] || failures=$((failures + 1))
    summary+=$(printf '%-10s %4d s  %s' "$1" $((SECONDS - begun[$1])) "$verdict")$'\n'
}

is_asked() { [[ " ${shares[*]} " == *" $1 "* ]]; }

end_all() {
    [ ${#names[@]} -eq 0 ] || { kill "${!names[@]}"; wait; } 2>/dev/null
    exit 130
}

shares=("$@")
[ $# -gt 0 ] || shares=(unit journey app pages)
declare -A names=() begun=()
failures=0
summary=""
trap end_all INT TERM
for share in "${shares[@]}"; do
    if [ "$share" = journey ] && is_asked unit; then continue; fi
    printf '\n== %s\n' "$share"
    if [ "$share" = unit ] && is_asked journey; then
        mkdir -p build
        begin_share journey >build/journey.log 2>&1
    fi
    begin_share "$share"
    end_shares
    if [ "$share" = unit ] && is_asked journey; then
        printf '\n== journey\n'
        cat build/journey.log
    fi
done
printf '\n%s' "$summary"
[ $failures -eq 0 ]
