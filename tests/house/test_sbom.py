"""The bill of materials names everything, keeps to CycloneDX, and is the same twice."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scripts.supply import audit
from scripts.supply.files import vendored
from scripts.supply.pins import LOCK, BadLock, read_pins
from scripts.supply.sbom import Commit, bill

COMMIT = Commit("0" * 40, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


@pytest.fixture(scope="module")
def written() -> str:
    return bill(COMMIT)


@pytest.fixture(scope="module")
def parts(written: str) -> dict[str, Any]:
    return {each["bom-ref"]: each for each in json.loads(written)["components"]}


def test_every_pin_stands_in_it_with_all_its_hashes(parts: dict[str, Any]) -> None:
    for pin in read_pins():
        part = parts[pin.name]
        hashes = {each["content"] for each in part["externalReferences"][0]["hashes"]}
        assert (part["version"], hashes) == (pin.version, set(pin.sha256)), pin.name
        assert part["purl"] == f"pkg:pypi/{pin.name}@{pin.version}"


def test_every_file_of_others_stands_in_it_with_its_hash(parts: dict[str, Any]) -> None:
    assert len(vendored()) > 10
    for each in vendored():
        part = parts[each.path]
        assert part["hashes"] == [{"alg": "SHA-256", "content": each.sha256}]
        assert part["version"] == each.version
        assert part["purl"].startswith("pkg:npm/")


def test_every_part_has_its_licence_and_whether_it_ships(parts: dict[str, Any]) -> None:
    assert all(part["licenses"] for part in parts.values())
    scopes = {name: parts[name]["scope"] for name in ("psycopg", "pytest")}
    assert scopes == {"psycopg": "required", "pytest": "excluded"}
    assert parts["tests/cloud/vendor/axe.min.js"]["scope"] == "excluded"


def test_it_says_what_needs_what(written: str) -> None:
    needs = {each["ref"]: each.get("dependsOn", []) for each in json.loads(written)["dependencies"]}
    assert {"fastapi", "kivy", "cwt"} <= set(needs["circlet"])
    assert "starlette" in needs["fastapi"]


def test_two_bills_of_one_commit_are_the_same(written: str) -> None:
    assert bill(COMMIT) == written
    assert json.loads(written)["metadata"]["timestamp"].startswith("2026-01-02T03:04:05")
    assert bill(Commit("1" * 40, COMMIT.at)) != written


def test_a_lock_without_hashes_is_no_lock(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("one==1.0 \\\n    --hash=sha256:" + "a" * 64 + "\n    # via x\ntwo==2.0\n")
    with pytest.raises(BadLock, match=r"two==2\.0"):
        read_pins(lock)


SAID = {
    "clean": {"dependencies": [{"name": "one", "version": "1", "vulns": []}]},
    "skipped": {"dependencies": [{"name": "one", "skip_reason": "not found"}]},
    "faulty": {
        "dependencies": [
            {"name": "two", "skip_reason": "not found"},
            {"name": "one", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]},
        ]
    },
}


@pytest.mark.parametrize(
    ("said", "status", "line"),
    [
        ("clean", 0, "audit: osv judged 1 packages and knows 0 faults of them"),
        ("skipped", 75, "audit: NOT CHECKED: one: not found"),
        ("faulty", 1, "audit: one 1: X-1, mended in 2"),
    ],
)
def test_an_audit_that_skipped_a_package_is_none(said: str, status: int, line: str) -> None:
    got, lines = audit.verdict(SAID[said], "osv")
    assert got == status
    assert line in lines


def test_a_source_is_tried_with_a_package_of_the_lock() -> None:
    line = audit.one_package(LOCK)
    assert line.startswith(f"{audit.PROBE}==")
    assert "--hash=sha256:" in line
