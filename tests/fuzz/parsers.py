"""All parsers of untrusted bytes; a new one is a line in one of the three lists."""

from __future__ import annotations

from tests.fuzz import people_parsers, trust_parsers, wire_parsers
from tests.fuzz.parser import Parser

PARSERS: dict[str, Parser] = {
    parser.name: parser
    for parser in (*wire_parsers.PARSERS, *trust_parsers.PARSERS, *people_parsers.PARSERS)
}
