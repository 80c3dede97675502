#!/usr/bin/env bash
# Runs one share of the tests: share.sh NAME [pytest arguments]. Leaves JUnit XML in build/junit/NAME.xml.
# Shares of single processes and simulated time use every processor; those of many real processes
# or of real time run one test at a time. Shares with a window get a display of their own, so that
# pictures don't depend on the machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
name=$1
shift
display=()
case $name in
    journey | campaign | app | engine | long) display=(xvfb-run -a -s "-screen 0 1200x1400x24") ;;
esac
workers=()
case $name in
    unit | campaign | app | engine | pages) workers=(--numprocesses "$(nproc)" --dist loadfile) ;;
esac
mkdir -p build/junit
export PYTHONDONTWRITEBYTECODE=1
exec timeout --kill-after=20 "${SHARE_LIMIT:-900}" \
    "${display[@]}" .venv/bin/python -m pytest -q --junit-xml "build/junit/$name.xml" "${workers[@]}" "$@"
