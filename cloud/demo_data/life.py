"""One made-up patient's days: sessions kept and missed, check-ins, side effects, words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from cloud.demo_data.answers import phq9_answers, side_effects
from cloud.demo_data.band import Wanted
from cloud.demo_data.chance import Chance
from cloud.demo_data.cohort import Cohort
from cloud.demo_data.people import Person
from cloud.demo_data.phone import DemoPhone
from shared.care.bodies import MessageOut, SideEffects
from shared.instruments.side_effects import side_effect_rules

CONTACT_SHARE = 0.93
NEAR_SHARE = 0.5
"""On a day without a session the phone asks for news, and of those days the band is near."""
BOOT_SHARE = 0.03
MESSAGE_SHARE = 0.01
LATE_UPLOAD_SHARE = 0.01
"""Of sessions a phone's upload loses a record on the way, and brings it the next time."""
CHECK_IN_DAYS = 7
SENTENCES = ("I have a question about my next session.", "Can we move my appointment?")


@dataclass
class Life:
    """How far one patient is. ``weekly_from`` is when one session a week began."""

    person: Person
    phone: DemoPhone
    cohort: Cohort
    weekly_from: date | None = None
    missed_last: bool = False
    over: bool = False
    last_check_in: date | None = None
    sessions: int = 0

    def goes_on(self, day: date) -> bool:
        """Return whether the patient and their phone are still there on this day."""
        leaves = self.person.leaves_day
        return not self.over and (leaves is None or day < leaves)

    def begins_weekly(self, day: date) -> None:
        """Go on with one session a week."""
        self.weekly_from = day

    def spend(self, session: Session, day: date, *, now_ms: int) -> None:
        """Spend a day: with the band and a session, with the band, or with the phone alone."""
        chance = self.phone.chance.of(f"day/{day.isoformat()}")
        wants = self.wants_session(day, chance)
        if not wants and not chance.happens(CONTACT_SHARE):
            return
        if not wants and not chance.happens(NEAR_SHARE):
            self.phone.touch(session, now_ms=now_ms)
            return
        news = self.meet(session, chance, now_ms=now_ms)
        if wants:
            self.have_session(day, chance, now_ms=now_ms + 60_000)
        told = self._say(day, chance, now_ms=now_ms)
        if wants or news or told:
            late = wants and chance.happens(LATE_UPLOAD_SHARE)
            self.phone.upload(session, loses_one=late, now_ms=now_ms + 3_600_000)

    def meet(self, session: Session, chance: Chance, *, now_ms: int) -> bool:
        """Bring the clinic's word to the band; return whether there was any but a clearance.

        The record of a clearance alone waits here for the next upload: that saves a made-up
        clinic half its time, and no page shows it.
        """
        if chance.happens(BOOT_SHARE):
            self.phone.band.boot(now_ms=now_ms)
        news = self.phone.fetch(session, now_ms=now_ms)
        self.phone.clear(session, now_ms=now_ms)
        return news

    def wants_session(self, day: date, chance: Chance) -> bool:
        """Return whether a session is planned for the day and kept."""
        if self.weekly_from is not None:
            planned = (day - self.weekly_from).days % 7 == 0
        else:
            planned = day.weekday() in self.person.weekdays
        if not planned or self.person.case is not None:
            return planned
        kept = self.cohort.attendance
        share = kept.missed_mean * (kept.weekend_effect if day.weekday() > 4 else 1)
        if self.missed_last:
            share *= kept.cluster_effect
        self.missed_last = chance.happens(share)
        return not self.missed_last

    def have_session(
        self, day: date, chance: Chance, *, now_ms: int, wanted: Wanted | None = None
    ) -> bytes | None:
        """Have a session where the band lets it be, and answer what is asked after it."""
        if wanted is None:
            stops = self.person.case is None and chance.happens(
                self.cohort.attendance.partial_share
            )
            wanted = Wanted(stopped_after=chance.whole(3, 15) if stops else None)
        session_id = self.phone.treat(wanted, now_ms=now_ms)
        if session_id is None:
            return None
        self.sessions += 1
        after_ms = now_ms + 45 * 60_000
        self.phone.answered(session_id, red_flag=False, now_ms=after_ms)
        weeks = (day - self.person.begins).days // 7
        grades = side_effects(self.cohort.noticed, weeks, chance)
        if grades and self.person.case is None:
            version = side_effect_rules().version
            self.phone.tell(SideEffects(session_id, version, grades, False), now_ms=after_ms)
        return session_id

    def check_in(self, chance: Chance, *, now_ms: int, plus: int = 0) -> None:
        """Answer PHQ-9."""
        answers = phq9_answers(self.person, self.cohort.symptoms, self.sessions, chance, plus=plus)
        self.phone.check_in(answers, now_ms=now_ms)

    def _say(self, day: date, chance: Chance, *, now_ms: int) -> bool:
        """Check in once a week, write now and then; return whether anything was said."""
        said, last = False, self.last_check_in
        if last is None or day - last >= timedelta(days=CHECK_IN_DAYS):
            self.last_check_in = day
            self.check_in(chance, now_ms=now_ms)
            said = True
        if self.person.case is None and chance.happens(MESSAGE_SHARE):
            words = chance.one_of(SENTENCES)
            self.phone.tell(MessageOut(words, call_me=chance.happens(0.2)), now_ms=now_ms)
            said = True
        return said
