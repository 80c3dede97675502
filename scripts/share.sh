#!/usr/bin/env bash
# Runs one share of the tests: share.sh NAME [pytest arguments]. Leaves JUnit XML in build/junit/NAME.xml.
# Shares of single processes and simulated time use every processor, file by file, and those that also wait
# for windows and other processes one worker more; those of many real processes run one test at a time. Shares
# with a window get a display of their own, so that pictures don't depend on the machine. What was compiled
# stays beside its source for the next share and for the processes that tests start.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
name=$1
shift
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
export PYTHONDONTWRITEBYTECODE=
exec timeout --kill-after=20 "${SHARE_LIMIT:-1500}" \
    "${display[@]}" .venv/bin/python -m pytest -q --junit-xml "build/junit/$name.xml" "${workers[@]}" "$@"
