"""docs/firmware-update.md says of every refusal what the code says."""

from pathlib import Path

from shared.firmware.image import MAXIMUM_IMAGE_BYTES
from shared.firmware.refusals import UpdateRefusal

PAGE = (Path(__file__).resolve().parents[3] / "docs/firmware-update.md").read_text("utf-8")


def row(refusal: UpdateRefusal) -> str:
    code = f"rc {refusal.rc}" if refusal.group is None else f"group {refusal.group}, {refusal.rc}"
    return f"| `{refusal.word}` | {code} | {refusal.sentence} |"


def test_every_refusal_stands_in_the_document() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `") and "| rc " in line]
    rows += [line for line in PAGE.splitlines() if "| group 1" in line and line.startswith("| `")]
    assert sorted(rows) == sorted(map(row, UpdateRefusal))


def test_largest_image_stands_in_the_document() -> None:
    assert f"{MAXIMUM_IMAGE_BYTES:,} bytes" in PAGE
