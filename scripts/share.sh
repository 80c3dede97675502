#!/usr/bin/env bash
# Runs one share of the tests: share.sh NAME [pytest arguments]. Leaves JUnit XML in build/junit/NAME.xml.
# Shares of single processes and simulated time use every processor, file by file, and those that also wait
# for windows and other processes one worker more; those of many real processes run one test at a time. Shares
# with a window get a display of their own, so that pictures don't depend on the machine. What was compiled
# stays beside its source for the next share and for the processes that tests start.
# What tests write they write to memory, where there is room: a database of a test needn't outlive the power.
# What failing tests wrote is in build/left/NAME afterwards.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
name=$1
shift
needed_kib=$((4 * 1024 * 1024))

free_kib() {
    local disk memory
    disk=$(df --output=avail -k "$1" 2>/dev/null | tail -n 1)
    memory=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo 2>/dev/null)
    echo $((${disk:-0} < ${memory:-0} / 2 ? ${disk:-0} : ${memory:-0} / 2))
}

place=${TMPDIR:-/tmp}
if [ -w /dev/shm ] && [ "$(free_kib /dev/shm)" -ge $needed_kib ]; then place=/dev/shm; fi
TMPDIR=$(mktemp -d "$place/circlet-tests-XXXXXX") || exit 1
export TMPDIR
chmod 711 "$TMPDIR" # The database's own user goes through it.
trap 'rm -rf "$TMPDIR"' EXIT
running=
end() {
    [ -z "$running" ] || { kill -INT "$running"; wait "$running"; } 2>/dev/null
    exit "$1"
}
trap 'end 130' INT
trap 'end 143' TERM

display=()
case $name in
    journey | app | long | alone) display=(xvfb-run -a -s "-screen 0 1200x1400x24") ;;
esac
workers=()
case $name in
    unit) workers=(--numprocesses "$(nproc)" --dist loadfile --no-loadscope-reorder) ;;
    app | pages | long) workers=(--numprocesses "$(($(nproc) + 1))" --dist loadfile --no-loadscope-reorder) ;;
esac
mkdir -p build/junit
rm -rf "build/left/$name"
export PYTHONDONTWRITEBYTECODE=
timeout --kill-after=20 "${SHARE_LIMIT:-1500}" \
    "${display[@]}" .venv/bin/python -m pytest -q --junit-xml "build/junit/$name.xml" \
    --override-ini tmp_path_retention_policy=failed "${workers[@]}" "$@" &
running=$!
wait "$running"
code=$?
if [ $code -ne 0 ] && [ $code -ne 5 ]; then
    mkdir -p build/left
    cp -a "$TMPDIR" "build/left/$name"
fi
exit $code
