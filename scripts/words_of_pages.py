"""Collects every text that the clinic's pages say, as `scripts.words` does for the app.

Texts stand in the templates and in the cloud's code; those of `shared` that pages show are found
by value.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from scripts.words import KEYWORDS, brought_up_to_date, compiled, read, untranslated, written
from shared.dose.reasons import WORDS
from shared.instruments.forms import form
from shared.instruments.screening import screening_rules
from shared.instruments.side_effects import side_effect_rules
from shared.stimulation.catalogue import catalogue
from shared.trust.statements import Scope

TREE = Path(__file__).resolve().parents[1]
LOCALES = TREE / "cloud/locales"
CODES = ("de",)
COURSE = TREE / "cloud/training/course.toml"
COURSE_WORDS = {"title", "text", "source", "prompt", "why"}
TEMPLATE_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
ERRORS = dict.fromkeys(("NotAllowed", "NotFound", "Refused", "SignInNeeded", "TooMany"))
"""Errors whose sentence a page says: English where raised, translated where shown."""
OTHERS = (
    "care",
    "demo_data",
    "ingest",
    "ledger",
    "operations",
    "phones",
    "recall",
    "root_tool",
    "verifier",
)
"""Folders of the cloud whose errors no page says: they are for phones and for the console."""
TEMPLATE_OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}


def template() -> Catalog:
    """Every text that the pages say, each with the files that say it."""
    texts = Catalog(project="Circlet", charset="utf-8")
    others = [(f"{folder}/**.py", "ignore") for folder in OTHERS]
    python = extract_from_dir(
        TREE / "cloud", method_map=[*others, ("**.py", "python")], keywords=KEYWORDS | ERRORS
    )
    pages = extract_from_dir(
        TREE / "cloud",
        method_map=[("web/templates/**.html", "jinja2")],
        options_map={"web/templates/**.html": TEMPLATE_OPTIONS},
        keywords=TEMPLATE_KEYWORDS,
    )
    found = [*python, *pages]
    for name, line, message, comments, context in sorted(found, key=lambda each: each[:2]):
        texts.add(message, None, [(f"cloud/{name}", line)], auto_comments=comments, context=context)
    for name, text in elsewhere():
        texts.add(text, None, [(name, 1)])
    return texts


def elsewhere() -> Iterator[tuple[str, str]]:
    """Each file of `shared` with a text that the pages show of it."""
    for sentence in WORDS.values():
        yield "shared/dose/reasons.py", sentence
    for protocol in catalogue().entries:
        yield "shared/stimulation/catalogue.json", protocol.name
    for path in sorted((TREE / "shared/instruments/forms").glob("*.json")):
        read_form = json.loads(path.read_text("utf-8"))
        bands = [band["name"] for band in read_form.get("score", {}).get("bands", ())]
        for text in (read_form["title"], read_form["wording_label"], *bands):
            yield path.relative_to(TREE).as_posix(), text
    for entry in catalogue().entries:
        yield "shared/stimulation/catalogue.json", entry.provenance_of("frequency_hz")
    for entry in catalogue().entries:
        yield "shared/stimulation/catalogue.json", entry.indication
        yield "shared/stimulation/catalogue.json", entry.home_use_reason
    for scope in Scope:
        yield "shared/trust/statements.py", (scope.name or "").lower().replace("_", " ")
    for question in screening_rules().questions:
        yield "shared/instruments/screening.json", question.short
    for response in form("sleep-mood").item("sleep-quality").answers.responses:
        yield "shared/instruments/forms/sleep-mood.json", response.text
    for text in _texts_of(tomllib.loads(COURSE.read_text("utf-8"))):
        yield COURSE.relative_to(TREE).as_posix(), text
    for effect in side_effect_rules().effects:
        yield "shared/instruments/side_effects.json", effect.text
        if effect.red_flag is not None:
            yield "shared/instruments/side_effects.json", effect.red_flag.sign


def _texts_of(said: object) -> Iterator[str]:
    """Every text of the staff course that a person reads, sources as well."""
    if isinstance(said, dict):
        for name, value in said.items():
            if name in COURSE_WORDS:
                yield value
            yield from _texts_of(value)
    elif isinstance(said, list):
        for each in said:
            yield from _texts_of(each)


def source_of(code: str) -> Path:
    """The catalogue that a translator writes."""
    return LOCALES / code / "LC_MESSAGES/circlet.po"


def compiled_of(code: str) -> Path:
    """The catalogue that the pages read."""
    return source_of(code).with_suffix(".mo")


def main() -> None:
    """Bring every catalogue up to date and say what is still to be translated."""
    texts = template()
    for code in CODES:
        source = source_of(code)
        catalogue = brought_up_to_date(read(code, source), texts)
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_bytes(written(catalogue))
        compiled_of(code).write_bytes(compiled(read(code, source)))
        print(f"{code}: {len(catalogue)} texts of pages, {len(untranslated(catalogue))} missing")


if __name__ == "__main__":
    main()
