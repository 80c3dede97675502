#!/usr/bin/env bash
# `make test-ha`: the primary of two PostgreSQL nodes under Patroni is killed under load. Ends with 75
# where Patroni or etcd can't be installed. Everything lives on loopback, in a folder of its own.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/bootstrap.sh || exit
if ! scripts/bootstrap.sh --with-ha; then
    echo "test-ha: NOT RUN: Patroni or etcd can't be installed" >&2
    exit 75
fi
exec .venv/bin/python -m tests.ha "$@"
