#!/usr/bin/env bash
# `make test-bluez`: the link over a real Linux Bluetooth stack, in a guest. Ends with 75 where no
# guest can be started here, which includes that its packages can't be installed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/bootstrap.sh || exit
if ! scripts/bootstrap.sh --with-guest; then
    echo "test-bluez: NOT RUN: what the guest needs can't be installed" >&2
    exit 75
fi
exec .venv/bin/python -m tests.bluez "$@"
