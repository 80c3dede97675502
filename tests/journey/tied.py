"""Parts that end with whoever started them, however that one ends: a time-out kills no orphan.

The kernel tells a part when its starter is gone (Linux's PR_SET_PDEATHSIG); other systems don't.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def tied_to(starter: int) -> Callable[[], None] | None:
    """Return what a child does before it becomes a part: ask for SIGTERM at its starter's end.

    SIGTERM, since a part then ends those that it has started itself.
    """
    if _libc is None:
        return None
    libc = _libc

    def tie() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != starter:
            os.kill(os.getpid(), signal.SIGTERM)

    return tie
