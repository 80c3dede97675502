"""Documents say what the code says: tables made from it, places and tests that exist, links."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.protocol_table import DOCUMENT, STATES, filled
from scripts.refusal_codes import refusal_codes, trust_codes
from shared.wire.operations import TABLE

TREE = Path(__file__).resolve().parents[2]
ARCHITECTURE = TREE / "docs/architecture.md"
RULES = TREE / "docs/safety/rules.md"
BAD_INPUT = TREE / "docs/bad-input.md"
WRITTEN = sorted([TREE / "README.md", *(TREE / "docs").rglob("*.md")])
RULE_ROW = re.compile(r"^\| R(\d+) [^|]*\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|$", re.MULTILINE)
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
FOLDER_ROW = re.compile(r"^\| `((?:shared|firmware_bridge|mobile|cloud)/[\w/]+)` \|", re.MULTILINE)
FILE = re.compile(
    r"`((?:shared|firmware_bridge|mobile|cloud|tests|scripts|docs|requirements)/[\w/.-]+\.\w+)"
)
STANDINGS = {"real", "simple", "partly", "to come"}
LITERAL_CODE = re.compile(r"""Refused\(\s*StatusCode\.\w+,\s*"(\w+)\"""")


def rows() -> list[tuple[str, ...]]:
    return [tuple(cell.strip() for cell in row) for row in RULE_ROW.findall(RULES.read_text())]


def named(cell: int) -> list[str]:
    return sorted({place for row in rows() for place in QUOTED.findall(row[cell])})


def symbols(body: list[ast.stmt], before: str = "") -> Iterator[str]:
    """Names that a module or class defines, those inside classes with a dot."""
    for node in body:
        match node:
            case ast.ClassDef(name=name):
                yield before + name
                yield from symbols(node.body, f"{before}{name}.")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield before + name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield before + name


def test_protocol_document_is_as_the_code_is() -> None:
    document = DOCUMENT.read_text("utf-8")
    assert document == filled(document), "run: .venv/bin/python -m scripts.protocol_table --write"


def test_every_operation_has_its_states_in_words() -> None:
    assert set(STATES) == set(TABLE)


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


def test_every_rule_has_its_row_and_a_known_standing() -> None:
    assert [int(row[0]) for row in rows()] == list(range(1, 32))
    assert {row[1] for row in rows()} <= STANDINGS


def test_every_rule_names_a_place_and_what_stands_names_a_test() -> None:
    assert [row[0] for row in rows() if not QUOTED.findall(row[2])] == []
    untested = [row[0] for row in rows() if row[1] in ("real", "simple") and not row[3]]
    assert untested == []


@pytest.mark.parametrize("place", named(2))
def test_place_of_a_rule_exists(place: str) -> None:
    path, _, symbol = place.partition("::")
    assert (TREE / path).is_file()
    assert not symbol or symbol in set(symbols(ast.parse((TREE / path).read_text()).body))


@pytest.mark.parametrize("test", named(3))
def test_test_of_a_rule_exists(test: str) -> None:
    path, _, name = test.partition("::")
    assert name.rpartition(".")[2].startswith("test_")
    assert name in set(symbols(ast.parse((TREE / path).read_text()).body))


def inputs() -> list[tuple[str, ...]]:
    """The rows of the table of bad input, without its head."""
    return INPUT_ROW.findall(BAD_INPUT.read_text("utf-8"))[1:]


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
