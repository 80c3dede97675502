"""The page for patients says what app and letter say, word for word, and invents no figure."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]
PAGE = (TREE / "docs/for-patients.md").read_text("utf-8")
QUOTED = [line.strip()[2:] for line in PAGE.splitlines() if line.strip().startswith("> ")]
NUMBER = "**the emergency number**"
FILLED_IN = re.compile(r"(?:<strong>)?{+ ?(?:emergency|number) ?}+(?:</strong>)?")
IN_TEMPLATE = re.compile(r'_\("([^"]+)"\)|{% trans [^%]*%}(.*?){% endtrans %}')


def said() -> set[str]:
    """Every text of the app, of the pages' templates, and of the questions."""
    app = {
        node.value
        for path in (TREE / "mobile").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    pages = {
        plain or filled
        for path in (TREE / "cloud/web/templates").glob("*.html")
        for plain, filled in IN_TEMPLATE.findall(path.read_text("utf-8"))
    }
    return {FILLED_IN.sub(NUMBER, text) for text in app | pages}


SAID = said()


@pytest.mark.parametrize("quoted", QUOTED)
def test_what_is_quoted_is_said_so(quoted: str) -> None:
    assert [text for text in SAID if quoted in text], quoted


def test_the_whole_emergency_card_is_quoted() -> None:
    letter = (TREE / "cloud/web/templates/code.html").read_text("utf-8")
    card = letter.partition('class="card emergency"')[2].partition("<dl>")[0]
    texts = ["".join(found) for found in IN_TEMPLATE.findall(card)][2:]
    assert len(texts) == 5
    for text in texts:
        assert FILLED_IN.sub(NUMBER, text) in PAGE


def test_it_has_no_figure_of_its_own() -> None:
    own = "\n".join(line for line in PAGE.splitlines() if not line.strip().startswith("> "))
    numbered = re.sub(r"^\d\. ", "", own, flags=re.MULTILINE)
    assert re.findall(r"\d+", numbered) == []
