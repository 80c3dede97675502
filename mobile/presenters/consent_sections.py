"""What is shared, with whom and why, section by section, and what taking it back stops.

The texts are data: a section's id, and English that is said in the person's language. What a
withdrawal stops, the engine really stops (`mobile.engine.consenting`); a changed text raises
`VERSION`.
"""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import mark

VERSION = 2
TREATMENT, ANSWERS, DETAILS, WRITING = "treatment", "answers", "details", "writing"


@dataclass(frozen=True)
class Section:
    """One thing that is shared. Without a ``needed`` one there's no treatment at home."""

    id: str
    title: str
    what: str
    who: str
    why: str
    withdrawn: str
    needed: bool = False


SECTIONS: tuple[Section, ...] = (
    Section(
        id=TREATMENT,
        title=mark("Your sessions"),
        what=mark(
            "When a session was, how many pulses it had and how strong they were, and why one "
            "stopped or couldn't begin: the band's own record."
        ),
        who=mark("Your treatment team at {clinic}."),
        why=mark("They watch over your treatment, and see when something isn't right."),
        withdrawn=mark(
            "This phone starts no further session, and the band is locked at once, or as soon as "
            "this phone reaches it: nobody could watch over it. Your clinic is told. Only they "
            "can open the band again, also when you say yes later. The record until then stays "
            "in your file."
        ),
        needed=True,
    ),
    Section(
        id=ANSWERS,
        title=mark("Your check-ins"),
        what=mark("Your answers to the weekly check-ins, and the results of the short tasks."),
        who=mark("Your treatment team at {clinic}, and the computer that looks for warnings."),
        why=mark("They see whether it helps, and can act early when it doesn't."),
        withdrawn=mark(
            "New check-ins stay on this phone. What you answer before and after a session is still "
            "told: it's part of the treatment's safety."
        ),
    ),
    Section(
        id=DETAILS,
        title=mark("The detailed log"),
        what=mark(
            "Each session second by second: how the band sat, its warmth and its charge, and which "
            "button was pressed."
        ),
        who=mark("Your treatment team at {clinic}. It's locked with your own key there."),
        why=mark("It helps to find out why a session was broken off."),
        withdrawn=mark("No further log is sent; those on this phone are deleted."),
    ),
    Section(
        id=WRITING,
        title=mark("What you write"),
        what=mark("Thought records, activity plans, your medicine log and notes."),
        who=mark("Your therapist at {clinic}."),
        why=mark("You can talk about it at your next visit."),
        withdrawn=mark(
            "All of it stays on this phone from then on. Messages that you send yourself still go."
        ),
    ),
)


def section_of(section_id: str) -> Section | None:
    """Return the section of an id."""
    return next((each for each in SECTIONS if each.id == section_id), None)
