"""Commands of `circlet-device`, run within the test's own process."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from firmware_bridge.conformance.emulated import EmulatedBand
from firmware_bridge.tool.cli import main


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said where."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on stdout; fails where there is anything beside it."""
        value: dict[str, Any] = json.loads(self.out)
        return value


class Engineer:
    """Somebody at a terminal who has one emulated band before them."""

    def __init__(self, band: EmulatedBand) -> None:
        self.band = band

    def run(self, *arguments: str, **surroundings: str) -> Ended:
        """Run one command to its end."""
        out, err = io.StringIO(), io.StringIO()
        with (
            environment(self.band.environment | surroundings),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            try:
                status = main(arguments)
            except SystemExit as leaving:
                status = leaving.code if isinstance(leaving.code, int) else 1
        return Ended(status, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def environment(named: dict[str, str]) -> Iterator[None]:
    """These variables, and none that another band left."""
    before = dict(os.environ)
    for name in [each for each in before if each.startswith("CIRCLET_")]:
        del os.environ[name]
    os.environ.update(named)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
