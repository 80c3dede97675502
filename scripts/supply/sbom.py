"""Writes the bill of materials (`make sbom`): CycloneDX 1.6 in JSON, into dist/.

It holds every package of the lock with the hashes that pip is held to, every file of others with
its own, the libraries inside packages, and the licence of each. Two runs over one commit give the
same bytes: its time and its serial number are the commit's.
"""

import argparse
import subprocess
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import (
    ExternalReference,
    ExternalReferenceType,
    HashAlgorithm,
    HashType,
    Property,
    XsUri,
)
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from scripts.supply.files import VendoredFile, vendored
from scripts.supply.licences import Part, files_of_others, inside_wheels, on_android, packages
from scripts.supply.pins import TREE, read_pins
from scripts.supply.shipping import needed_by, product_requirements, shipped


class InvalidBill(ValueError):
    """CycloneDX's own schema refuses what was written."""


@dataclass(frozen=True)
class Commit:
    """What the bill is of.

    Attributes:
        name: the commit's hash in hex.
        at: when it was made.
    """

    name: str
    at: datetime


def head(root: Path = TREE) -> Commit:
    """The commit that the tree stands at."""
    asked = ["git", "log", "-1", "--format=%H %ct"]
    said = subprocess.run(
        asked, cwd=root, check=True, capture_output=True, text=True
    ).stdout.split()
    return Commit(said[0], datetime.fromtimestamp(int(said[1]), UTC))


def bill(commit: Commit) -> str:
    """Return the whole bill as JSON.

    Raises:
        InvalidBill: with the place that the schema refuses.
        scripts.supply.licences.UnknownLicence: a part says no licence.
    """
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, f"circlet/{commit.name}"))
    circlet = product()
    bom.metadata = BomMetaData(component=circlet, timestamp=commit.at, tools=None)
    bom.metadata.tools.components.add(writer())
    by_name = {part.name: package(part) for part in packages()}
    bom.components.update(by_name.values())
    files = zip(vendored(), files_of_others(), strict=True)
    bom.components.update(file_of_others(*both) for both in files)
    bom.components.update(map(library, inside_wheels()))
    bom.components.update(map(android_part, on_android()))
    direct = {name for name in needed_by(product_requirements()) if name in by_name}
    bom.register_dependency(circlet, [by_name[name] for name in sorted(direct)])
    for name, needs in shipped().items():
        bom.register_dependency(by_name[name], [by_name[each] for each in sorted(needs)])
    written: str = JsonV1Dot6(bom).output_as_string(indent=1)
    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(written)
    if problem is not None:
        raise InvalidBill(str(problem))
    return written + "\n"


def product() -> Component:
    """Circlet itself."""
    project = tomllib.loads((TREE / "pyproject.toml").read_text("utf-8"))["project"]
    return Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        bom_ref="circlet",
        licenses=[LicenseExpression(project["license"])],
    )


def writer() -> Component:
    """The library that writes the bill."""
    name = "cyclonedx-python-lib"
    return Component(name=name, version=version(name), type=ComponentType.LIBRARY)


def package(part: Part) -> Component:
    """A package of the lock; the hashes are those of the files that pip may take."""
    (pin,) = [each for each in read_pins() if each.name == part.name]
    address = PackageURL("pypi", name=part.name, version=part.version)
    taken = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(str(address)),
        hashes=[sha256(each) for each in pin.sha256],
        comment="any one of these files",
    )
    return component(part, purl=address, external_references=[taken])


def file_of_others(listed: VendoredFile, part: Part) -> Component:
    """A file of others in the tree, with where it came from."""
    group, _, name = listed.name.rpartition("/")
    return component(
        part,
        type=ComponentType.FILE,
        version=listed.version,
        hashes=[sha256(listed.sha256)],
        purl=PackageURL("npm", group or None, name, listed.version),
        properties=[Property(name="circlet:made", value=listed.made)],
    )


def library(part: Part) -> Component:
    """A shared library inside a package."""
    return component(
        part,
        version=None,
        bom_ref=f"{part.name} in {part.version}",
        properties=[Property(name="circlet:inside", value=part.version)],
    )


def android_part(part: Part) -> Component:
    """What python-for-android builds."""
    return component(
        part,
        bom_ref=f"android {part.name}",
        properties=[Property(name="circlet:for", value="android")],
    )


def component(part: Part, **more: object) -> Component:
    """A part as a component; what doesn't ship is excluded, in CycloneDX's word."""
    said = {
        "type": ComponentType.LIBRARY,
        "name": part.name,
        "version": part.version,
        "bom_ref": part.name,
        "scope": ComponentScope.REQUIRED if part.ships else ComponentScope.EXCLUDED,
        "licenses": [LicenseExpression(part.licence)],
    }
    return Component(**(said | more))  # type: ignore[arg-type]


def sha256(digest: str) -> HashType:
    """A hash in CycloneDX's form."""
    return HashType(alg=HashAlgorithm.SHA_256, content=digest)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="The bill of materials of this commit.")
    parser.add_argument("--out", type=Path, help="dist/circlet-VERSION.cdx.json, unless said")
    out = parser.parse_args().out or TREE / f"dist/circlet-{product().version}.cdx.json"
    written = bill(head())
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(written, "utf-8")
    print(f"{out}: {written.count('bom-ref')} parts of commit {head().name[:12]}")


if __name__ == "__main__":
    main()
