"""Asks the process of its own (`cloud.response.child`), one question at a time, and keeps answers.

The last few answers are kept by their question, which is the cohort's figures: as long as no
patient is added or changed, nothing is worked out again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from cloud.errors import CloudError
from cloud.language import mark
from cloud.logs import log
from cloud.response.fitted import Fitted, Learned, from_plain

SEED = 1
LIMIT_S = 90
KEPT = 8
THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""One processor is enough, and leaves the others to the pages."""
_one = threading.Lock()


class NotWorkedOut(CloudError):
    """The process of its own failed or took too long."""

    code = "not_worked_out"
    status = 503


def fitted_to(rows: Sequence[Learned]) -> Fitted:
    """Return the regression of these rows; raise NotWorkedOut."""
    plain = [[list(row.known), row.score] for row in sorted(rows, key=_figures)]
    return from_plain(_asked({"what": "fit", "rows": plain, "seed": SEED}))


def k_by_pycanon(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> int:
    """Return the k of a table over these columns; raise NotWorkedOut."""
    plain = [list(row) for row in rows]
    return int(_asked({"what": "k", "rows": plain, "columns": list(columns)})["k"])


def _figures(row: Learned) -> tuple[tuple[float, ...], int]:
    """Rows in an order of their own: whose they are must not matter."""
    return row.known, row.score


def _asked(question: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(question, sort_keys=True)
    with _one:
        found: dict[str, Any] = json.loads(_answer(text))
    return found


@lru_cache(maxsize=KEPT)
def _answer(question: str) -> str:
    environment = {"PATH": os.environ.get("PATH", ""), **THREADS}
    command = [sys.executable, "-I", "-m", "cloud.response.child"]
    try:
        done = subprocess.run(
            command,
            input=question,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=True,
            env=environment,
        )
    except (subprocess.SubprocessError, OSError) as problem:
        log.error("forecast not worked out", problem=type(problem).__name__)
        raise NotWorkedOut(mark("The figures could not be worked out.")) from problem
    return done.stdout
