"""Settings: one list, and a page for each thing that has more than an on and an off."""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import LANGUAGES, _, p_
from mobile.presenters.appearance import Appearance, Contrast
from mobile.presenters.calendar_words import several
from mobile.presenters.page import Block, Choices, Field, PageView, Push, Rows, Tab, Words
from mobile.presenters.pieces import Choice, Row

TEXT, CONTRAST, LANGUAGE, MOTION, CUES, CAREGIVER, PRIVACY, SWITCH = (
    "text", "contrast", "language", "motion", "cues", "caregiver", "privacy", "switch"
)  # fmt: skip
PAGES = (TEXT, CONTRAST, LANGUAGE, MOTION, CUES, CAREGIVER, PRIVACY, SWITCH)
SCAN_TIMES_MS = (0, 1500, 3000, 5000)
"""How long the focus stays at each thing (own figures); 0 leaves it to the keys."""
TEXT_SIZES = (80, 100, 130, 160, 200)
MOVING, STILL = "moving", "still"
SOUND, VIBRATION, SPOKEN = "sound", "vibration", "spoken"
HIDDEN, SHOWN = "hidden", "shown"
NAME_FIELD, NUMBER_FIELD = "caregiver-name", "caregiver-number"


@dataclass(frozen=True)
class SettingsFacts:
    """What is chosen now, and what this device can do of it, in its own words."""

    look: Appearance
    cues: frozenset[str]
    voice_words: str
    cue_words: str
    hidden: bool
    can_hide: bool
    caregiver_name: str
    caregiver_number: str
    caregiver_sees: str
    lock_is_on: bool
    known: frozenset[str]


def settings_page(facts: SettingsFacts) -> PageView:
    """Return the list of everything that can be set."""
    look = (
        Row(_("Text size"), _size(facts.look.text_percent), TEXT),
        Row(_("Contrast"), _contrast(facts.look.contrast), CONTRAST),
        Row(_("Language"), LANGUAGES[facts.look.language].name, LANGUAGE),
        Row(_("Movement"), _("Still") if facts.look.still else _("Calm"), MOTION),
        Row(_("Sounds and voice"), _cues(facts.cues), CUES),
        Row(_("Keys and switches"), _scan(facts.look.scan_ms), SWITCH),
    )
    around = (
        Row(_("Reminders"), _("When, and how quiet"), "reminder-settings"),
        Row(_("App lock"), _("On") if facts.lock_is_on else _("Off"), "app-lock"),
        Row(_("Hidden from others"), _("Yes") if facts.hidden else _("No"), PRIVACY),
        Row(_("Somebody close"), facts.caregiver_name or _("Nobody named"), CAREGIVER),
        Row(_("What is shared"), _("See it, or take it back"), "consents"),
        Row(_("Who looked"), _("At your data, at your clinic"), "who-looked"),
    )
    below = (
        Row(_("Diagnostics"), _("To read out on the telephone"), "diagnostics"),
        Row(_("About this app"), _("Version and licences"), "about"),
        Row(_("Erase this phone"), _("In two steps"), "erase"),
    )
    own = frozenset(PAGES)
    return PageView(
        name="settings",
        title=_("Settings"),
        blocks=(
            Rows(look),
            *_there(around, facts.known | own),
            *_there(below, facts.known | own),
        ),
        foot=(Push(_("Back"), "back"),),
        tab=Tab.HELP,
        help_button=_("Emergency"),
    )


def text_page(facts: SettingsFacts) -> PageView:
    """Return the page with the sizes of text; it shows each size at once."""
    return _one(
        _("Text size"),
        (
            Words(_("The words here show at once how it looks."), soft=True),
            Choices(
                tuple(Choice(str(percent), _size(percent)) for percent in TEXT_SIZES),
                frozenset({str(facts.look.text_percent)}),
                TEXT,
            ),
        ),
    )


def contrast_page(facts: SettingsFacts) -> PageView:
    """Return the page with the three looks."""
    return _one(
        _("Contrast"),
        (
            Choices(
                tuple(Choice(each, _contrast(each)) for each in Contrast),
                frozenset({facts.look.contrast}),
                CONTRAST,
            ),
            Words(
                _("High contrast is black on white with strong lines, for eyes that see little."),
                soft=True,
            ),
        ),
    )


def language_page(facts: SettingsFacts) -> PageView:
    """Return the languages, each by its own name."""
    return _one(
        _("Language"),
        (
            Choices(
                tuple(Choice(code, each.name) for code, each in LANGUAGES.items()),
                frozenset({facts.look.language}),
                LANGUAGE,
            ),
            Words(_("Where a translation is missing, the words stand in English."), soft=True),
        ),
    )


def motion_page(facts: SettingsFacts) -> PageView:
    """Return whether pictures may move."""
    return _one(
        _("Movement"),
        (
            Choices(
                (Choice(MOVING, _("Calm movement")), Choice(STILL, _("Nothing moves"))),
                frozenset({STILL if facts.look.still else MOVING}),
                MOTION,
            ),
            Words(_("The ring of a session counts on in both."), soft=True),
        ),
    )


def cues_page(facts: SettingsFacts) -> PageView:
    """Return which cues the person wants; each can be touched on and off."""
    return _one(
        _("Sounds and voice"),
        (
            Choices(
                (
                    Choice(SOUND, _("Sounds")),
                    Choice(VIBRATION, _("Vibration")),
                    Choice(SPOKEN, _("Spoken words")),
                ),
                facts.cues,
                CUES,
                many=True,
            ),
            Words(
                _(
                    "They tell of a train that is near, of a break, and of the end. Spoken words "
                    "also read each screen to you, and whatever the keyboard comes to. All of it "
                    "stands on the screen, too."
                ),
                soft=True,
            ),
            Words(f"{facts.cue_words} {facts.voice_words}".strip(), soft=True, small=True),
        ),
    )


def switch_page(facts: SettingsFacts) -> PageView:
    """Return whether the focus moves by itself, for who has one switch."""
    return _one(
        _("Keys and switches"),
        (
            Words(
                _(
                    "With keys or two switches: Tab goes on, Enter takes it. With one switch the "
                    "frame goes on by itself, and the switch takes it."
                ),
                soft=True,
            ),
            Choices(
                tuple(Choice(str(each), _scan(each)) for each in SCAN_TIMES_MS),
                frozenset({str(facts.look.scan_ms)}),
                SWITCH,
            ),
            Words(
                _("In a session every other step is STOP. The space key is STOP at once."),
                soft=True,
            ),
        ),
    )


def privacy_page(facts: SettingsFacts) -> PageView:
    """Return whether others see the screen in the task switcher."""
    note = (
        _("A picture of this app then shows nothing, in the list of apps and when it's recorded.")
        if facts.can_hide
        else _("This system can't do that. On a telephone it can.")
    )
    return _one(
        _("Hidden from others"),
        (
            Choices(
                (Choice(HIDDEN, _("Hide it")), Choice(SHOWN, _("Show it as it is"))),
                frozenset({HIDDEN if facts.hidden else SHOWN}),
                PRIVACY,
            ),
            Words(note, soft=True),
        ),
    )


def caregiver_page(facts: SettingsFacts) -> PageView:
    """Return name and number of somebody close."""
    return _one(
        _("Somebody close"),
        (
            Words(
                _(
                    "Whom may one call when you can't yourself? Name and number stand on your "
                    "emergency card. The app doesn't tell this person of it: please tell them "
                    "yourself."
                ),
                soft=True,
            ),
            Field(NAME_FIELD, _("Name"), facts.caregiver_name, limit=60),
            Field(NUMBER_FIELD, _("Telephone number"), facts.caregiver_number, limit=30),
            *_there((Row(_("What they may see"), facts.caregiver_sees, "close-by"),), facts.known),
        ),
    )


def _one(title: str, blocks: tuple[Block, ...]) -> PageView:
    return PageView(
        name="setting",
        title=title,
        blocks=blocks,
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
        place=title,
    )


def _there(rows: tuple[Row, ...], known: frozenset[str]) -> tuple[Rows, ...]:
    there = tuple(row for row in rows if row.action in known)
    return (Rows(there),) if there else ()


def _size(percent: int) -> str:
    words = {
        80: _("Small"),
        100: _("Usual"),
        130: _("Large"),
        160: _("Larger"),
        200: _("Largest"),
    }
    return words.get(percent) or _("{percent} %").format(percent=percent)


def _scan(every_ms: int) -> str:
    return {
        0: _("You press a key"),
        1500: _("One switch, quick"),
        3000: _("One switch, calm"),
        5000: _("One switch, slow"),
    }.get(every_ms) or _("One switch")


def _contrast(contrast: Contrast) -> str:
    return {
        Contrast.LIGHT: _("Light"),
        Contrast.DARK: _("Dark"),
        Contrast.HIGH: _("High contrast"),
    }[contrast]


def _cues(cues: frozenset[str]) -> str:
    words = {SOUND: _("Sounds"), VIBRATION: _("Vibration"), SPOKEN: _("Spoken words")}
    wanted = [word for name, word in words.items() if name in cues]
    return several(wanted) or p_("no cue at all", "None")
