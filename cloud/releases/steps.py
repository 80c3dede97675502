"""A release's way: the next ring, a halt, going on after it, withdrawing. All but a halt is a
person's."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cloud.alerts.findings import NOW, Cause
from cloud.alerts.service import About, end_alert, raise_alert
from cloud.errors import Refused
from cloud.releases.models import Release
from cloud.releases.rates import Rates, bands_in, rates_of
from cloud.releases.rings import ALL

DAY_MS = 86_400_000
_DETAIL = (
    "Version {version}: {faulty} of {tried} bands with a fault or a failed trial, {faulty_others}"
    " of {others} on other firmware. It is offered to no band any more."
)


def open_next(session: Session, release: Release, *, now_ms: int) -> None:
    """Open the next ring.

    Raises:
        Refused: it is halted or withdrawn, all are open, or the ring that is open has too few bands
            that keep it, or for too few days.
    """
    if not release.is_offered:
        raise Refused("It is halted or withdrawn.", code="halted")
    if release.ring == ALL:
        raise Refused("Every ring is open.", code="ring")
    meant = bands_in(session, release)
    wanted = min(release.least_bands, len(meant))
    kept = len(rates_of(session, release).kept & meant)
    days = (now_ms - release.ring_ms) // DAY_MS
    if kept < max(wanted, 1):
        raise Refused(
            "{kept} bands of this ring keep it, and {wanted} have to.",
            code="bands",
            kept=kept,
            wanted=max(wanted, 1),
        )
    if days < release.least_days:
        raise Refused(
            "This ring is open for {days} days, and {wanted} are asked for.",
            code="days",
            days=days,
            wanted=release.least_days,
        )
    release.ring, release.ring_ms = release.ring + 1, now_ms


def halt(session: Session, release: Release, rates: Rates, *, now_ms: int) -> None:
    """Offer it to nobody more, and tell the clinic's people now."""
    release.halted_ms = now_ms
    detail = _DETAIL.format(
        version=release.version,
        faulty=len(rates.faulty),
        tried=len(rates.tried),
        faulty_others=len(rates.faulty_others),
        others=len(rates.others),
    )
    raise_alert(session, About(release.clinic_id), _cause(release), detail, now_ms=now_ms)


def resume(session: Session, release: Release, *, now_ms: int) -> None:
    """Offer it again; only what goes wrong from now on counts against it. Raise Refused where it
    isn't halted, or was withdrawn."""
    if release.halted_ms is None or release.withdrawn_ms is not None:
        raise Refused("It isn't halted, or it was withdrawn.", code="halted")
    end_alert(session, About(release.clinic_id), _cause(release).key, now_ms=now_ms)
    release.halted_ms, release.judged_ms = None, now_ms


def withdraw(session: Session, release: Release, *, now_ms: int) -> None:
    """Offer it never again: bands that run it may have the release before it. Raise Refused where
    it was withdrawn before."""
    if release.withdrawn_ms is not None:
        raise Refused("It was withdrawn before.", code="withdrawn")
    release.withdrawn_ms = now_ms
    end_alert(session, About(release.clinic_id), _cause(release).key, now_ms=now_ms)


def _cause(release: Release) -> Cause:
    key = f"release-halted/{release.image_hash.hex()}/{release.halted_ms}"
    return Cause(key, NOW, "A firmware release was halted", 1)
