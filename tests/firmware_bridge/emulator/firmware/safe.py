"""Every key of DESIGN's list by its name, with the certificate that it has: what there is to steal.

Certificates are public: whoever steals one key holds all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.statements import Certificate, Purpose, Scope
from tests.shared.clinic import DAY_S, DESK_ORIGIN, DESK_RP, FAR_S, NOW_S, Clinic

SERVERS = {
    "enrolment": Purpose.ENROLMENT,
    "time": Purpose.TIME,
    "clearance": Purpose.CLEARANCE,
    "hold": Purpose.HOLD,
    "receipt": Purpose.RECEIPT,
    "vault": Purpose.VAULT,
    "care": Purpose.CARE,
}
STAFF = {"prescribe": Scope.PRESCRIBE, "lift_hold": Scope.LIFT_HOLD, "supervise": Scope.SUPERVISE}
BARE = ("app", "request", "other device", "recovery root")
STEALABLE = (*SERVERS, *STAFF, *BARE)


@dataclass(frozen=True)
class Held:
    """A private key, and its certificate where it has one."""

    name: str
    key: SoftwareKey
    certificate: bytes | None = None

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return self.key.public_key


class Safe:
    """All keys of a clinic, the root's among them."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self._held = {name: self._make(name) for name in (*STEALABLE, "root")}

    def __getitem__(self, name: str) -> Held:
        return self._held[name]

    def _make(self, name: str) -> Held:
        key = self._known.get(name) or SoftwareKey.generate()
        if name in SERVERS:
            return Held(name, key, self._certified(SERVERS[name], key))
        if name in STAFF:
            return Held(name, key, self._certified(Purpose.STAFF, key, STAFF[name]))
        return Held(name, key)

    @cached_property
    def _known(self) -> dict[str, SoftwareKey]:
        """The keys that the clinic of the other tests has already."""
        online = {name: self.clinic.online.get(purpose) for name, purpose in SERVERS.items()}
        others = {
            "app": self.clinic.app,
            "request": self.clinic.request,
            "prescribe": self.clinic.staff,
            "recovery root": self.clinic.recovery,
            "root": self.clinic.root,
        }
        return others | {name: key for name, key in online.items() if key is not None}

    def _certified(self, purpose: Purpose, key: SoftwareKey, *scopes: Scope) -> bytes:
        desk = (DESK_RP, DESK_ORIGIN, False, b"credential") if scopes else (None,) * 4
        name = purpose.name.lower()
        return self.clinic.certify(
            Certificate(
                purpose, key.public_key.data, name, NOW_S - DAY_S, FAR_S, tuple(scopes), *desk
            )
        )


@dataclass(frozen=True)
class Pretender:
    """A key that signs under another's name."""

    public_key: PublicKey
    own: SoftwareKey

    def sign(self, message: bytes) -> bytes:
        """Return the own key's signature."""
        return self.own.sign(message)
