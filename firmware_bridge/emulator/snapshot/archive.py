"""The file of a snapshot: a zip whose manifest names every file in it with its hash.

It holds the device's private key, its bonds and its health data; whoever has the file has the
device. Not for what becomes of it: see `loading`.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

KIND = "circlet-snapshot"
VERSION = 1
MANIFEST = "manifest.json"
STATE, IDENTITY = "state", "identity"
IDENTITY_FILES = ("device.json", "device.key", "device.cert", "manufacturer.pub")
SET_ASIDE = "of-snapshot"
LARGEST_FILE_BYTES = 64 * 1024 * 1024
"""More than any file of a device has (own figure): a larger one is refused unread."""

WARNING = "holds private keys, bonds and health data in the clear"


class SnapshotBroken(Exception):
    """A file or folder is not what a snapshot needs; `field` names it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(f"{field}: {sentence}")
        self.field = field


@dataclass(frozen=True)
class Manifest:
    """What a snapshot says of itself."""

    device_id: str
    wall_ms: int
    files: dict[str, str]
    kind: str = KIND
    version: int = VERSION
    warning: str = WARNING


@dataclass(frozen=True)
class Snapshot:
    """A device as it was: its files by name, below `state/` and `identity/`."""

    manifest: Manifest
    files: dict[str, bytes]


def take(state: Path, identity: Path, wall_ms: int) -> Snapshot:
    """Read a device that isn't running."""
    files = {f"{STATE}/{name}": path.read_bytes() for name, path in _kept(state, identity)}
    for name in IDENTITY_FILES:
        path = identity / name
        if not path.is_file():
            raise SnapshotBroken(str(path), "there is no such file")
        files[f"{IDENTITY}/{name}"] = path.read_bytes()
    device_id = str(json.loads(files[f"{IDENTITY}/device.json"]).get("device_id"))
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return Snapshot(Manifest(device_id, wall_ms, hashes), files)


def write(snapshot: Snapshot, out: Path) -> None:
    """Write a new file that only its owner may read."""
    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as kept:
        kept.writestr(MANIFEST, json.dumps(asdict(snapshot.manifest), indent=1))
        for name, content in snapshot.files.items():
            kept.writestr(name, content)


def read(path: Path) -> Snapshot:
    """Read a snapshot whole; SnapshotBroken names what isn't as its manifest says."""
    try:
        with zipfile.ZipFile(path) as kept:
            manifest = _manifest(_content(kept, MANIFEST))
            files = {name: _content(kept, name) for name in manifest.files}
            strangers = set(kept.namelist()) - {MANIFEST, *files}
    except zipfile.BadZipFile as problem:
        raise SnapshotBroken(str(path), "is not a snapshot") from problem
    if strangers:
        raise SnapshotBroken(sorted(strangers)[0], "is not in the manifest")
    for name, content in files.items():
        if hashlib.sha256(content).hexdigest() != manifest.files[name]:
            raise SnapshotBroken(name, "is not what the manifest says")
    return Snapshot(manifest, files)


def _kept(state: Path, identity: Path) -> list[tuple[str, Path]]:
    own = identity.resolve()
    return [
        (path.relative_to(state).as_posix(), path)
        for path in sorted(state.rglob("*"))
        if path.is_file()
        and not path.is_symlink()
        and not path.resolve().is_relative_to(own)
        and path.relative_to(state).parts[0] != SET_ASIDE
    ]


def _manifest(content: bytes) -> Manifest:
    try:
        manifest = Manifest(**json.loads(content))
    except (ValueError, TypeError) as problem:
        raise SnapshotBroken(MANIFEST, "does not read") from problem
    if (manifest.kind, manifest.version) != (KIND, VERSION):
        raise SnapshotBroken(MANIFEST, f"is not {KIND} of version {VERSION}")
    if not isinstance(manifest.files, dict):
        raise SnapshotBroken(MANIFEST, "files is not an object")
    for name in manifest.files:
        place = PurePosixPath(name)
        inside = place.parts[:1] in ((STATE,), (IDENTITY,)) and len(place.parts) > 1
        if not inside or ".." in place.parts or place.as_posix() != name:
            raise SnapshotBroken(name, "is not a place in a device")
    return manifest


def _content(kept: zipfile.ZipFile, name: str) -> bytes:
    try:
        about = kept.getinfo(name)
    except KeyError as problem:
        raise SnapshotBroken(name, "is not in the file") from problem
    if about.file_size > LARGEST_FILE_BYTES:
        raise SnapshotBroken(name, f"is above {LARGEST_FILE_BYTES} bytes")
    return kept.read(about)
