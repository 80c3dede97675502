"""Documents say what the code says: tables made from it, places and tests that exist, links."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from firmware_bridge.link import LinkState
from scripts import role_table
from scripts.protocol_table import DOCUMENT, filled
from scripts.refusal_codes import refusal_codes, trust_codes
from scripts.trace.places import symbols

TREE = Path(__file__).resolve().parents[2]
ARCHITECTURE = TREE / "docs/architecture.md"
BAD_INPUT = TREE / "docs/bad-input.md"
WRITTEN = sorted([TREE / "README.md", *(TREE / "docs").rglob("*.md")])
CODE = ("shared", "firmware_bridge", "mobile", "cloud")
BAD_INPUTS = (
    "wrong number at pairing",
    "unreachable cloud",
    "expired enrolment code",
    "prescription signed by an unknown key",
    "prescription signed at a foreign origin",
    "truncated blob",
    "record with a flipped bit",
    "full disk on the phone",
)
INPUT_ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
QUOTED = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
ANCHOR = re.compile(r"\]\(([^)#\s:]*)#([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
DIAGRAM = re.compile(r"^```mermaid\nsequenceDiagram\n(.*?)^```", re.MULTILINE | re.DOTALL)
FOLDER_ROW = re.compile(r"^\| `((?:shared|firmware_bridge|mobile|cloud)/[\w/]+)` \|", re.MULTILINE)
FILE = re.compile(
    r"`((?:shared|firmware_bridge|mobile|cloud|tests|scripts|docs|requirements)/[\w/.-]+\.\w+)"
)
LITERAL_CODE = re.compile(r"""Refused\(\s*StatusCode\.\w+,\s*"(\w+)\"""")


def test_protocol_document_is_as_the_code_is() -> None:
    document = DOCUMENT.read_text("utf-8")
    assert document == filled(document), "run: .venv/bin/python -m scripts.protocol_table --write"


def test_roles_document_is_as_the_code_is() -> None:
    document = role_table.DOCUMENT.read_text("utf-8")
    wanted = role_table.filled(document)
    assert document == wanted, "run: .venv/bin/python -m scripts.role_table --write"


def test_every_state_of_the_link_has_a_row() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \|", (TREE / "docs/link.md").read_text(), re.MULTILINE)
    assert rows == [state.name for state in LinkState]


def test_every_refusal_of_the_firmware_stands_in_the_document() -> None:
    firmware = TREE / "firmware_bridge/emulator/firmware"
    literal = {
        code for path in firmware.glob("*.py") for code in LITERAL_CODE.findall(path.read_text())
    }
    codes = {each.code for each in refusal_codes()}
    assert len(literal) > 20
    assert literal <= codes
    document = DOCUMENT.read_text("utf-8")
    wanted = codes | {f"trust_{code}" for code in trust_codes()}
    assert {code for code in wanted if f"| `{code}` |" not in document} == set()


def inputs() -> list[tuple[str, ...]]:
    """The rows of the table of bad input, without its head."""
    return INPUT_ROW.findall(BAD_INPUT.read_text("utf-8"))[1:]


@cache
def literals() -> set[str]:
    """Every string that stands in the code, f-strings by their pieces."""
    paths = [path for top in CODE for path in (TREE / top).rglob("*.py")]
    nodes = (node for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    return {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("wanted", BAD_INPUTS)
def test_bad_input_has_its_row(wanted: str) -> None:
    assert [row for row in inputs() if row[0].startswith(wanted)]


@pytest.mark.parametrize("row", inputs(), ids=lambda row: str(row[0]))
def test_bad_input_has_its_error_its_words_and_its_tests(row: tuple[str, ...]) -> None:
    said = literals()
    names = QUOTED.findall(row[1])
    errors, codes = [n for n in names if "::" in n], [n for n in names if "::" not in n]
    words, tests = re.findall(r'"([^"]+)"', row[2]), QUOTED.findall(row[3])
    assert names or "refusal" in row[1]
    assert min(len(words), len(tests)) > 0
    for place in [*errors, *tests]:
        path, _, name = place.partition("::")
        assert name in set(symbols(ast.parse((TREE / path).read_text("utf-8")).body)), place
    assert [code for code in codes if code.removeprefix("trust_") not in said] == []
    assert [each for each in words if not any(each in text for text in said)] == []


def test_architecture_maps_every_folder_of_code() -> None:
    mapped = set(FOLDER_ROW.findall(ARCHITECTURE.read_text("utf-8")))
    found = {
        path.parent.relative_to(TREE).as_posix()
        for top in CODE
        for path in (TREE / top).glob("*/__init__.py")
    }
    assert found - mapped == set()
    assert {folder for folder in mapped if not (TREE / folder).is_dir()} == set()


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(TREE)))
def test_files_named_in_a_document_exist(path: Path) -> None:
    names = set(FILE.findall(path.read_text("utf-8")))
    assert {name for name in names if not (TREE / name).exists()} == set()


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(TREE)))
def test_links_lead_somewhere(path: Path) -> None:
    targets = [link for link in LINK.findall(path.read_text("utf-8")) if "://" not in link]
    assert [link for link in targets if not (path.parent / link).exists()] == []


def anchors(path: Path) -> list[str]:
    """The anchors of a document: those that it names, and those made of its headings' words."""
    text = FENCED.sub("", path.read_text("utf-8"))
    headings = HEADING.findall(text)
    named = re.findall(r'<a id="([^"]+)">', text)
    return named + [re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-") for words in headings]


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(TREE)))
def test_links_into_documents_lead_to_a_heading(path: Path) -> None:
    named = ANCHOR.findall(path.read_text("utf-8"))
    known = {target: set(anchors(path.parent / target if target else path)) for target, _ in named}
    assert [anchor for target, anchor in named if anchor not in known[target]] == []


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(TREE)))
def test_no_semicolon_cuts_a_line_of_a_sequence(path: Path) -> None:
    diagrams = DIAGRAM.findall(path.read_text("utf-8"))
    assert [line for text in diagrams for line in text.splitlines() if ";" in line] == []


def test_no_two_headings_of_the_protocol_share_an_anchor() -> None:
    found = anchors(DOCUMENT)
    assert [anchor for anchor in found if found.count(anchor) > 1] == []
