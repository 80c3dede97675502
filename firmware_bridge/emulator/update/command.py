"""`circlet-emulator image make` and `image show`: firmware images in files, without a band."""

from __future__ import annotations

import argparse
import re
import secrets
from pathlib import Path

from firmware_bridge.emulator.parts.identity import read_public
from firmware_bridge.emulator.update.judging import HARDWARE
from shared.firmware.image import Image, Version, read
from shared.firmware.manifest import PRODUCT, Behaviour, Manifest, manifest_of
from shared.firmware.signed import Release, judge, make
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey
from shared.wire.errors import WireError

_VERSION = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,5})(?:\+(\d{1,10}))?")
_BEHAVIOURS = {each.name.lower().replace("_", "-"): each for each in Behaviour}


class ImageBroken(Exception):
    """A file that isn't the image, key or certificate that it is taken for."""


def add_image(image: argparse.ArgumentParser) -> None:
    """The two commands."""
    commands = image.add_subparsers(required=True, metavar="COMMAND")
    _add_make(commands.add_parser("make", help="write a signed image of a firmware that behaves"))
    show = commands.add_parser("show", help="tell what is in an image, and who signed it")
    show.add_argument("file", type=Path, metavar="FILE")
    show.add_argument(
        "--maker", type=Path, metavar="FILE", help="manufacturer.pub: does the signature hold?"
    )
    show.set_defaults(command=_show)


def _add_make(make: argparse.ArgumentParser) -> None:
    make.description = (
        "No code is in it: the manifest says which version the emulator becomes, and how it fails."
    )
    make.add_argument("--key", required=True, type=Path, metavar="FILE", help="the firmware key")
    make.add_argument(
        "--certificate", required=True, type=Path, metavar="FILE", help="the maker's, for that key"
    )
    make.add_argument("--version", required=True, type=_version, metavar="1.2.3[+BUILD]")
    make.add_argument("--suffix", default="", metavar="WORD", help="shown behind the version")
    make.add_argument("--security-counter", type=int, default=0, metavar="N", help="(%(default)s)")
    make.add_argument(
        "--behaviour", choices=_BEHAVIOURS, default="steady", help="%(choices)s (%(default)s)"
    )
    make.add_argument("--hardware", default=HARDWARE, metavar="NAME", help="(%(default)s)")
    make.add_argument("--filler-bytes", type=int, default=0, metavar="N", help="as if code")
    make.add_argument("--out", required=True, type=Path, metavar="FILE", help="a new file")
    make.set_defaults(command=_make)


def _make(options: argparse.Namespace) -> None:
    version: Version = options.version
    manifest = Manifest(
        product=PRODUCT,
        hardware=options.hardware,
        name=f"{version}-{options.suffix}" if options.suffix else str(version),
        behaviour=_BEHAVIOURS[options.behaviour],
        filler=secrets.token_bytes(max(0, options.filler_bytes)),
    )
    try:
        key = SoftwareKey.from_pem(options.key.read_bytes())
        release = Release(manifest, version, options.security_counter)
        data = make(release, key=key, certificate=options.certificate.read_bytes())
        image = read(data)
    except (TrustError, WireError, OverflowError) as problem:
        raise ImageBroken(f"no image can be made of this: {problem}") from problem
    with options.out.open("xb") as file:
        file.write(data)
    print(f"{options.out}: {manifest.name}, {len(data)} bytes, {image.hash.hex()}")


def _show(options: argparse.Namespace) -> None:
    data = options.file.read_bytes()
    try:
        image = read(data)
        manifest = manifest_of(image)
    except WireError as problem:
        raise ImageBroken(f"{options.file}: {problem}") from problem
    lines = {
        "version": f"{image.version} ({manifest.name})",
        "product": f"{manifest.product}, hardware {manifest.hardware}",
        "behaviour": manifest.behaviour.name.lower().replace("_", "-"),
        "security counter": str(image.security_counter),
        "size": f"{len(data)} bytes",
        "hash": image.hash.hex(),
        "key": image.key_hash.hex(),
        "signature": "not checked" if options.maker is None else _judged(image, options.maker),
    }
    for name, value in lines.items():
        print(f"{name + ':':<18}{value}")


def _judged(image: Image, maker: Path) -> str:
    try:
        judge(image, maker=read_public(maker), now_s=None)
    except (TrustError, WireError) as problem:
        return f"doesn't hold: {problem}"
    return "holds"


def _version(text: str) -> Version:
    found = _VERSION.fullmatch(text)
    numbers = [int(part or 0) for part in found.groups()] if found else []
    if not numbers or max(numbers[:2]) > 255 or numbers[2] >= 2**16 or numbers[3] >= 2**32:
        raise argparse.ArgumentTypeError(f"{text!r} is not a version as 1.2.3 or 1.2.3+4")
    return Version(numbers[0], numbers[1], numbers[2], numbers[3])
