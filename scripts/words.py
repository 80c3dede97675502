"""Collects every text that the app says, brings the catalogues up to date, and compiles them.

`make words` runs this after a text was added or changed: new texts stand in the catalogues
without a translation then, and those that nobody says any more are gone. The compiled catalogues
are kept in the tree beside their sources, so that a fresh clone speaks every language; a test
holds both to the code.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from mobile.language import LANGUAGES
from scripts.words_elsewhere import elsewhere

TREE = Path(__file__).resolve().parents[1]
LOCALES = TREE / "mobile/locales"
CODES = ("de", "ar")
KEYWORDS = {
    "_": None,
    "n_": (1, 2),
    "p_": ((1, "c"), 2),
    "mark": None,
}


def template() -> Catalog:
    """Every text that the code says, each with the files that say it."""
    texts = Catalog(project="Circlet", charset="utf-8")
    found = extract_from_dir(
        TREE / "mobile",
        method_map=[("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=("Words:",),
        strip_comment_tags=True,
    )
    for name, line, message, comments, context in sorted(found, key=lambda each: each[:2]):
        texts.add(
            message, None, [(f"mobile/{name}", line)], auto_comments=comments, context=context
        )
    for name, text in elsewhere():
        texts.add(text, None, [(name, 1)])
    return texts


def source_of(code: str) -> Path:
    """The catalogue that a translator writes."""
    return LOCALES / code / "LC_MESSAGES/circlet.po"


def compiled_of(code: str) -> Path:
    """The catalogue that the app reads."""
    return source_of(code).with_suffix(".mo")


def read(code: str, source: Path | None = None) -> Catalog:
    """The catalogue as it stands, of the app or of another source; an empty one for none."""
    path = source or source_of(code)
    if not path.exists():
        return Catalog(
            locale=code,
            header_comment=f"# Circlet's words, {LANGUAGES[code].name}.",
            project="Circlet",
            version="1",
            msgid_bugs_address="-",
            last_translator="-",
            language_team="-",
            charset="utf-8",
            fuzzy=False,
        )
    with path.open("rb") as file:
        return read_po(file, locale=code)


def brought_up_to_date(catalogue: Catalog, texts: Catalog) -> Catalog:
    """The catalogue with the texts of now: new ones empty, no guesses, no leftovers."""
    texts.creation_date = catalogue.creation_date
    catalogue.update(texts, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """The catalogue as a translator's file, in the order of the files that say its texts."""
    file = io.BytesIO()
    write_po(file, catalogue, width=100, sort_by_file=True, include_lineno=False)
    return file.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as the app reads it: same bytes for same words, untranslated ones left out."""
    file = io.BytesIO()
    said = read_po(io.BytesIO(written(catalogue)), locale=str(catalogue.locale))
    for each in untranslated(said):
        said.delete(each.id, context=each.context)
    write_mo(file, said)
    return file.getvalue()


def main() -> None:
    """Bring every catalogue up to date and say what is still to be translated."""
    texts = template()
    for code in CODES:
        catalogue = brought_up_to_date(read(code), texts)
        source_of(code).parent.mkdir(parents=True, exist_ok=True)
        source_of(code).write_bytes(written(catalogue))
        compiled_of(code).write_bytes(compiled(read(code)))
        print(f"{code}: {len(catalogue)} texts, {len(untranslated(catalogue))} not translated")


def untranslated(catalogue: Catalog) -> list[Message]:
    """The texts of which a form lacks its translation."""
    return [each for each in catalogue if each.id and not all(forms(each.string))]


def forms(words: str | Sequence[str] | None) -> tuple[str, ...]:
    """The forms of a text, of which most have one and those with a number several."""
    return (words or "",) if isinstance(words, str) or words is None else tuple(words)


if __name__ == "__main__":
    main()
