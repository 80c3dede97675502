"""Rotation over files. Each step can be done twice, so that one that was killed is done again.

1. ``rotating`` names the next wrapping key, 2. that key is written, 3. ``current`` names it, so
that new patients get it, 4. every wrapped key is wrapped anew, 5. once none needs another, the
other wrapping keys are destroyed, 6. ``rotating`` is removed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from cloud.vault.errors import Damaged
from cloud.vault.owners import Owner
from cloud.vault.port import Tell
from cloud.vault.shelf import Shelf, shred, sync_folder, write_whole
from cloud.vault.wrapping import WRAPPING_ID_BYTES, unwrap, wrap, wrapped_by


def rotate(shelf: Shelf, owner_of: Callable[[bytes], Owner], tell: Tell) -> int:
    """Wrap everything on the shelf under a fresh key; return how many keys there are.

    One that was killed is brought to its end first: its fresh key may have been copied since.
    """
    if shelf.named("rotating") is not None:
        _rotate(shelf, owner_of, tell)
    return _rotate(shelf, owner_of, tell)


def _rotate(shelf: Shelf, owner_of: Callable[[bytes], Owner], tell: Tell) -> int:
    with shelf.locked():
        fresh = shelf.named("rotating")
        if fresh is None:
            fresh = secrets.token_bytes(WRAPPING_ID_BYTES)
            shelf.name("rotating", fresh)
    tell("named")
    with shelf.locked():
        if not shelf.wrapping_file(fresh).exists():
            shelf.make_wrapping_key(fresh)
        tell("made")
        shelf.name("current", fresh)
    tell("current")
    # A patient who is added meanwhile gets the fresh key already.
    patients = shelf.all_wrapped()
    for patient_id in patients:
        if _wrap_anew(shelf, owner_of(patient_id), fresh):
            tell("wrapped")
    _destroy_others(shelf, owner_of, fresh, tell)
    return len(patients)


def _wrap_anew(shelf: Shelf, owner: Owner, fresh: bytes) -> bool:
    # Locked for each key: who is erased meanwhile must not come back.
    with shelf.locked():
        path = shelf.wrapped(owner.patient_id)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return False
        if shelf.tombstone(owner.patient_id).exists():
            shred(path)
            return False
        before = wrapped_by(data, owner)
        if before == fresh:
            return False
        key = unwrap(data, owner, shelf.wrapping_key(before))
        write_whole(path, wrap(key, owner, fresh, shelf.wrapping_key(fresh)))
    return True


def _destroy_others(
    shelf: Shelf, owner_of: Callable[[bytes], Owner], fresh: bytes, tell: Tell
) -> None:
    with shelf.locked():
        for patient_id in shelf.all_wrapped():
            data = shelf.wrapped(patient_id).read_bytes()
            if wrapped_by(data, owner_of(patient_id)) != fresh:
                raise Damaged(f"The {owner_of(patient_id)} still needs another wrapping key.")
        for path in sorted(shelf.wrapping.iterdir()):
            if path != shelf.wrapping_file(fresh):
                shred(path)
                tell("destroyed")
        for part in shelf.patients.glob("*.part"):
            shred(part)
        (shelf.folder / "rotating").unlink(missing_ok=True)
        sync_folder(shelf.folder)
    tell("done")
