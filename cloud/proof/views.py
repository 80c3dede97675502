"""Flaws as the patient's page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.language import _
from cloud.language.stored import stored
from cloud.proof.models import Flaw
from cloud.proof.service import BY_RECORD, is_incident, name_of, title_of, urgency_of
from cloud.times import Times

SHOWN_HASH = 16


@dataclass(frozen=True)
class FlawView:
    """A flaw in words; ``ended`` says how it ended, empty while it stands."""

    name: str
    urgency: str
    title: str
    detail: str
    found: str
    incident: bool
    ended: str


def views_of(flaws: tuple[Flaw, ...], times: Times, now_ms: int) -> tuple[FlawView, ...]:
    """Return the flaws as shown, those that stand first."""
    ordered = sorted(flaws, key=lambda each: each.ended_ms is not None)
    return tuple(
        FlawView(
            name=name_of(each),
            urgency=urgency_of(each),
            title=stored(title_of(each)),
            detail=stored(each.detail),
            found=times.said(each.found_ms, now_ms),
            incident=is_incident(each),
            ended=_ended(each, times, now_ms),
        )
        for each in ordered
    )


def _ended(flaw: Flaw, times: Times, now_ms: int) -> str:
    if flaw.ended_ms is None:
        return ""
    when = times.said(flaw.ended_ms, now_ms)
    if flaw.ended_by == BY_RECORD:
        return _("Made good {when}, by the record itself").format(when=when)
    return _("Cleared {when}: {reason}").format(when=when, reason=flaw.reason)
