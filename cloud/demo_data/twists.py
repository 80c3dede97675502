"""How each planted case goes wrong on its last days, by what phone and band then do.

A case's day takes the place of the ordinary one; None leaves it ordinary.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from cloud.demo_data.band import Wanted, other_history
from cloud.demo_data.cases import Case
from cloud.demo_data.life import Life
from cloud.ingest.bodies import UpItem
from shared.care.bodies import Consent, Graded, SideEffects
from shared.instruments.side_effects import side_effect_rules
from shared.wire.items import UpKind, record_id

CLOCK_BACK_MS = 20 * 60_000
WORSE_BY = 10
SELF_HARM = (2, 2, 2, 2, 1, 2, 1, 1, 2)
HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Moment:
    """When a case's day is: ``before`` is how many days before the data ends."""

    session: Session
    day: date
    now_ms: int
    before: int


Twist = Callable[[Life, Moment], bool]


def spend(life: Life, session: Session, day: date, until: date, *, now_ms: int) -> bool:
    """Spend a case's day; return false for an ordinary one."""
    if life.person.case is None:
        return False
    moment = Moment(session, day, now_ms, (until - day) // timedelta(days=1))
    twist = TWISTS.get(life.person.case)
    return twist is not None and twist(life, moment)


def _last(twist: Callable[[Life, Moment], None]) -> Twist:
    """A twist of the last day alone."""

    def on_last(life: Life, moment: Moment) -> bool:
        if moment.before != 1:
            return False
        life.meet(moment.session, life.phone.chance.of("last"), now_ms=moment.now_ms)
        twist(life, moment)
        return True

    return on_last


def _have(life: Life, moment: Moment, wanted: Wanted | None = None) -> bytes:
    session_id = life.have_session(
        moment.day,
        life.phone.chance.of("last"),
        now_ms=moment.now_ms + 60_000,
        wanted=wanted,
    )
    assert session_id is not None, life.person.case
    return session_id


def _upload(life: Life, moment: Moment, *, loses_one: bool = False) -> None:
    now_ms = moment.now_ms + HOUR_MS
    life.phone.upload(moment.session, loses_one=loses_one, now_ms=now_ms)


def _red_flag(life: Life, moment: Moment) -> None:
    session_id = _have(life, moment)
    effects = SideEffects(session_id, side_effect_rules().version, (Graded("vision", 2),), False)
    life.phone.tell(effects, now_ms=moment.now_ms + HOUR_MS)
    _upload(life, moment)


def _self_harm(life: Life, moment: Moment) -> None:
    life.phone.check_in(SELF_HARM, now_ms=moment.now_ms)
    _upload(life, moment)


def _gap(life: Life, moment: Moment) -> None:
    _have(life, moment)
    _upload(life, moment, loses_one=True)


def _fork(life: Life, moment: Moment) -> None:
    _have(life, moment)
    _upload(life, moment)
    band, now_ms = life.phone.band, moment.now_ms + HOUR_MS
    other = life.phone.head(now_ms=now_ms, hash_=other_history(band.state))
    life.phone.send(moment.session, [other], now_ms=now_ms)


def _foreign(life: Life, moment: Moment) -> None:
    """Another band's record by this patient's phone: somebody took the wrong one from the shelf."""
    _have(life, moment)
    _upload(life, moment)
    band, theirs = life.phone.band, life.phone.chance.of("another band").data()
    name = record_id(theirs, band.epoch, 1)
    item = UpItem(id=name, kind=UpKind.RECORD.value, body=band.data[0])
    life.phone.send(moment.session, [item], now_ms=moment.now_ms + HOUR_MS)


def _counter(life: Life, moment: Moment) -> None:
    _have(life, moment, Wanted(counter_behind=5))
    _upload(life, moment)


def _clock(life: Life, moment: Moment) -> None:
    life.phone.upload(moment.session, now_ms=moment.now_ms)
    life.phone.band.clock_back_ms = CLOCK_BACK_MS
    _have(life, moment)
    _upload(life, moment)


def _over_dose(life: Life, moment: Moment) -> None:
    _have(life, moment, Wanted(extra_trains=1))
    _upload(life, moment)


def _worse(life: Life, moment: Moment) -> None:
    _have(life, moment)
    chance = life.phone.chance.of("worse")
    life.check_in(chance, now_ms=moment.now_ms, plus=WORSE_BY)
    _upload(life, moment)


def _consent_back(life: Life, moment: Moment) -> None:
    _have(life, moment)
    life.phone.tell(Consent("answers", given=False), now_ms=moment.now_ms + HOUR_MS)
    _upload(life, moment)


def _missed(life: Life, moment: Moment) -> bool:
    """The band is near and the phone asks, but there is no session any more."""
    if moment.before > 3:
        return False
    life.meet(moment.session, life.phone.chance.of(f"near/{moment.before}"), now_ms=moment.now_ms)
    _upload(life, moment)
    return True


def _silent(_life: Life, moment: Moment) -> bool:
    return moment.before <= 3


def _clearance(life: Life, moment: Moment) -> bool:
    """The phone asks for news; the band is away, so its last clearance runs out."""
    if moment.before > 7:
        return False
    if moment.before == 7:
        life.meet(moment.session, life.phone.chance.of("near"), now_ms=moment.now_ms)
        _upload(life, moment)
    life.phone.touch(moment.session, now_ms=moment.now_ms)
    return True


def _absent(_life: Life, moment: Moment) -> bool:
    return moment.before == 1


TWISTS: dict[Case, Twist] = {
    Case.RED_FLAG: _last(_red_flag),
    Case.SELF_HARM: _last(_self_harm),
    Case.GAP: _last(_gap),
    Case.FORK: _last(_fork),
    Case.FOREIGN_DEVICE: _last(_foreign),
    Case.COUNTER: _last(_counter),
    Case.CLOCK: _last(_clock),
    Case.OVER_DOSE: _last(_over_dose),
    Case.MISSED: _missed,
    Case.SILENT: _silent,
    Case.CLEARANCE: _clearance,
    Case.WORSE: _last(_worse),
    Case.HOLD_WAITS: _absent,
    Case.ERASED: _absent,
    Case.CONSENT_BACK: _last(_consent_back),
}
