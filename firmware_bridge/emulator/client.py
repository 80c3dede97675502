"""Asks the control surface of a running band, for the commands of this command line.

Not for scripts of others: the surface describes itself at /openapi.json.
"""

from __future__ import annotations

import argparse
import json
import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ASK_WITHIN_S = 10.0
TOKEN_VARIABLE = "CIRCLET_EMULATOR_TOKEN"


class NotAnswered(Exception):
    """The surface refused, or there is none: a sentence."""


@dataclass(frozen=True)
class ControlClient:
    """One band's surface."""

    address: str
    token: str

    def ask(self, path: str, content: bytes | None = None) -> bytes:
        """Return the answer's bytes; NotAnswered says why there are none."""
        request = urllib.request.Request(
            f"http://{self.address}{path}",
            data=content,
            headers={"Authorization": f"Bearer {self.token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=ASK_WITHIN_S) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as refusal:
            raise NotAnswered(json.load(refusal)["error"]) from refusal
        except urllib.error.URLError as problem:
            raise NotAnswered(
                f"no control surface at {self.address}: {problem.reason}"
            ) from problem


def add_control(parser: argparse.ArgumentParser) -> None:
    """The options that say which band is meant."""
    parser.add_argument("--control", metavar="HOST:PORT", help="control surface of the band")
    parser.add_argument(
        "--token",
        default=os.environ.get(TOKEN_VARIABLE, ""),
        help=f"its token, as its ready line says (${TOKEN_VARIABLE})",
    )
    parser.add_argument(
        "--control-file", type=Path, metavar="FILE", help="both, as `run --control-file` wrote them"
    )


def control_of(options: argparse.Namespace) -> ControlClient:
    """The band that the options mean; NotAnswered where they mean none."""
    if options.control_file is not None:
        said = json.loads(options.control_file.read_text())
        return ControlClient(f"127.0.0.1:{said['port']}", said["token"])
    if not options.control:
        raise NotAnswered("--control HOST:PORT with --token, or --control-file, says which band")
    return ControlClient(options.control, options.token)
