"""The root's holder at work: commands of `circlet-root` on files of a test's own folder."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cloud.root_tool.cli import main
from cloud.root_tool.request import CertificateRequest
from shared.trust.keys import PublicKey, SoftwareKey
from shared.wire import fields

NOW_S = 1_800_000_000
DAY_S = 86_400
CLINIC = b"demo-clinic"
DESK = "http://desk.localhost:8090"


def public(path: Path) -> PublicKey:
    """Return the key of a .pub file."""
    return PublicKey(bytes.fromhex(path.read_text()))


def request_file(folder: Path, key: PublicKey, **changes: object) -> Path:
    """Write a request as the signing desk puts it out."""
    values: dict[str, object] = {
        "public_key": key.data,
        "credential_id": b"credential",
        "subject": "Dr A. Example",
        "rp_id": "desk.localhost",
        "origin": DESK,
        "backup_eligible": False,
    }
    asked = CertificateRequest(**(values | changes))  # type: ignore[arg-type]
    path = folder / "request.txt"
    path.write_bytes(base64.urlsafe_b64encode(fields.pack(asked)).rstrip(b"=") + b"\n")
    return path


def run(command: str, **options: object) -> int:
    """Run a sub-command; an option's value may be a list, or True for a flag."""
    words = [command]
    for name, value in options.items():
        words.append(f"--{name.replace('_', '-')}")
        if value is not True:
            words += map(str, value if isinstance(value, list) else [value])
    return main(words)


@dataclass(frozen=True)
class Holder:
    """A clinic's folder, and a folder for what its root signs."""

    home: Path
    desk: Path

    @classmethod
    def at(cls, folder: Path) -> Holder:
        """Make a clinic's roots."""
        holder = cls(folder / "home", folder / "desk")
        holder.desk.mkdir()
        assert run("create", out=holder.home, clinic="Clinic", clinic_id="clinic") == 0
        return holder

    @property
    def root(self) -> PublicKey:
        """The clinic root's public half."""
        return public(self.home / "clinic-root.pub")

    def sign(self, command: str, *, at_s: int = NOW_S, **options: Any) -> int:
        """Run a command that signs by the clinic's root, at a time."""
        named = {"clinic_root": self.home / "clinic-root.key", "now_ms": at_s * 1000}
        return run(command, **(named | options))

    def certificate(
        self, name: str, key: PublicKey | None = None, *, days: int = 365, at_s: int = NOW_S
    ) -> Path:
        """Certify a time key, a fresh one unless named, and return the certificate's file."""
        key = key or SoftwareKey.generate().public_key
        pub, out = self.desk / f"{name}.pub", self.desk / f"{name}.cert"
        pub.write_text(key.data.hex())
        code = self.sign(
            "certify-key", at_s=at_s, purpose="time", public_key=pub, days=days, out=out
        )
        assert code == 0
        return out

    def files(self) -> dict[str, bytes]:
        """Return all that stands in the clinic's folder and on the desk."""
        both = [*self.home.rglob("*"), *self.desk.rglob("*")]
        return {str(path): path.read_bytes() for path in both if path.is_file()}
