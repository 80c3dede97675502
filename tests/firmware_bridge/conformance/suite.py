"""The suite as a command against an emulated band, as a person or a CI runs it."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from typing import Any

from firmware_bridge.conformance.emulated import TOOL, EmulatedBand

QUICK = ("--rate", "5")
"""Options of the clock: the band's seconds pass five times as quickly."""

WITHIN_S = 400


@dataclass(frozen=True)
class Run:
    """How a run ended, and its report."""

    status: int
    report: dict[str, Any]
    errors: str

    @property
    def failed(self) -> set[str]:
        """Sections in which something failed."""
        return {each["section"] for each in self.report["sections"] if each["failed"]}

    def checks(self, verdict: str) -> dict[str, str]:
        """The names of the checks that ended so, and their words."""
        return {
            check["name"]: check["words"]
            for section in self.report["sections"]
            for check in section["checks"]
            if check["verdict"] == verdict
        }


def run_tool(band: EmulatedBand, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One command of `circlet-device` against the band."""
    return subprocess.run(
        (*TOOL, *arguments),
        env=os.environ | band.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )


def run_suite(band: EmulatedBand, *options: str) -> Run:
    """The conformance suite with the demonstration's keys."""
    ended = run_tool(band, "conformance", "--json", "--keys", str(band.keys_folder), *options)
    assert ended.stdout, ended.stderr
    return Run(ended.returncode, json.loads(ended.stdout), ended.stderr)
