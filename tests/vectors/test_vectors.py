"""The vectors are replayed from their files alone, and the code agrees with every line."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from scripts.vectors import lock_inputs, samples, schedules, statements
from scripts.vectors.ledgers import expected
from scripts.vectors.write import report, write_all
from shared.dose.lock import decide
from shared.dose.reasons import ReasonCode
from shared.stimulation.catalogue import catalogue
from shared.trust import certificates, passkey, sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.passkey import Assertion
from shared.trust.statements import Purpose, Scope
from shared.wire import fields
from tests.cloud.verifier.judging import judge

INPUTS = 600
REFUSED_AT_LEAST = 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run."""
    out = tmp_path_factory.mktemp("vectors")
    write_all(out, lock_inputs_wanted=INPUTS, seed=7)
    return out


def lines(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").open()]


def test_lock_decides_each_input_as_the_file_says(folder: Path) -> None:
    found = lines(folder, "lock")
    assert len(found) == INPUTS
    for line in found:
        said = lock_inputs.verdict(decide(lock_inputs.read(line["case"])))
        assert said == {name: line[name] for name in said}, line["changes"]


def test_every_reason_has_an_input_and_some_are_permitted(folder: Path) -> None:
    found = lines(folder, "lock")
    named = {reason["name"] for line in found for reason in line["reasons"]}
    assert {code.name for code in ReasonCode} - named == set()
    permitted = sum(line["permitted"] for line in found)
    assert INPUTS // 20 < permitted < INPUTS // 2


def outcome(line: dict[str, Any]) -> str | None:
    """The code with which a signed line is refused, from what stands in the line alone."""
    data = bytes.fromhex(line["bytes"])
    try:
        if line["check"] == "assertion":
            _check_assertion(line, data)
        elif line["check"] == "certificate":
            certificates.judge(
                data,
                purpose=Purpose[line["purpose"]],
                clinic_id=bytes.fromhex(line["audience"]),
                root=PublicKey(bytes.fromhex(line["key"])),
                now_s=line["now_s"],
            )
        else:
            kind = next(each for each in statements.kinds() if line["type"] == each.TYPE)
            key = PublicKey(bytes.fromhex(line["key"]))
            sign1.verify(kind, data, audience=bytes.fromhex(line["audience"]), key=key)
    except TrustError as problem:
        return problem.code
    return None


def _check_assertion(line: dict[str, Any], data: bytes) -> None:
    certificate = certificates.judge(
        bytes.fromhex(line["certificate"]),
        purpose=Purpose.STAFF,
        clinic_id=bytes.fromhex(line["clinic"]),
        root=PublicKey(bytes.fromhex(line["clinic_root"])),
        now_s=None,
    )
    assertion = fields.unpack(Assertion, bytes.fromhex(line["assertion"]))
    passkey.verify(line["type"], data, assertion, certificate, Scope[line["scope"]])


def test_signed_bytes_are_accepted_or_refused_with_the_code_that_the_file_says(
    folder: Path,
) -> None:
    for line in lines(folder, "signatures"):
        assert outcome(line) == line["code"], (line["type"], line["what"])
        assert line["accepted"] is (line["code"] is None)


def test_each_signed_type_has_one_accepted_and_five_refused(folder: Path) -> None:
    found = lines(folder, "signatures")
    types = {kind.TYPE for kind in statements.kinds()} | {"circlet/prescription/v1"}
    assert types <= {line["type"] for line in found}
    for type_ in {line["type"] for line in found}:
        of_type = [line for line in found if line["type"] == type_]
        assert any(line["accepted"] for line in of_type)
        refused = {line["bytes"] + line.get("assertion", "") + line["what"] for line in of_type
                   if not line["accepted"]}  # fmt: skip
        assert len(refused) >= REFUSED_AT_LEAST, type_


def test_schedules_are_the_catalogue_s(folder: Path) -> None:
    found = lines(folder, "schedules")
    assert [line["protocol"] for line in found] == [entry.id for entry in catalogue().entries]
    for line, entry in zip(found, catalogue().entries, strict=True):
        assert line == schedules.line(entry)


def test_times_of_a_schedule_follow_from_its_pattern_by_whole_numbers(folder: Path) -> None:
    """By arithmetic of this test's own, from the numbers in the file."""
    for line in lines(folder, "schedules"):
        for part in line["parts"]:
            assert part["first_train_us"] == _times(part["pattern"], 0)
            assert part["last_train_us"] == _times(part["pattern"], part["last_train_begins_us"])
            counts = [each["count"] for each in part["slices_of_a_train"]]
            assert sum(counts) == part["pulses_per_train"]
            assert max(counts) <= 50
        assert line["pulses"] == sum(part["pulses"] for part in line["parts"])


def _times(pattern: dict[str, Any], begin_us: int) -> list[int]:
    bursts, within = pattern["bursts_per_train"], pattern["pulses_per_burst"]
    return [
        begin_us
        + burst * 10**9 // pattern["rate_mhz"]
        + (pulse * 10**9 // pattern["intra_burst_mhz"] if pulse else 0)
        for burst in range(bursts)
        for pulse in range(within)
    ]


def test_ledgers_are_judged_as_the_file_says(folder: Path, tmp_path: Path) -> None:
    found = lines(folder, "ledgers")
    assert {line["whole"] for line in found} == {True, False}
    path = tmp_path / "ledger.cbor"
    for line in found:
        path.write_bytes(bytes.fromhex(line["file"]))
        said = expected(judge(path, PublicKey(bytes.fromhex(line["manufacturer"]))))
        assert said == {name: line[name] for name in said}, line["name"]


def test_manifest_counts_and_hashes_every_file(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    assert "TEST KEY" in manifest["keys"]
    assert {path.stem for path in folder.glob("*.jsonl")} == set(manifest["files"])
    for name, about in manifest["files"].items():
        data = (folder / f"{name}.jsonl").read_bytes()
        assert about["sha256"] == hashlib.sha256(data).hexdigest()
        assert about["counts"]["lines"] == data.count(b"\n")
    assert "reasons without an input: none" in list(report(folder))


def test_same_seed_gives_the_same_files(folder: Path, tmp_path: Path) -> None:
    write_all(tmp_path, lock_inputs_wanted=20, seed=7)
    again = (tmp_path / "lock.jsonl").read_bytes()
    assert (folder / "lock.jsonl").read_bytes().startswith(again)
    for name in ("signatures", "schedules", "ledgers"):
        assert (tmp_path / f"{name}.jsonl").read_bytes() == (folder / f"{name}.jsonl").read_bytes()


@pytest.mark.parametrize("kind", statements.kinds(), ids=lambda kind: str(kind.TYPE))
def test_sample_of_each_type_stands_within_its_limits(kind: type[Any]) -> None:
    made = samples.sample(kind, "seed")
    assert fields.unpack(kind, fields.pack(made)) == made
