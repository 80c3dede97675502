"""The language that a page speaks: English as written, or a catalogue's words for it.

languages: which there are. speaking: the one of the request that is answered now, and `_`, `n_`
and their kin. asked: what a browser asks for. figures: numbers and days as a language writes them.
stored: sentences that the database keeps in English, said in another language when shown. The
catalogues stand in `cloud/locales`; `make words` collects what is to be translated and compiles
them. Outside of a request all is English: what is stored, logged or sent to phones has no language.
"""

from cloud.language.figures import day, number, zone
from cloud.language.languages import ENGLISH, GERMAN, LANGUAGES, Language
from cloud.language.speaking import Phrase, _, conversation, current, mark, n_, p_, switch, told

__all__ = [
    "ENGLISH",
    "GERMAN",
    "LANGUAGES",
    "Language",
    "Phrase",
    "_",
    "conversation",
    "current",
    "day",
    "mark",
    "n_",
    "number",
    "p_",
    "switch",
    "told",
    "zone",
]
