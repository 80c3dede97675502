"""The language that the app speaks: English as written, or a catalogue's words for it.

languages: which there are, their direction and figures. speaking: the one that is spoken now, and
`_`, `n_` and their kin. numbers: figures as the language writes them. system: the language that
the phone is set to. joining, ordering: Arabic letters as they are drawn. The catalogues stand in
`mobile/locales`; `make words` collects what is to be translated and compiles them.
"""

from mobile.language.languages import ARABIC, ENGLISH, GERMAN, LANGUAGES, Direction, Language
from mobile.language.numbers import Sentence, changed, figures
from mobile.language.speaking import _, current, mark, n_, p_, told, use, use_words
from mobile.language.system import of_system

__all__ = [
    "ARABIC",
    "ENGLISH",
    "GERMAN",
    "LANGUAGES",
    "Direction",
    "Language",
    "Sentence",
    "_",
    "changed",
    "current",
    "figures",
    "mark",
    "n_",
    "of_system",
    "p_",
    "told",
    "use",
    "use_words",
]
