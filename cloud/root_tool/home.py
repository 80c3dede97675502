"""A clinic's folder at the root's holder: what it is called, its two roots, its register.

`clinic.json`, `clinic-root.pub`, `recovery-root.pub`, `register.jsonl`; the private halves lie
here too, or somewhere safer.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cloud.root_tool import files
from cloud.root_tool.certifying import Clinic
from cloud.root_tool.errors import RootToolError
from cloud.root_tool.register import Register
from shared.trust.clinic_ids import FORM, is_clinic_id
from shared.trust.keys import PublicKey, Signer

ABOUT, REGISTER = "clinic.json", "register.jsonl"
ROOT, RECOVERY = "clinic-root", "recovery-root"
DEMO_WORDS = "a demonstration's root: released bands refuse it"


@dataclass(frozen=True)
class About:
    """What a clinic is called, where its people sign, and whether it's one at all."""

    name: str
    clinic: Clinic
    demo: bool

    def __post_init__(self) -> None:
        if not is_clinic_id(self.clinic.clinic_id):
            raise RootToolError("clinic_id", f"a clinic's id has {FORM}")
        if not self.clinic.desk_rp_id:
            raise RootToolError("desk_origin", "an origin reads http://HOST:PORT")
        if ("demo" in self.name.lower()) is not self.demo:
            raise RootToolError("name", "a demonstration's name says Demo, and only that")

    def to_json(self) -> dict[str, object]:
        """Return what clinic.json holds."""
        return {
            "clinic_id": self.clinic.clinic_id,
            "name": self.name,
            "desk_rp_id": self.clinic.desk_rp_id,
            "desk_origin": self.clinic.desk_origin,
            "demo": self.demo,
        }


@dataclass(frozen=True)
class Home:
    """The folder, read and found whole."""

    folder: Path
    about: About
    root: PublicKey
    recovery: PublicKey
    register: Register

    @property
    def clinic(self) -> Clinic:
        """The clinic as its statements name it."""
        return self.about.clinic

    @classmethod
    def load(cls, folder: Path) -> Home:
        """Read a folder; RootToolError names the file that fails."""
        return cls(
            folder,
            _about(folder / ABOUT),
            files.read_public(folder / f"{ROOT}.pub"),
            files.read_public(folder / f"{RECOVERY}.pub"),
            Register.load(folder / REGISTER),
        )

    def require_root(self, signer: Signer) -> Signer:
        """Return the signer if it is the clinic's root, and still is it."""
        self.require_not_replaced()
        if signer.public_key != self.root:
            raise RootToolError("root", f"the key is not the clinic's root of {self.folder}")
        return signer

    def require_a_root(self, signer: Signer) -> Signer:
        """Return the signer if it is the clinic's root or its recovery root."""
        self.require_not_replaced()
        if signer.public_key not in (self.root, self.recovery):
            raise RootToolError("root", f"the key is neither of the two roots of {self.folder}")
        return signer

    def require_not_replaced(self) -> None:
        """Raise RootToolError where the register tells of newer roots than these."""
        rotation = self.register.rotation()
        if rotation is not None and rotation.clinic_root != self.root.data:
            newer = PublicKey(rotation.clinic_root).fingerprint
            raise RootToolError("replaced", f"this root was replaced by the root {newer}")

    def require_not_revoked(self, key: PublicKey) -> None:
        """Raise RootToolError where the clinic has taken this key's word back."""
        line = self.register.revocation_of(key.key_id)
        if line is not None:
            number = line.statement.number
            raise RootToolError("revoked", f"the key {key.fingerprint} was revoked by no. {number}")


def clinic_of(clinic_id: str, desk_origin: str) -> Clinic:
    """Return a clinic whose desk stands at an origin."""
    return Clinic(clinic_id, urlsplit(desk_origin).hostname or "", desk_origin)


def write_home(folder: Path, about: About, register: Register | None = None) -> None:
    """Write what goes beside the roots: the clinic's description and a register."""
    files.write_json(folder / ABOUT, about.to_json())
    Register.begin(folder / REGISTER, register.lines if register else ())


def _about(path: Path) -> About:
    value = files.read_object(path)
    for name, kind in (("clinic_id", str), ("name", str), ("desk_origin", str), ("demo", bool)):
        if not isinstance(value.get(name), kind):
            raise RootToolError("clinic", f"{path}: {name} is missing or has the wrong form")
    clinic = clinic_of(str(value["clinic_id"]), str(value["desk_origin"]))
    return About(str(value["name"]), clinic, bool(value["demo"]))
