#!/usr/bin/env bash
# Runs the whole journey (tests/journey/demo.py), on a virtual display where there is none.
# With --stay the parts keep running for a person, who needs a display to see the app: without one
# the command says so and what to do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
display=()
if [ -z "${DISPLAY:-}" ] && [[ " $* " != *" --stay "* ]]; then
    display=(xvfb-run -a -s "-screen 0 1200x1400x24")
fi
exec "${display[@]}" .venv/bin/python -m tests.journey.demo "$@"
