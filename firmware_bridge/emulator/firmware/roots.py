"""What the clinic's roots say: keys whose word counts no more, other roots, a catalogue accepted
(R18, R25, R26). For the whole clinic, so that one statement serves all its devices."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ownership import judging
from firmware_bridge.emulator.firmware.rooms import Rooms
from firmware_bridge.emulator.firmware.tenure import Owner
from shared.dose.ledger import REVOCATIONS_MAX
from shared.stimulation.catalogue import catalogue
from shared.stimulation.recalled import closed_digest
from shared.trust import sign1
from shared.trust.keys import PublicKey
from shared.trust.statements import (
    CatalogueAcceptance,
    Revocation,
    RevocationKind,
    RootRotation,
)
from shared.wire import records
from shared.wire.operations import Nothing, Operation, StatementArguments, StatusCode
from shared.wire.records import CloseCause

LEFT_S_MAX = 30 * 86_400
"""What a prescriber who left had signed stands at most so long."""


class Roots:
    """Carries out what the roots say."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self.steps: dict[Operation, Callable[[Any], Any]] = {
            Operation.REVOKE: self._revoke,
            Operation.ROTATE_ROOT: self._rotate,
            Operation.ACCEPT_CATALOGUE: self._accept_catalogue,
        }

    # Revocation

    def _revoke(self, given: StatementArguments) -> Nothing:
        """Needs no clock and no state; what a compromised key signed ends at once (R18)."""
        said = self._rooms.by_root(Revocation, given)
        self._check_revocation(said)
        if said.kind is RevocationKind.COMPROMISED and self._is_in_force(said.key_id):
            self._rooms.treatment.close(CloseCause.PRESCRIPTION_ENDED)
        self._rooms.journal.write(
            records.RevocationBody(
                sign1.name_of(given.statement), said.number, said.key_id, said.kind, said.until_s
            )
        )
        return Nothing()

    def _check_revocation(self, said: Revocation) -> None:
        past = self._rooms.past
        if said.number <= past.newest_revocation:
            raise Refused(StatusCode.ALREADY, "revocation_known")
        if said.number != past.newest_revocation + 1:
            raise Refused(StatusCode.REFUSED, "revocation_not_next")
        if said.kind is RevocationKind.LEFT and not 0 <= said.until_s - said.at_s <= LEFT_S_MAX:
            raise Refused(StatusCode.REFUSED, "revocation_until")
        if len(past.revocations) >= REVOCATIONS_MAX:
            raise Refused(StatusCode.REFUSED, "revocations_full")

    def _is_in_force(self, key_id: bytes) -> bool:
        """Whether a session may stand on this key: its prescriber's, or its app's."""
        past = self._rooms.past
        known = (past.signer, past.titration_signer, past.control_key_id)
        return any(each and key_id.startswith(each) for each in known)

    # Roots

    def _rotate(self, given: StatementArguments) -> Nothing:
        """Judge other roots, then wait for the button; prescriptions stay in force (R25)."""
        said = self._judged_rotation(given.statement)
        self._rooms.device.await_button(lambda: self._rotated(given.statement, said))
        raise Refused(StatusCode.BUTTON_NEEDED, "press_the_button")

    def _judged_rotation(self, envelope: bytes) -> RootRotation:
        ownership = self._rooms.ownership
        owner = ownership.require_owner()
        with judging():
            issuer = sign1.peek(envelope).issuer
        by_recovery = issuer == PublicKey(owner.recovery_root).key_id
        root = owner.recovery_root if by_recovery else owner.clinic_root
        said = ownership.root_statement(RootRotation, envelope, root)
        with judging():
            PublicKey(said.clinic_root), PublicKey(said.recovery_root)
        newest = self._rooms.past.root_number
        if said.number <= newest:
            raise Refused(StatusCode.ALREADY, "rotation_known")
        if said.number != newest + 1:
            raise Refused(StatusCode.REFUSED, "rotation_not_next")
        return said

    def _rotated(self, envelope: bytes, said: RootRotation) -> None:
        """The page first, then the record that makes it count."""
        rooms, ownership = self._rooms, self._rooms.ownership
        owner, tenure = ownership.require_owner(), ownership.tenure
        assert tenure is not None
        ownership.prepare_tenure(
            dataclasses.replace(
                tenure,
                from_number=rooms.journal.count + 1,
                rotated=True,
                owner=_with_roots(owner, said),
            )
        )
        rooms.journal.write(records.RootRotatedBody(sign1.name_of(envelope), said.number))
        ownership.begin_tenure()

    # Catalogue

    def _accept_catalogue(self, given: StatementArguments) -> Nothing:
        """The catalogue of this firmware, by version and hash, with each recalled field closed."""
        said, own = self._rooms.by_root(CatalogueAcceptance, given), catalogue()
        if (said.version, said.digest) != (own.version, own.digest):
            raise Refused(StatusCode.REFUSED, "other_catalogue")
        if said.closed != closed_digest():
            raise Refused(StatusCode.REFUSED, "catalogue_not_closed")
        if self._rooms.past.catalogue_accepted != own.digest:
            self._rooms.journal.write(records.CatalogueAcceptedBody(said.version, said.digest))
        return Nothing()


def _with_roots(owner: Owner, said: RootRotation) -> Owner:
    return dataclasses.replace(
        owner, clinic_root=said.clinic_root, recovery_root=said.recovery_root
    )
