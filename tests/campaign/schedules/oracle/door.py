"""What the device knows by what came through its door: owner, apps, prescriptions, words, holds.

Every signature is checked here again. What was answered OK counts; where power went before the
answer, the ledger says whether it counts. Not for pulses: see `sessions`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.campaign.schedules.facts import Asked, Pressed, World
from tests.campaign.schedules.oracle import figures as f
from tests.campaign.schedules.oracle import reading
from tests.campaign.schedules.oracle.blobs import Blobs
from tests.campaign.schedules.oracle.holds import Holds
from tests.campaign.schedules.oracle.knowledge import App, Knowledge, Owner, Pending, Plan
from tests.campaign.schedules.oracle.nonces import Nonces
from tests.campaign.schedules.oracle.reading import Body, Statement, Word
from tests.campaign.schedules.oracle.wall import Wall


class Door:
    """Follows the facts; calls ``told`` with each accepted operation."""

    def __init__(
        self,
        world: World,
        broken: Callable[[str, str], None],
        told: Callable[[Asked, int, Body], None],
    ) -> None:
        self._world, self._broken, self._told = world, broken, told
        self._logs = iter(world.logs)
        self._out_of_service = False
        self._recorded = next(self._logs)[1]
        self.known = Knowledge()
        self.holds, self.nonces, self.blobs = Holds(), Nonces(), Blobs()
        self.wall = Wall(world.begin_wall_ms)
        self._pending: Pending | None = None
        self._last: tuple[bytes, bytes | None] | None = None
        self._lifted: set[tuple[bytes, bytes]] = set()
        self._steps: dict[int, Callable[[Asked, Body], None]] = {
            f.SET_TIME: self._set_time,
            f.AUTHORIZE_APP: self._authorize,
            f.INSTALL: self._install,
            f.CLEARANCE: self._clearance,
            f.GATE_ANSWERS: self._gates,
            f.PLACE_HOLD: self._hold,
            f.LIFT_HOLD: self._lift,
            f.TAKE_BACK: self._take_back,
            f.CONFIRM_HOLD: self._confirm,
            f.POSTPONE: self._postpone,
            f.REVOKE: self._revoke,
            f.TAKE_CONTROL: self._control,
            f.RELEASE_CONTROL: self._control,
            f.SUPERVISE: self._supervise,
            f.TRAINING_DONE: self._training,
            f.SIDE_EFFECTS: self._side_effects,
            f.ATTEST_TIME: self._attest,
            f.RESET: self._leave,
            f.RETIRE: self._leave,
        }

    # Facts

    def boot(self) -> None:
        """What dies at a reboot."""
        self.blobs, self._pending, self._last = Blobs(), None, None
        self.known.supervised_us = None

    def restored(self) -> None:
        """Another image of the flash was put in, with an older owner's keys perhaps; the device is
        to be out of service, and a refused hold costs nothing."""
        self._out_of_service = True
        self._recorded = next(self._logs)[1]

    def press(self, fact: Pressed) -> bool:
        """The button agrees to what waits, by the record of it; return whether anything did."""
        pending = self._pending
        if pending is None or fact.at_us - pending.at_us > f.BUTTON_US:
            return False
        if not self._stands(pending.name, *fact.written):
            return False
        self._pending = None
        pending.agree()
        return True

    def _stands(self, name: bytes, first: int = 0, end: int | None = None) -> bool:
        """Return whether a record in that stretch of the log names it."""
        return self._recorded.find(name, first, end) >= 0

    def is_same(self, fact: Asked) -> bool:
        """Return whether this is the very request before it, which gets the same answer (again)."""
        return self._last == (fact.message, fact.answer)

    def asked(self, fact: Asked) -> None:
        """Follow one request."""
        same, self._last = self.is_same(fact), (fact.message, fact.answer)
        if same:
            return
        asked = reading.request(fact.message)
        if asked is None:
            return
        operation, arguments = asked
        status, result = (None, {}) if fact.answer is None else reading.answer(fact.answer)
        if status == f.OK or status is None:
            self._taken(fact, operation, arguments, result, certain=status == f.OK)
        elif status == f.BUTTON_NEEDED and operation in (f.PROVISION, f.ROTATE_ROOT):
            self._wait(fact, operation, arguments)
        elif operation in (f.PLACE_HOLD, f.STOP):
            self._not_refused(fact, operation, arguments, status, result)

    def _taken(
        self, fact: Asked, operation: int, arguments: Body, result: Body, *, certain: bool
    ) -> None:
        if operation == f.NONCE and certain:
            self.nonces.give(arguments[1], result[1], fact.at_us, fact.boot)
        elif operation in self._steps:
            self._step(fact, operation, arguments, certain=certain)
        if certain and operation in (f.CLEARANCE, f.INSTALL, f.GATE_ANSWERS, f.ARM):
            self.wall.shown()
        if certain:
            self._told(fact, operation, arguments)

    def _step(self, fact: Asked, operation: int, arguments: Body, *, certain: bool) -> None:
        if not certain:
            name = self._name(operation, arguments)
            if name is None or not self._stands(name, *fact.written):
                return
        self._steps[operation](fact, arguments)

    def _name(self, operation: int, arguments: Body) -> bytes | None:
        """What the ledger calls the thing that was being done when power went."""
        if operation in (f.LIFT_HOLD, f.SUPERVISE, f.ATTEST_TIME, f.RESET, f.RETIRE, f.INSTALL):
            kind = f.PRESCRIPTION if operation == f.INSTALL else f.STAFF_WORD
            blob = self.blobs.waiting.get(kind)
            said = None if blob is None else reading.word(blob)
            return None if said is None else said.name
        if operation == f.AUTHORIZE_APP:
            blob = self.blobs.waiting.get(f.ENROLMENT)
            found = None if blob is None else reading.statement(blob)
            return None if found is None else found.name
        found = reading.statement(arguments.get(1, b""))
        if found is None:
            return None
        if operation in (f.PLACE_HOLD, f.TAKE_BACK):
            hold_id: bytes = found.body[1]
            return hold_id
        return found.name

    # Whose word

    def _need(self, condition: object, words: str) -> bool:
        if not condition:
            self._broken("authority", words)
        return bool(condition)

    def certified(self, envelope: bytes | None, purpose: int, at_us: int) -> Body | None:
        """The certificate's map where the clinic's root stands for it now."""
        owner = self.known.owner
        found = None if envelope is None else reading.statement(envelope)
        if owner is None or found is None or not found.by(owner.root):
            return None
        now_s = self.wall.s(at_us)
        fits = found.type == "circlet/certificate/v1" and found.body[1] == purpose
        in_time = now_s is None or found.body[4] <= now_s < found.body[5]
        revoked = reading.key_id(found.body[2])[:8] in self.known.revoked
        return found.body if fits and in_time and not revoked else None

    def _online(self, fact: Asked, arguments: Body, purpose: int, kind: str) -> Statement | None:
        found = reading.statement(arguments[1])
        certificate = self.certified(arguments.get(2), purpose, fact.at_us)
        held = (
            found is not None
            and certificate is not None
            and found.type == kind
            and found.audience == self._world.device_id
            and found.by(certificate[2])
        )
        return found if self._need(held, f"{kind} was taken without its key") else None

    def by_app(self, fact: Asked, envelope: bytes, kind: str) -> Statement | None:
        """A statement by an enrolled app, or a broken rule."""
        found = reading.statement(envelope)
        held = (
            found is not None
            and found.type == kind
            and found.audience == self._world.device_id
            and any(found.by(app.key) for app in self.known.apps)
            and found.issuer[:8] not in self.known.revoked
        )
        return found if self._need(held, f"{kind} was taken from no enrolled app") else None

    def _staff(self, fact: Asked, kind: str, scope: int) -> Word | None:
        blob = self.blobs.waiting.get(f.PRESCRIPTION if "prescription" in kind else f.STAFF_WORD)
        said = None if blob is None else reading.word(blob)
        certificate = (
            None if said is None else self.certified(said.certificate, f.P_STAFF, fact.at_us)
        )
        held = (
            said is not None
            and certificate is not None
            and scope in certificate.get(6, ())
            and said.by(kind, certificate)
        )
        return said if self._need(held, f"{kind} was taken without staff's passkey") else None

    def _use(self, purpose: int, nonce: bytes, fact: Asked) -> None:
        wrong = self.nonces.use(purpose, nonce, fact.at_us, fact.boot)
        if wrong:
            self._broken("nonce", wrong)

    # Owner and apps

    def _wait(self, fact: Asked, operation: int, arguments: Body) -> None:
        if operation == f.PROVISION:
            self._wait_for_owner(fact)
            return
        found, owner = reading.statement(arguments[1]), self.known.owner
        held = found is not None and owner and (found.by(owner.root) or found.by(owner.recovery))
        if not self._need(held, "a rotation was taken from no root") or not found or not owner:
            return

        def rotate() -> None:
            owner.root, owner.recovery = found.body[2], found.body[3]

        self._pending = Pending(fact.at_us, found.name, rotate)

    def _wait_for_owner(self, fact: Asked) -> None:
        assigned = reading.statement(self.blobs.waiting.pop(f.ASSIGNMENT, b""))
        given = reading.statement(self.blobs.waiting.pop(f.TRANSFER, b""))
        former = self.known.owner
        if former is not None:
            word = reading.word(self.blobs.waiting.get(f.STAFF_WORD, b""))
            certified = word and self.certified(word.certificate, f.P_STAFF, fact.at_us)
            signed = word and certified and word.by("circlet/hand-over/v1", certified)
            if not self._need(signed, "the device changed hands without a prescriber"):
                return
        if assigned is None:
            return
        if given is not None and given.by(self._world.manufacturer_key):
            owner = Owner(given.body[1], given.body[2], given.body[3], assigned.body[1])
        elif former is not None:
            owner = Owner(former.clinic_id, former.root, former.recovery, assigned.body[1])
        else:
            self._broken("authority", "the device was given away without its maker")
            return
        self._pending = Pending(fact.at_us, assigned.name, lambda: self._own(owner))

    def _own(self, owner: Owner) -> None:
        former, self.known = self.known.owner, self.known.of_next(owner)
        if former is not None and former.clinic_id != owner.clinic_id:
            self.holds.newest = 0
            self.holds.ahead.clear()

    def _leave(self, fact: Asked, _: Body) -> None:
        said = self._staff(fact, "circlet/hand-over/v1", f.PRESCRIBE)
        self._need(said and said.body[1] == self._world.device_id, "another device's hand-over")
        self.known = self.known.without_owner()

    def _authorize(self, fact: Asked, _: Body) -> None:
        found = reading.statement(self.blobs.waiting.pop(f.ENROLMENT, b""))
        certificate = self.certified(
            self.blobs.waiting.pop(f.CERTIFICATE, None), f.P_ENROLMENT, fact.at_us
        )
        held = found is not None and certificate is not None and found.by(certificate[2])
        if not self._need(held, "an app was enrolled without the enrolment key") or found is None:
            return
        patient = self.known.owner.patient if self.known.owner else b""
        self._need(found.body[3] == patient, "an app of another patient was enrolled")
        app = App(found.body[1], found.body[4], found.body[6])
        if app in self.known.apps:
            return
        newest = max((other.number for other in self.known.apps), default=0)
        self._need(app.number > newest, "an older enrolment took a newer one's place")
        others = [other for other in self.known.apps if other.key != app.key]
        self.known.apps = sorted([*others, app], key=lambda each: each.number)[-2:]
        self.known.control = reading.key_id(app.key)

    def _control(self, fact: Asked, arguments: Body) -> None:
        found = self.by_app(fact, arguments[1], "circlet/control/v1")
        if found is not None:
            self._use(f.FOR_CONTROL, found.body[1], fact)
            self.known.control = found.issuer if found.body[3] else None

    # Prescriptions and words about them

    def _install(self, fact: Asked, _: Body) -> None:
        said = self._staff(fact, "circlet/prescription/v1", f.PRESCRIBE)
        self.blobs.waiting.pop(f.PRESCRIPTION, None)
        owner = self.known.owner
        if said is None or owner is None:
            return
        body, known = said.body, self.known
        certificate = reading.statement(said.certificate)
        assert certificate is not None
        plan = Plan(body, said.name, reading.key_id(certificate.body[2]))
        self._need(body[3] == self._world.device_id, "a prescription for another device came in")
        self._need(body[4] == owner.patient, "a prescription for another patient came in")
        self._need(body[2] == owner.clinic_id, "a prescription of another clinic came in")
        in_force = [each.hash for each in (known.plan, known.titration) if each]
        if said.name not in in_force:
            self._need(known.serial < body[6] <= known.serial + 1_000, "a serial out of its line")
            now_s = self.wall.s(fact.at_us)
            late = body[1] != f.END and (now_s is None or now_s > body[24])
            self._need(not late, "a prescription was installed after its time")
        known.serial = max(known.serial, body[6])
        if body[1] == f.TITRATION:
            known.titration = plan
            return
        replaced = None if known.plan is None else known.plan.hash
        fits = said.name in in_force or body.get(7) == replaced
        self._need(fits, "a prescription replaced another than it names")
        known.plan = plan

    def _clearance(self, fact: Asked, arguments: Body) -> None:
        found = self._online(fact, arguments, f.P_CLEARANCE, "circlet/clearance/v1")
        if found is not None:
            self._use(f.FOR_CLEARANCE, found.body[1], fact)
            self.known.clearance = found.body

    def _revoke(self, _: Asked, arguments: Body) -> None:
        found, owner = reading.statement(arguments[1]), self.known.owner
        held = found is not None and owner is not None and found.by(owner.root)
        if not self._need(held, "a revocation was taken without the root") or found is None:
            return
        number, key, kind, until_s = (found.body[i] for i in (1, 2, 3, 5))
        self._need(number == self.known.revocations + 1, "a revocation out of its line")
        self.known.revocations = number
        self.known.revoked[key[:8]] = (kind, until_s)

    # Time

    def _set_time(self, fact: Asked, arguments: Body) -> None:
        found = self._online(fact, arguments, f.P_TIME, "circlet/time/v1")
        if found is None:
            return
        self._use(f.FOR_TIME, found.body[1], fact)
        wrong = self.wall.take(found.body[2], fact.at_us)
        if wrong:
            self._broken("time", wrong)

    def _attest(self, fact: Asked, _: Body) -> None:
        said = self._staff(fact, "circlet/attest-time/v1", f.PRESCRIBE)
        if said is not None:
            self._use(f.FOR_ATTEST, said.body[5], fact)

    # Gates

    def _gates(self, fact: Asked, arguments: Body) -> None:
        found = self.by_app(fact, arguments[1], "circlet/gate-answers/v1")
        if found is None:
            return
        self._use(f.FOR_GATES, found.body[1], fact)
        outcome = found.body[4]
        self.known.gates = (outcome, fact.at_us, tuple(found.body.get(7, ())))
        if outcome == f.HOLD:
            self.holds.place_own()
        elif outcome == f.POSTPONED:
            self._put_off(fact.at_us, found.body[5])

    def _postpone(self, fact: Asked, arguments: Body) -> None:
        found = self.by_app(fact, arguments[1], "circlet/postpone/v1")
        if found is not None:
            self._use(f.FOR_POSTPONE, found.body[1], fact)
            self._put_off(fact.at_us, found.body[3])

    def _put_off(self, at_us: int, seconds: int) -> None:
        until_us = at_us + seconds * f.SECOND_US
        self.known.postponed_us = max(self.known.postponed_us, until_us)

    def _supervise(self, fact: Asked, _: Body) -> None:
        said = self._staff(fact, "circlet/supervise/v1", f.SUPERVISING)
        if said is not None:
            self._use(f.FOR_SUPERVISE, said.body[3], fact)
            self.known.supervised_us = fact.at_us

    def _training(self, fact: Asked, arguments: Body) -> None:
        if self.by_app(fact, arguments[1], "circlet/training-done/v1"):
            self.known.trained = True

    def _side_effects(self, fact: Asked, arguments: Body) -> None:
        found = self.by_app(fact, arguments[1], "circlet/side-effect-answers/v1")
        if found is None:
            return
        session_id, flag = found.body[1], found.body.get(4)
        if flag is not None and session_id not in self.known.flagged:
            self.known.flagged.add(session_id)
            self.holds.place_own()
        self.known.answered.add(session_id)

    # Holds

    def _hold(self, fact: Asked, arguments: Body) -> None:
        if arguments.get(2) is not None:
            found = self._online(fact, arguments, f.P_HOLD, "circlet/place-hold/v1")
        else:
            found = self.by_app(fact, arguments[1], "circlet/place-hold/v1")
        if found is not None:
            hold_id, kind, source, reason, number = (found.body[i] for i in range(1, 6))
            self.holds.place(hold_id, kind, reason, fact.at_us, number if source == 1 else 0)

    def _not_refused(
        self, fact: Asked, operation: int, arguments: Body, status: int, result: Any
    ) -> None:
        """STOP is never refused; a fresh hold of the clinic's only without owner or in service."""
        if operation == f.STOP:
            self._broken("stop", f"STOP was refused ({status})")
            return
        found = reading.statement(arguments.get(1, b""))
        key = self.certified(arguments.get(2), f.P_HOLD, fact.at_us)
        if found is None or key is None or not found.by(key[2]) or status in (8, 11):
            return
        known = found.body[5] <= self.holds.newest or found.body[5] in self.holds.ahead
        here = found.audience == self._world.device_id and not self._out_of_service
        if not known and here:
            self._broken("hold", f"a fresh hold of the clinic's was refused ({result})")

    def _lift(self, fact: Asked, _: Body) -> None:
        said = self._staff(fact, "circlet/lift-hold/v1", f.LIFT)
        self.blobs.waiting.pop(f.STAFF_WORD, None)
        if said is None:
            return
        self._need(said.body[1] == self._world.device_id, "a lift for another device was taken")
        lines = {(each[1], each[2]) for each in said.body[2]}
        if fact.answer is None:
            lines = {line for line in lines if self._stands(line[0], *fact.written)}
        self._need(not lines & self._lifted, "a lift was taken twice")
        self._lifted |= lines
        self.holds.lift([hold_id for hold_id, _ in lines])
        if said.body.get(3) is not None:
            self.known.postponed_us = 0

    def _take_back(self, fact: Asked, arguments: Body) -> None:
        found = self.by_app(fact, arguments[1], "circlet/take-back-hold/v1")
        if found is not None:
            self.holds.take_back(found.body[1])

    def _confirm(self, fact: Asked, arguments: Body) -> None:
        found = self._online(fact, arguments, f.P_HOLD, "circlet/confirm-hold/v1")
        if found is not None:
            self.holds.confirm(found.body[1])
