"""The desk's files and the one hash that names them all.

The hash is that of a list in `sha256sum`'s own format, sorted by name, so that anybody can work it
out without this module (docs/desk.md). With an address it compares a desk that is being served.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from importlib.resources.abc import Traversable

FETCH_TIMEOUT_S = 10.0
MAXIMUM_FILE_BYTES = 1_000_000

Bundle = Mapping[str, bytes]


def load() -> Bundle:
    """Return every file of the bundle by its path, sorted."""
    root = resources.files("cloud.desk").joinpath("static")
    return dict(sorted(_walk(root, "")))


def listing(bundle: Bundle) -> str:
    """Return one line a file: its SHA-256, two spaces, its path."""
    lines = (f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in bundle.items())
    return "".join(lines)


def digest(bundle: Bundle) -> str:
    """Return the SHA-256 of the listing."""
    return hashlib.sha256(listing(bundle).encode()).hexdigest()


def differences(bundle: Bundle, fetch: Callable[[str], bytes]) -> list[str]:
    """Return the paths that ``fetch`` answers with other bytes than the bundle's."""
    return [path for path, data in bundle.items() if fetch(path) != data]


def changed_at(bundle: Bundle, origin: str) -> list[str]:
    """Return what a served desk answers otherwise; raise OSError where it doesn't answer as one."""
    changed = differences(bundle, lambda path: _fetch(f"{origin}/{path}"))
    same_page = _fetch(f"{origin}/") == bundle["index.html"]
    return changed if same_page else [*changed, "(the page itself)"]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the bundle's hash, or compare a served desk with it."""
    parser = argparse.ArgumentParser(
        prog="python -m cloud.desk.bundle", description="Names the signing desk's files by a hash."
    )
    parser.add_argument("--files", action="store_true", help="list each file's hash as well")
    parser.add_argument("--against", metavar="URL", help="compare the desk that is served there")
    arguments = parser.parse_args(argv)
    bundle = load()
    if arguments.files:
        print(listing(bundle), end="")
    print(digest(bundle))
    if arguments.against is None:
        return 0
    return _compare(bundle, arguments.against.rstrip("/"))


def _compare(bundle: Bundle, origin: str) -> int:
    try:
        changed = changed_at(bundle, origin)
    except OSError as problem:
        print(f"{origin} does not answer as a desk does: {problem}", file=sys.stderr)
        return 1
    for path in changed:
        print(f"{origin} serves other bytes: {path}", file=sys.stderr)
    return 1 if changed else 0


def _fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=FETCH_TIMEOUT_S) as answer:
        data = answer.read(MAXIMUM_FILE_BYTES + 1)
    assert isinstance(data, bytes)
    return data


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        path = f"{prefix}{entry.name}"
        if entry.is_dir():
            found += _walk(entry, f"{path}/")
        else:
            found.append((path, entry.read_bytes()))
    return found


if __name__ == "__main__":
    sys.exit(main())
