"""What a package may import or call, where a plain import-linter contract can't state it."""

import ast
from pathlib import Path

import grimp
import pytest

TREE = Path(__file__).resolve().parents[2]
OURS = ("shared", "firmware_bridge", "mobile", "cloud")


@pytest.mark.parametrize(
    ("package", "allowed"), [("cloud.desk", {"cloud.clock"}), ("cloud.root_tool", {"shared"})]
)
def test_a_small_tool_imports_nothing_else_of_ours(package: str, allowed: set[str]) -> None:
    graph = grimp.build_graph(*OURS)
    inside = {package} | graph.find_descendants(package)
    imported = set().union(*(graph.find_modules_directly_imported_by(name) for name in inside))
    strangers = {
        name
        for name in imported - inside
        if not any(name == ours or name.startswith(f"{ours}.") for ours in allowed)
    }
    assert strangers == set()


def calls(path: Path) -> set[str]:
    """Functions called by their plain name, and methods with a dot before it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                names.add(name)
            case ast.Call(func=ast.Attribute(attr=name)):
                names.add(f".{name}")
    return names


@pytest.mark.parametrize(
    "path", sorted((TREE / "shared").rglob("*.py")), ids=lambda path: path.stem
)
def test_shared_opens_no_file_and_asks_no_clock(path: Path) -> None:
    assert calls(path) & {"open", "print", "input", ".now", ".utcnow", ".today"} == set()
