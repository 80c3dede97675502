"""Gives a clinic new roots, named by the old root or by the recovery root (R25).

The band asks for its button too. Prescriptions in force stay; every certificate is needed anew,
since bands judge new signatures by the new root alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cloud.root_tool import certifying, files
from cloud.root_tool.errors import RootToolError
from cloud.root_tool.home import RECOVERY, ROOT, Home, write_home
from cloud.root_tool.key_folder import KeyFolder
from shared.trust import sign1
from shared.trust.certificates import key_of
from shared.trust.keys import Signer
from shared.trust.statements import Certificate, RootRotation

ROTATION_FILE, CERTIFICATES_FOLDER = "rotation.cose", "certificates"


@dataclass(frozen=True)
class Carried:
    """A certificate of the old root that the new one is to issue again, under its file's name."""

    name: str
    certificate: Certificate


def carried(home: Home, paths: tuple[Path, ...], *, now_s: int) -> tuple[Carried, ...]:
    """Read the certificates to carry over; refuse all if one of them does not hold, naming each."""
    found, problems = [], []
    for path in paths:
        try:
            found.append(_carry(home, path, now_s))
        except RootToolError as problem:
            problems.append(str(problem))
    names = [each.name for each in found]
    problems += sorted(
        {f"{name}: two files have this name" for name in names if _twice(name, names)}
    )
    if problems:
        raise RootToolError("certificates", "; ".join(problems))
    return tuple(found)


def _twice(name: str, names: list[str]) -> bool:
    return names.count(name) > 1


def _carry(home: Home, path: Path, now_s: int) -> Carried:
    certificate = certifying.read_own(
        str(path), files.read(path), clinic=home.clinic, root=home.root
    )
    if certificate.not_after_s < now_s:
        raise RootToolError("expired", f"{path}: has expired; leave it out or renew it first")
    line = home.register.revocation_of(key_of(certificate).key_id)
    if line is not None:
        raise RootToolError("revoked", f"{path}: was revoked by no. {line.statement.number}")
    return Carried(path.name, certificate)


def rotate(
    home: Home, out: Path, certificates: tuple[Carried, ...], *, by: Signer, protect: bytes | None
) -> RootRotation:
    """Write the new roots' folder with everything under them; return what was signed.

    The old register takes the number once all is written, just before the folder gets its name.
    """
    home.require_a_root(by)
    with files.new_folder(out) as part:
        keys = KeyFolder(part, protect=protect)
        root, recovery = keys.create(ROOT), keys.create(RECOVERY)
        rotation = RootRotation(
            home.register.next_number(RootRotation), root.public_key.data, recovery.public_key.data
        )
        envelope = sign1.sign(rotation, audience=home.clinic.audience, signer=by)
        files.write_new(part / ROTATION_FILE, envelope)
        _certify_again(part / CERTIFICATES_FOLDER, home, certificates, root)
        write_home(part, home.about, home.register.with_next(envelope))
        home.register.append(envelope)
    return rotation


def _certify_again(
    folder: Path, home: Home, certificates: tuple[Carried, ...], root: Signer
) -> None:
    folder.mkdir(mode=files.FOLDER_MODE)
    for each in certificates:
        envelope = certifying.certify_again(each.certificate, clinic=home.clinic, root=root)
        files.write_new(folder / each.name, envelope)
