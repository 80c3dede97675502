"""Writes all vectors and their manifest: `python -m scripts.vectors.write --out build/vectors`."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from scripts.vectors import assertions, ledgers, lock_inputs, schedules, statements
from shared.dose.reasons import ReasonCode
from shared.stimulation.catalogue import catalogue
from shared.stimulation.limits import absolute_limits

LOCK_INPUTS = 10_000
SEED = 4


def write_all(out: Path, *, lock_inputs_wanted: int = LOCK_INPUTS, seed: int = SEED) -> None:
    """Write every file, and a manifest that says what they hold."""
    out.mkdir(parents=True, exist_ok=True)
    kinds: dict[str, Iterator[dict[str, Any]]] = {
        "lock": lock_inputs.lines(seed, lock_inputs_wanted),
        "signatures": chain(statements.lines(), assertions.lines()),
        "schedules": schedules.lines(),
        "ledgers": ledgers.lines(),
    }
    files = {name: _write(out / f"{name}.jsonl", lines) for name, lines in kinds.items()}
    manifest = {
        "keys": "every key here is a TEST KEY: anybody can make its private half from its name",
        "seed": seed,
        "catalogue": catalogue().version,
        "limits": absolute_limits().version,
        "files": files,
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def _write(path: Path, lines: Iterable[dict[str, Any]]) -> dict[str, Any]:
    digest, counted, size = hashlib.sha256(), Counter[str](), 0
    with path.open("wb") as file:
        for line in lines:
            data = json.dumps(line, separators=(",", ":")).encode() + b"\n"
            file.write(data)
            digest.update(data)
            size += len(data)
            counted.update(["lines", *_counted(line)])
    return {"sha256": digest.hexdigest(), "bytes": size, "counts": dict(sorted(counted.items()))}


def _counted(line: dict[str, Any]) -> Iterator[str]:
    """Yield what the manifest counts of a line."""
    if "reasons" in line:
        yield "permitted" if line["permitted"] else "locked"
        yield from (each["name"] for each in line["reasons"])
    elif "check" in line:
        yield f"{line['check']} {'accepted' if line['accepted'] else 'refused'}"
        yield line["type"]
    elif "whole" in line:
        yield "whole" if line["whole"] else "not whole"


def report(out: Path) -> Iterator[str]:
    """Yield what was written, for a person."""
    manifest = json.loads((out / "manifest.json").read_text())
    for name, about in manifest["files"].items():
        counts = about["counts"]
        yield f"{name}.jsonl: {counts['lines']} lines, {about['bytes']} bytes"
    counts = manifest["files"]["lock"]["counts"]
    missing = [code.name for code in ReasonCode if code.name not in counts]
    yield f"lock: {counts.get('permitted', 0)} permitted, {counts.get('locked', 0)} locked"
    yield f"reasons without an input: {', '.join(missing) or 'none'}"


def main() -> None:
    """Write them where the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/vectors"))
    parser.add_argument("--lock-inputs", type=int, default=LOCK_INPUTS)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    write_all(options.out, lock_inputs_wanted=options.lock_inputs, seed=options.seed)
    for line in report(options.out):
        print(line)


if __name__ == "__main__":
    main()
