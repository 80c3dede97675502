"""The small drawings of a row, in as few parts as they have looks: a list has hundreds of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cloud.language import _
from cloud.patients.charts import BAR_HEIGHT, DayBar

FOOT = 2.5
"""How high a day without a dose stands on the line."""


@dataclass(frozen=True)
class Fortnight:
    """Outlines of the days without a dose, with part of one and with all of it; and in words."""

    none: str
    partial: str
    whole: str
    words: str


def drawn(bars: Sequence[DayBar]) -> Fortnight:
    """Return two weeks' bars as outlines of SVG paths."""
    outlines: dict[str, list[str]] = {"none": [], "partial": [], "whole": []}
    for bar in bars:
        height = bar.height if bar.dose.kind != "none" else FOOT
        outlines[bar.dose.kind].append(
            f"M{bar.x:g} {BAR_HEIGHT:g}v-{height:g}h{bar.width:g}v{height:g}z"
        )
    given = [
        _("{day}: {charged} of {planned} pulses").format(
            day=bar.label, charged=bar.dose.charged, planned=bar.dose.planned
        )
        for bar in bars
        if bar.dose.sessions
    ]
    words = "; ".join(given) or _("No dose in the last 14 days")
    return Fortnight(**{kind: "".join(each) for kind, each in outlines.items()}, words=words)
