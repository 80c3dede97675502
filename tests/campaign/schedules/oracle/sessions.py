"""Sessions as the world saw them: armed, touched, fired, stopped (invariants 3, 5, 6 and 7).

A pulse belongs to the last arming that the device agreed to in the same boot. It may be fired only
after a deliberate touch, and no later than anything that ends pulses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.campaign.schedules.facts import Asked, Felt, Pressed, Pulse, World
from tests.campaign.schedules.oracle import figures as f
from tests.campaign.schedules.oracle import permission, reading
from tests.campaign.schedules.oracle.door import Door
from tests.campaign.schedules.oracle.knowledge import Plan
from tests.campaign.schedules.oracle.reading import Body

NEVER = -(10**18)


@dataclass
class Session:
    """One arming, and what came of it."""

    session_id: bytes
    plan: Plan
    patient: bytes
    boot: int
    armed_us: int
    make_up: bool
    titration: bool
    supervised: bool = False
    opened_us: int | None = None
    ended_us: int | None = None
    stopped: bool = False
    softened: int = 100
    pulses: list[Pulse] = field(default_factory=list)
    touches: list[tuple[int, bool]] = field(default_factory=list)
    """True instants of deliberate touches, and whether one said that the band was moved."""
    titrated: list[int] = field(default_factory=list)
    plans: list[tuple[int, Plan]] = field(default_factory=list)
    ended_by_fault_or_hold: bool = False

    @property
    def course(self) -> bytes:
        """The course that it belongs to: what a session adopts on the way is of the same."""
        course: bytes = self.plans[0][1].body[9]
        return course

    def plan_at(self, at_us: int) -> Plan:
        """The prescription that the session went by at an instant."""
        return next(plan for since_us, plan in reversed(self.plans) if since_us < at_us)


class Sessions:
    """Follows arming, touches and pulses."""

    def __init__(self, world: World, broken: Callable[[str, str], None]) -> None:
        self._broken = broken
        self.all: list[Session] = []
        self.door = Door(world, broken, self._told)
        self.now: Session | None = None
        self._allowed = False
        self._ended_us = NEVER
        self._why = "no touch"
        self._window_us = NEVER
        self._by_hand = self._perhaps_by_hand = False
        self._beat_us = self._present_us = NEVER
        self._lapsed = False
        self._wrong: list[tuple[str, str]] = []
        self._felt: dict[str, tuple[int, int]] = {}
        self._felt_us = NEVER

    # Facts

    def boot(self, at_us: int) -> None:
        """Power came or went: nothing goes on."""
        self.door.boot()
        self._end(at_us, "power")
        self.now = None

    def clock_broke(self) -> None:
        """The wall clock is worth nothing."""
        self.door.wall.lose()

    def felt(self, fact: Felt) -> None:
        """Something else is to be measured from now on."""
        self._felt[fact.name] = (fact.value, fact.at_us)
        self._felt_us = fact.at_us

    def pressed(self, fact: Pressed) -> None:
        """The band's button: agrees, starts, goes on, or stops."""
        at_us = fact.at_us
        if self.door.press(fact):
            self._leave(at_us)
        elif self._allowed and not (self._perhaps_by_hand and at_us < self._window_us):
            surely = self._surely_firing(at_us)
            self._stop(at_us, "the button", by_hand=surely)
            self._perhaps_by_hand = not surely
        elif self.now is not None and at_us < self._window_us:
            perhaps = self._perhaps_by_hand
            self._touch(at_us)
            self._perhaps_by_hand = perhaps

    def _surely_firing(self, at_us: int) -> bool:
        """Return whether nothing can have paused the session since the last touch."""
        session = self.now
        if session is None or not session.touches or self._felt_us > session.touches[-1][0]:
            return False
        if self._perhaps_by_hand:
            return False
        return not (self._lapsed or self._is_late(at_us, session))

    def _is_late(self, at_us: int, session: Session) -> bool:
        """Return whether the device may have found a beat or an answer to be missing by now."""
        body = session.plan.body
        late = at_us >= self._beat_us + body[18] * 1000
        return bool(late or at_us >= self._present_us + body[19] * f.SECOND_US)

    def asked(self, fact: Asked) -> None:
        """One request at the door."""
        asked = reading.request(fact.message)
        if asked is None:
            return
        operation, answer = asked[0], fact.answer
        if operation == f.STOP and answer is not None:
            self._stop(fact.at_us, "STOP", by_hand=True)
        if operation == f.TITRATE and answer is None and self.now is not None:
            self.now.titrated.append(asked[1][3])
        if operation in f.SEALED and fact.origin == "attacker" and answer is not None:
            same = self.door.is_same(fact)
            if reading.answer(answer)[0] == f.OK and not same:
                self._broken("replay", f"an attacker's sealed command {operation} was taken")
        self.door.asked(fact)

    # Accepted operations

    def _told(self, fact: Asked, operation: int, arguments: Body) -> None:
        at_us, session = fact.at_us, self.now
        if operation == f.ARM:
            self._arm(fact, arguments)
        elif operation == f.PAUSE and self._allowed:
            self._stop(at_us, "pause", by_hand=False)
        elif operation == f.CLOSE:
            self._end(at_us, "close")
        elif operation in (f.PLACE_HOLD, f.GATE_ANSWERS, f.SIDE_EFFECTS, f.REVOKE, f.INSTALL):
            self._consequence(fact, operation)
        elif session is not None and operation in f.SEALED:
            self._sealed(at_us, operation, arguments, session)

    def _arm(self, fact: Asked, arguments: Body) -> None:
        door, known = self.door, self.door.known
        found = door.by_app(fact, arguments[1], "circlet/arm/v1")
        if found is None or known.owner is None:
            return
        wrong = door.nonces.use(f.FOR_ARM, found.body[1], fact.at_us, fact.boot)
        if wrong:
            self._broken("nonce", wrong)
        if found.issuer != known.control:
            self._broken("authority", "an app without control armed")
        if found.body[3] != known.owner.patient:
            self._broken("authority", "a session of another patient was armed")
        titration = known.titration is not None and found.body[4] == known.titration.hash
        plan = known.titration if titration else known.plan
        if plan is None or plan.hash != found.body[4]:
            self._broken("authority", "another prescription than the newest was armed")
            return
        self.now = Session(
            found.body[2],
            plan,
            found.body[3],
            fact.boot,
            fact.at_us,
            bool(found.body.get(6)),
            titration,
        )
        self.now.plans.append((NEVER, plan))
        self.all.append(self.now)
        self._allowed, self._by_hand, self._window_us = False, False, NEVER
        self._perhaps_by_hand = False
        self._ended_us, self._why = NEVER, "no touch"
        self._beat_us = self._present_us = fact.at_us

    def _sealed(self, at_us: int, operation: int, arguments: Body, session: Session) -> None:
        if operation in (f.BEAT, f.STILL_HERE):
            self._lapsed = self._lapsed or self._is_late(at_us, session)
        if operation == f.BEAT:
            self._beat_us = at_us
        elif operation == f.STILL_HERE:
            self._present_us = at_us
        elif operation == f.OPEN_WINDOW:
            self._window_us = at_us + f.WINDOW_US
        elif operation == f.SOFTEN:
            session.softened = min(session.softened, arguments[3])
        elif operation == f.TITRATE:
            session.titrated.append(arguments[3])
        elif operation == f.START:
            if session.plan.body[21]:
                self._broken("gates", "a session began without the button that is asked for")
            self._touch(at_us)
        elif operation == f.RESUME and self._by_hand:
            self._window_us = at_us + f.WINDOW_US
        elif operation in (f.RESUME, f.REPOSITIONED):
            perhaps = self._perhaps_by_hand
            self._touch(at_us, moved=operation == f.REPOSITIONED)
            if perhaps and operation == f.RESUME:
                self._perhaps_by_hand, self._window_us = True, at_us + f.WINDOW_US

    def _touch(self, at_us: int, *, moved: bool = False) -> None:
        """A deliberate touch: pulses may come if the device says so too; it must have had cause."""
        session = self.now
        if session is None:
            return
        opens = session.opened_us is None
        self._wrong = list(
            permission.missing(self.door, session, at_us, opens=opens, earlier=self.all)
        )
        if opens:
            covered = self.door.known.supervised_us
            session.supervised = covered is not None and at_us - covered <= f.SUPERVISED_US
            session.opened_us = at_us
        session.touches.append((at_us, moved))
        self._allowed, self._by_hand, self._window_us = True, False, NEVER
        self._perhaps_by_hand = False
        self._beat_us = self._present_us = at_us
        self._lapsed = False

    def _consequence(self, fact: Asked, operation: int) -> None:
        """Holds, ends and revocations end pulses; a plan that only lowers goes on under its own."""
        session, known, at_us = self.now, self.door.known, fact.at_us
        if session is None:
            return
        if self.door.holds.standing(at_us):
            session.ended_by_fault_or_hold |= _surely_goes_on(session, at_us)
            self._end(at_us, "hold")
        if operation == f.REVOKE:
            revoked = known.revoked.get(session.plan.signer[:8])
            if revoked is not None and revoked[0] == f.COMPROMISED:
                self._end(at_us, "revocation")
        if operation == f.INSTALL and known.plan is not None and not session.titration:
            if known.plan.body[1] == f.END or _shape(known.plan) != _shape(session.plan):
                if known.plan.body[1] == f.END:
                    session.ended_by_fault_or_hold |= _surely_goes_on(session, at_us)
                self._end(at_us, "another prescription")
            elif known.plan.hash != session.plan.hash and _may_go_on(session, at_us):
                session.plan = known.plan
                session.plans.append((at_us, known.plan))

    def _stop(self, at_us: int, why: str, *, by_hand: bool) -> None:
        if self.now is None:
            return
        if self.now.opened_us is None:
            self._end(at_us, why)
            return
        if by_hand and _surely_goes_on(self.now, at_us):
            self.now.stopped = True
        if self._allowed:
            self._ended_us, self._why = at_us, why
        self._allowed, self._window_us = False, NEVER
        self._by_hand = self._by_hand or by_hand

    def _leave(self, at_us: int) -> None:
        self._end(at_us, "another owner")
        self.now = None

    def _end(self, at_us: int, why: str) -> None:
        if self._allowed:
            self._ended_us, self._why = at_us, why
        self._allowed, self._window_us = False, NEVER
        if self.now is not None and self.now.ended_us is None:
            self.now.ended_us = at_us

    # Pulses

    def fired(self, pulse: Pulse) -> None:
        """Judge one pulse by what stands at its instant."""
        session = self.now
        if session is None or session.boot != pulse.boot:
            self._broken("authority", "a pulse was fired outside any armed session")
            return
        session.pulses.append(pulse)
        wrong, self._wrong = self._wrong, []
        for rule, words in wrong:
            self._broken(rule, words)
        if not self._allowed and pulse.at_us > self._ended_us + f.STOP_US:
            self._broken("stop", f"a pulse without a touch after {self._why}")
        if session.ended_us is not None and pulse.at_us > session.ended_us + f.STOP_US:
            self._broken("stop", f"a pulse of a session that had ended ({self._why})")
        self._watched(pulse, session)
        self._sensed(pulse)
        self._output(pulse, session)
        if not session.titration and pulse.at_us > self._resting_us(session) + f.STOP_US:
            self._broken("authority", "a pulse after its prescription had ended")

    def _resting_us(self, session: Session) -> int:
        """When a newer treatment took this session's place; never, mostly."""
        plan = self.door.known.plan
        if plan is not None and plan.hash == session.plan.hash:
            return 10**18
        return self._ended_us

    def _watched(self, pulse: Pulse, session: Session) -> None:
        body = session.plan.body
        if pulse.at_us > self._beat_us + body[18] * 1000 + f.STOP_US:
            self._broken("stop", "a pulse without the phone's beat")
        limit_us = body[19] * f.SECOND_US + f.ANSWER_US + f.STOP_US
        if pulse.at_us > self._present_us + limit_us:
            self._broken("stop", "a pulse though nobody answered")

    def _sensed(self, pulse: Pulse) -> None:
        limits = (
            ("contact", 0, f.CONTACT_US),
            ("position_ok", 0, 0),
            ("motion_mg", f.MOVING_MG + 20, 0),
            ("coil_temperature_c", f.HOT_C, 0),
        )
        for name, bound, grace_us in limits:
            value, since_us = self._felt.get(name, (0 if bound else 1, 0))
            bad = value >= bound if bound else value == 0
            if bad and pulse.at_us > since_us + grace_us + 2 * f.LOOK_US + f.STOP_US:
                self._broken("stop", f"a pulse with {name} at {value}")

    def _output(self, pulse: Pulse, session: Session) -> None:
        if pulse.percent_mso > session.softened and not session.titration:
            self._broken("envelope", "a pulse above what was softened to")
        if session.titration and session.titrated[-1:] != [pulse.percent_mso]:
            self._pending_titration(pulse, session)
        previous = session.pulses[-2:-1]
        one_part = not session.titration and len(session.plan.body[14]) == 1
        if previous and one_part and pulse.percent_mso > previous[0].percent_mso:
            self._broken("envelope", "the output rose within a session")

    def _pending_titration(self, pulse: Pulse, session: Session) -> None:
        """The request that asked for this pulse is not answered yet: `judge` looks at it after."""
        session.titrated.append(-1)


def _may_go_on(session: Session, at_us: int) -> bool:
    """Return whether a session can still be under way: no pause is longer than ten minutes."""
    return session.ended_us is None and at_us <= _last_us(session) + f.PAUSE_US


def _surely_goes_on(session: Session, at_us: int) -> bool:
    """Return whether no pause can have reached its limit yet, whenever it began."""
    return session.ended_us is None and at_us < _last_us(session) + f.PAUSE_LIMIT_US


def _last_us(session: Session) -> int:
    """When it was seen to be under way for the last time."""
    touches = [touch_us for touch_us, _ in session.touches]
    return max([session.armed_us, *touches, *(pulse.at_us for pulse in session.pulses)])


def _shape(plan: Plan) -> list[Body]:
    """Return a session's parts without their intensity, which may fall while it runs."""
    return [{key: value for key, value in part.items() if key != 5} for part in plan.body[14]]
