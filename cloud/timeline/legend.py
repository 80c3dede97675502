"""What the lanes' signs mean: shape and number say it, colour only helps."""

from __future__ import annotations

from cloud.language import _
from cloud.timeline.marks import Mark


def legend() -> tuple[tuple[Mark, str], ...]:
    """Return each sign, drawn on a field of 28 by 28 pixels, with its words."""
    return (
        (_bar("whole"), _("whole")),
        (_bar("partial"), _("partial")),
        (_bar("rest"), _("the rest of a session")),
        (_sign("cross", "missed"), _("missed")),
        (_sign("up", "worse"), _("worse, so much that it matters by the source")),
        (_sign("dot", "grade1", "1"), _("mild")),
        (_sign("dot", "grade2", "2"), _("moderate")),
        (_sign("dot", "grade3", "3"), _("severe")),
        (_sign("diamond", "flag", "!"), _("red flag")),
        (_sign("flag", "clinic"), _("clinic")),
        (_sign("dot", "patient"), _("patient")),
        (_sign("diamond", "record"), _("record")),
        (_span("in-force"), _("hold in force")),
        (_span("asked"), _("hold asked, not in force")),
    )


def _bar(kind: str) -> Mark:
    return Mark(at=0, shape="bar", kind=kind, y=4, height=20, wide=14)


def _span(kind: str) -> Mark:
    return Mark(at=0, shape="span", kind=kind, y=6, height=16, wide=24)


def _sign(shape: str, kind: str, label: str = "") -> Mark:
    return Mark(at=0, shape=shape, kind=kind, y=14, label=label, label_y=19)
