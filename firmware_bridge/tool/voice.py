"""What a command prints: for a person on a terminal, or JSON and nothing else on stdout.

`rich` leaves colours off where there's no terminal or NO_COLOR is set, and takes 80 columns where
it knows no width. Progress goes to stderr, so that stdout stays what was asked for.
"""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table

from firmware_bridge.tool.plain import plain


class Voice:
    """One command's way to speak."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.out = Console(highlight=False, soft_wrap=False)
        self.err = Console(stderr=True, highlight=False)

    def document(self, value: Any) -> None:
        """The one JSON document of a command; nothing for people."""
        if self.as_json:
            print(json.dumps(plain(value), indent=2), flush=True)

    def line(self, value: Any) -> None:
        """One JSON line of many; nothing for people."""
        if self.as_json:
            print(json.dumps(plain(value)), flush=True)

    def show(self, *what: RenderableType) -> None:
        """Something for people; nothing where JSON was asked for."""
        if not self.as_json:
            self.out.print(*what)

    def hint(self, sentence: str) -> None:
        """Something beside the result, on stderr."""
        self.err.print(sentence, style="dim")

    def wrong(self, error: Exception, code: str, next_step: str) -> None:
        """Why the command ends, and what to do next."""
        sentence = str(error)
        self.document({"error": {"code": code, "sentence": sentence, "next_step": next_step}})
        self.err.print(f"circlet-device: {sentence}", style="bold red", markup=False)
        if next_step:
            self.err.print(next_step, markup=False)


def facts(title: str, rows: dict[str, str]) -> Table:
    """Names and values in two columns."""
    table = Table(title=title, title_justify="left", show_header=False, box=None, padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows.items():
        table.add_row(name, value)
    return table
