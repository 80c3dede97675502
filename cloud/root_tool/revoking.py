"""Takes a key's word back: `left` with a date, or `compromised` at once (R18)."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.root_tool.errors import RootToolError
from cloud.root_tool.home import Home
from cloud.root_tool.register import Line, Register
from shared.trust import sign1
from shared.trust.keys import PublicKey, Signer
from shared.trust.statements import Revocation, RevocationKind

LEFT_S_MAX = 30 * 86_400


@dataclass(frozen=True)
class Why:
    """From when, and until when what the key signed stands."""

    kind: RevocationKind
    at_s: int
    until_s: int

    @classmethod
    def compromised(cls, at_s: int) -> Why:
        """The key is in other hands: nothing that it signed stands."""
        return cls(RevocationKind.COMPROMISED, at_s, at_s)

    @classmethod
    def left(cls, at_s: int, until_s: int) -> Why:
        """The person has left: what they signed stands until a date, to be signed anew."""
        if not at_s < until_s <= at_s + LEFT_S_MAX:
            raise RootToolError("until", "the date lies after now and at most 30 days on")
        return cls(RevocationKind.LEFT, at_s, until_s)


def revoke(home: Home, key: PublicKey, why: Why, *, root: Signer) -> tuple[Line, Register]:
    """Return the revocation, on the register already; the same one again where there is one.

    A key that left may be found compromised later, and never the other way round.
    """
    home.require_root(root)
    if key in (home.root, home.recovery):
        raise RootToolError("root", "a root is not revoked: rotate the roots")
    known = home.register.revocation_of(key.key_id)
    if known is not None and not _says_more(why, known):
        return known, home.register
    statement = Revocation(
        home.register.next_number(Revocation), key.key_id, why.kind, why.at_s, why.until_s
    )
    envelope = sign1.sign(statement, audience=home.clinic.audience, signer=root)
    return Line(statement, envelope), home.register.append(envelope)


def _says_more(why: Why, known: Line) -> bool:
    said = known.statement
    assert isinstance(said, Revocation)
    if why.kind is said.kind:
        return False
    if why.kind is RevocationKind.LEFT:
        raise RootToolError("kind", f"the key is revoked as compromised already, no. {said.number}")
    return True
