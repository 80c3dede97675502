#!/usr/bin/env bash
# Runs the whole journey (tests/journey/demo.py), on a virtual display where there is none.
# With --stay the parts keep running for a person, who then needs a display to see the app.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
display=()
if [ -z "${DISPLAY:-}" ]; then
    display=(xvfb-run -a -s "-screen 0 1200x1400x24")
    if [[ " $* " == *" --stay "* ]]; then
        echo "No display: the app's window opens on a virtual one that nobody sees."
        echo "On a machine with a desktop, or with DISPLAY set (ssh -X), it opens before you."
    fi
fi
exec "${display[@]}" .venv/bin/python -m tests.journey.demo "$@"
