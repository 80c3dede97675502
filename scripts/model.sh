#!/usr/bin/env bash
# `make model`: installs SPIN and a C compiler where they are missing, then checks every model, every
# mutant, every good end and every trace. Under ten minutes on two cores.
#   model.sh                 all of it
#   model.sh --write         the same, and puts the figures into docs/safety/model.md
#   model.sh pulses holds    these models only, without the traces
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/bootstrap.sh --with-model
rm -rf build/model
exec .venv/bin/python -m tests.model.run "$@"
